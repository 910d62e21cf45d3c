import * as vscode from 'vscode';
import type { Board } from '../core/board';
import { UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import { plain } from '../present/clean';
import { nameOf } from '../present/naming';
import { words } from '../present/wordsAll';
import type { Arguments } from './arguments';
import { documentUri } from './documentUri';
import { askWhere } from './saveDialog';

const t = vscode.l10n.t;

/** What can be done with outputs, beside opening them. */
export class OutputCommands {
  constructor(
    private readonly board: Board,
    private readonly find: Arguments,
  ) {}

  async copy(given: unknown): Promise<void> {
    const bytes = await vscode.workspace.fs.readFile(documentUri(await this.#withOutput(given), 'output'));
    await vscode.env.clipboard.writeText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    vscode.window.setStatusBarMessage(t(words.outputCopied), 3_000);
  }

  /** Byte for byte, wherever the user says. */
  async save(given: unknown): Promise<void> {
    const source = documentUri(await this.#withOutput(given), 'output');
    const name = source.path.slice(source.path.lastIndexOf('/') + 1);
    const target = await askWhere(name);
    if (target) await vscode.workspace.fs.writeFile(target, await vscode.workspace.fs.readFile(source));
  }

  async compareWithPrevious(given: unknown): Promise<void> {
    const kickoff = await this.#withOutput(given);
    const previous = this.board.kickoffs.find(
      (one) => one.deployment === kickoff.deployment && one.output !== undefined && one.trackedAt < kickoff.trackedAt,
    );
    if (!previous) throw new UserFacingError(t(words.noPrevious));
    await compare(previous, kickoff);
  }

  async compareSelected(given: unknown, selected: unknown): Promise<void> {
    const kickoffs = given === undefined ? this.find.selected : await this.find.kickoffs(given, selected);
    const [one, other, ...more] = kickoffs.filter(({ output }) => output !== undefined).sort((a, b) => a.trackedAt - b.trackedAt);
    if (!one || !other || more.length > 0) throw new UserFacingError(t(words.selectTwo));
    await compare(one, other);
  }

  async #withOutput(given: unknown): Promise<Kickoff> {
    const kickoff = await this.find.kickoff(given, ({ output }) => output !== undefined, words.noOutput);
    if (kickoff.output === undefined) throw new UserFacingError(t(words.noOutput));
    return kickoff;
  }
}

/** JSON is compared with its members in order. */
async function compare(one: Kickoff, other: Kickoff): Promise<void> {
  const kind = one.output === 'json' && other.output === 'json' ? 'sorted' : 'output';
  const title = t(words.compareTitle, plain(nameOf(one)), plain(nameOf(other)));
  await vscode.commands.executeCommand('vscode.diff', documentUri(one, kind), documentUri(other, kind), title);
}
