import { until, viewTitle, type Stage } from '#test/ui/stage';
import type { Workbench } from '../../support/host/window.mjs';

/** VS Code starts an extension host again by itself, but not a fourth time in five minutes. */
const automaticRestartMs = 20_000;

/** Three windows of one profile, each known by the process of its extension host. */
export class WindowTrio {
  readonly windows: Workbench[] = [];
  readonly #hosts = new Map<Workbench, number>();
  readonly #known = new Set<number>();

  constructor(private readonly stage: Stage) {}

  /** Opens two windows beside that of the stage. */
  async open(): Promise<void> {
    this.windows.push(this.stage.window);
    await this.#register(this.stage.window);
    while (this.windows.length < 3) this.windows.push(await this.#openWindow());
  }

  /** Kills an extension host, and nothing else. */
  kill(pid: number): void {
    process.kill(pid, 'SIGKILL');
  }

  /** A whole window is gone at once, and says no farewell. */
  async killWindow(pid: number): Promise<void> {
    process.kill(pid, 'SIGSTOP');
    await this.#windowWithHost(pid).close();
    process.kill(pid, 'SIGKILL');
  }

  /** Waits until there are three windows with their extensions again; what VS Code does not do by itself is done as its user would. */
  async restore(): Promise<void> {
    for (const [place, window] of this.windows.entries()) {
      if (window.page.isClosed()) this.windows[place] = await this.#openWindow();
      else if (!this.#isAlive(window)) {
        const isBack = await until('VS Code to start another', () => this.#unknownHost(), automaticRestartMs).catch(() => undefined);
        if (!isBack) await window.reload();
        await this.#register(window);
      }
    }
  }

  async #openWindow(): Promise<Workbench> {
    const window = await this.stage.browser.newWindow();
    await window.open({ url: this.stage.server.url });
    await window.command(`View: Show ${viewTitle}`);
    await this.#register(window);
    return window;
  }

  async #register(window: Workbench): Promise<void> {
    const pid = await until('its extension host', () => this.#unknownHost());
    this.#known.add(pid);
    this.#hosts.set(window, pid);
  }

  #isAlive(window: Workbench): boolean {
    return this.stage.server.extensionHostPids().some((pid) => pid === this.#hosts.get(window));
  }

  #unknownHost(): number | undefined {
    return this.stage.server.extensionHostPids().find((pid) => !this.#known.has(pid));
  }

  #windowWithHost(pid: number): Workbench {
    const found = this.windows.find((window) => this.#hosts.get(window) === pid);
    if (!found) throw new Error(`No window has the extension host ${pid}.`);
    return found;
  }
}
