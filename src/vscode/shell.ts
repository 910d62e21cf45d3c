import vscode = require('vscode');
import type { KickoffsApi } from '#api';
import { commandId, commandNames, section } from '#contributions';
import { Later } from '#core/lib/lazy';
import type { Run } from '#vscode/commands/guard';
import { List } from './list';

/** The extension itself, once it is there. */
export interface Whole {
  readonly api: KickoffsApi;
  readonly run: Run;
  /** Stores what is not stored yet, and closes the history. */
  readonly finish: () => Promise<void>;
}

/** What the editor knows of us from the start, whether there is anything behind it yet or not: the commands' names and the list. */
export class Shell implements vscode.Disposable {
  readonly #list = new List();
  readonly #whole: Later<Whole>;
  readonly #registered: vscode.Disposable;

  constructor(make: (list: List) => Promise<Whole>) {
    this.#whole = new Later(() => make(this.#list));
    this.#registered = vscode.Disposable.from(
      this.#list,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) void this.whole();
      }),
      vscode.window.registerUriHandler({ handleUri: async (uri) => void (await this.whole()).run('track', { isLink: true, uri }) }),
      ...commandNames.map((name) =>
        vscode.commands.registerCommand(commandId(name), async (target?: unknown, selection?: unknown) =>
          (await this.whole()).run(name, target, selection),
        ),
      ),
    );
  }

  whole(): Promise<Whole> {
    return this.#whole.get();
  }

  /** Ends what there is of it. */
  async finish(): Promise<void> {
    await (await this.#whole.asked)?.finish();
  }

  dispose(): void {
    this.#registered.dispose();
  }
}
