import type { Deployment } from '../core/deployment';
import type { asked, CommandGround } from './asked';
import type { Run } from './guard';

/** The commands, which are loaded when the first of them is called: most windows call none for hours. */
export class LaterCommands {
  #loaded: Promise<ReturnType<typeof asked>> | undefined;

  constructor(private readonly ground: CommandGround) {}

  readonly run: Run = async (name, given, selected) => (await this.#parts()).handlers[name](given, selected);

  async setToken(deployment: Deployment): Promise<void> {
    await (await this.#parts()).adding.setToken(deployment);
  }

  #parts(): Promise<ReturnType<typeof asked>> {
    const loaded = (this.#loaded ??= import('./asked').then((later) => later.asked(this.ground)));
    // Files may be exchanged under a window while the extension is updated: the next call tries again.
    loaded.catch(() => (this.#loaded = undefined));
    return loaded;
  }
}
