import type { Deployment } from '#core/kickoff/deployment';
import { Later } from '#core/lib/lazy';
import type { DocumentOpener } from '#vscode/documents/openDocument';
import type { CommandDeps, createCommands } from './commands';
import type { Run } from './guard';

/** The commands, which are loaded when the first of them is called: most windows call none for hours. */
export class LazyCommands {
  readonly #parts = new Later(async (): Promise<ReturnType<typeof createCommands>> =>
    (await import('./commands')).createCommands(this.ground),
  );

  constructor(private readonly ground: CommandDeps) {}

  readonly run: Run = async (name, target, selection) => (await this.#parts.get()).handlers[name](target, selection);

  /** Opens the documents of runs. */
  async opener(): Promise<DocumentOpener> {
    return (await this.#parts.get()).opener;
  }

  async setToken(deployment: Deployment): Promise<void> {
    await (await this.#parts.get()).trackCommands.setToken(deployment);
  }
}
