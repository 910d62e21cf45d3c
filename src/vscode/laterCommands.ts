import type { Deployment } from '../core/deployment';
import { Later } from '../core/later';
import type { asked, CommandGround } from './asked';
import type { Run } from './guard';
import type { Opener } from './opener';

/** The commands, which are loaded when the first of them is called: most windows call none for hours. */
export class LaterCommands {
  readonly #parts = new Later(async (): Promise<ReturnType<typeof asked>> => (await import('./asked')).asked(this.ground));

  constructor(private readonly ground: CommandGround) {}

  readonly run: Run = async (name, given, selected) => (await this.#parts.get()).handlers[name](given, selected);

  /** Opens the documents of runs. */
  async opener(): Promise<Opener> {
    return (await this.#parts.get()).opener;
  }

  async setToken(deployment: Deployment): Promise<void> {
    await (await this.#parts.get()).adding.setToken(deployment);
  }
}
