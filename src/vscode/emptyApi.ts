import vscode = require('vscode');
import type { KickoffInfo, KickoffsApi } from '#api';

/** What other extensions get as long as nothing was kept; it stays true when something is. */
export class EmptyApi implements KickoffsApi {
  readonly #changed = new vscode.EventEmitter<readonly KickoffInfo[]>();
  #api: KickoffsApi | undefined;

  readonly version = 1;
  readonly onDidChangeKickoffs = this.#changed.event;

  get kickoffs(): readonly KickoffInfo[] {
    return this.#api?.kickoffs ?? [];
  }

  readonly output: KickoffsApi['output'] = async (named) => this.#api?.output(named);

  readonly taskOutputs: KickoffsApi['taskOutputs'] = async (named) => (await this.#api?.taskOutputs(named)) ?? [];

  /** There is one now. */
  becomes(api: KickoffsApi): void {
    this.#api = api;
    api.onDidChangeKickoffs((changed) => this.#changed.fire(changed));
    // What was read before nobody could hear.
    if (api.kickoffs.length > 0) this.#changed.fire(api.kickoffs);
  }
}
