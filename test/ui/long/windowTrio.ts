import { until, viewTitle, type Stage } from '#test/ui/stage';
import type { Workbench } from '../../support/host/window.mjs';

/** Time limit for VS Code to restart an extension host. VS Code doesn't restart it a fourth time within five minutes. */
const automaticRestartMs = 20_000;

/** Three windows of one profile, each with the process ID of its extension host. */
export class WindowTrio {
  readonly windows: Workbench[] = [];
  readonly #hosts = new Map<Workbench, number>();
  readonly #known = new Set<number>();

  constructor(private readonly stage: Stage) {}

  /** Opens two windows in addition to the stage's window. */
  async open(): Promise<void> {
    this.windows.push(this.stage.window);
    await this.#register(this.stage.window);
    while (this.windows.length < 3) this.windows.push(await this.#openWindow());
  }

  kill(pid: number): void {
    process.kill(pid, 'SIGKILL');
  }

  /** Kills a window and its extension host without a regular shutdown. */
  async killWindow(pid: number): Promise<void> {
    process.kill(pid, 'SIGSTOP');
    await this.#windowWithHost(pid).page.close();
    process.kill(pid, 'SIGKILL');
  }

  /**
   * Waits until all three windows have a running extension host again. Reopens closed windows, and reloads a window if VS Code doesn't
   * restart its extension host.
   */
  async restore(): Promise<void> {
    for (const [place, window] of this.windows.entries()) {
      if (window.page.isClosed()) this.windows[place] = await this.#openWindow();
      else if (!this.#isAlive(window)) {
        const isBack = await until('VS Code to start another extension host', () => this.#unknownHost(), automaticRestartMs).catch(
          () => undefined,
        );
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
    const pid = await until('a new extension host', () => this.#unknownHost());
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
