import vscode = require('vscode');
import type { CommandName } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { Kickoff, TaskSeen } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { numberedTask } from '#present/rows/taskRow';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { documentUri } from '#vscode/documents/documentUri';
import type { DocumentOpener } from '#vscode/documents/openDocument';
import { t } from '#vscode/l10n';
import { askWhere } from '#vscode/prompts/saveDialog';
import { isRow, TaskNode } from '#vscode/tree/nodes';
import type { CommandArguments } from './arguments';

/** A stored output of a run or of one of its tasks. */
interface Output {
  readonly kickoff: Kickoff;
  readonly task?: TaskSeen;
}

/** The commands for the outputs of runs and tasks. */
export class OutputCommands {
  constructor(
    private readonly board: KickoffList,
    private readonly find: CommandArguments,
    private readonly opener: DocumentOpener,
  ) {}

  async open(target: unknown): Promise<void> {
    const output = await this.#output(target, 'openOutput');
    if (output.task) await vscode.commands.executeCommand('vscode.open', uriOf(output));
    else await this.opener.output(output.kickoff);
  }

  async copy(target: unknown): Promise<void> {
    const bytes = await vscode.workspace.fs.readFile(uriOf(await this.#output(target, 'copyOutput')));
    await vscode.env.clipboard.writeText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    vscode.window.setStatusBarMessage(t(commandWords.outputCopied), 3_000);
  }

  /** Saves the bytes of an output's document to a file that the user selects. */
  async save(target: unknown): Promise<void> {
    const source = uriOf(await this.#output(target, 'saveOutput'));
    const name = source.path.slice(source.path.lastIndexOf('/') + 1);
    const file = await askWhere(name);
    if (file) await vscode.workspace.fs.writeFile(file, await vscode.workspace.fs.readFile(source));
  }

  async compareWithPrevious(target: unknown): Promise<void> {
    const output = await this.#output(
      target,
      'compareWithPrevious',
      (kickoff) => hasOutput(kickoff) && this.#previous({ kickoff }) !== undefined,
      commandWords.noPrevious,
    );
    const previous = this.#previous(output);
    if (!previous) throw new UserFacingError(t(output.task ? commandWords.noPreviousTask : commandWords.noPrevious));
    await compare(previous, output);
  }

  async compareSelected(target: unknown, selection: unknown): Promise<void> {
    const selected = this.#selected(target, selection).flatMap((row) => this.#outputOfRow(row) ?? []);
    const outputs = target === undefined && selected.length < 2 ? await this.#twoPicked() : selected;
    const [one, other, ...more] = [...outputs].sort((a, b) => a.kickoff.trackedAt - b.kickoff.trackedAt);
    if (!one || !other || more.length > 0 || !one.task !== !other.task)
      throw new UserFacingError(t(target instanceof TaskNode ? commandWords.selectTwoTasks : commandWords.selectTwo));
    await compare(one, other);
  }

  /** Asks for two runs, because a user can call the command from the Command Palette without selecting rows. */
  async #twoPicked(): Promise<readonly Output[]> {
    if (this.board.kickoffs.filter(hasOutput).length < 2) throw new UserFacingError(t(commandWords.selectTwo));
    const command = 'compareSelected';
    const first = await this.find.kickoff(undefined, { command, suits: hasOutput });
    const suits = (kickoff: Kickoff): boolean => hasOutput(kickoff) && kickoff !== first;
    const second = await this.find.kickoff(undefined, { command, suits, placeholder: commandWords.whichToCompare });
    return [{ kickoff: first }, { kickoff: second }];
  }

  /**
   * Returns the selected rows, even for the menu of a row that isn't selected. VS Code then passes only that row. A program passes its own
   * rows.
   */
  #selected(target: unknown, selection: unknown): readonly unknown[] {
    if (Array.isArray(selection) && selection.length > 1) return selection;
    return target === undefined || isRow(target) ? this.find.selected : [target];
  }

  /**
   * Returns the output of the run that was tracked last before this run, in the same deployment. Skips runs without an output. For a task,
   * returns the output of the task with the same name. A task without a name is identified by its position.
   */
  #previous({ kickoff, task }: Output): Output | undefined {
    const earlier = this.board.kickoffs.filter((one) => one.deployment === kickoff.deployment && one.trackedAt < kickoff.trackedAt);
    if (!task) return earlier.flatMap((one) => (one.output === undefined ? [] : [{ kickoff: one }]))[0];
    const isSame = (one: TaskSeen): boolean =>
      one.hasOutput && (task.name === '' ? one.position === task.position : one.name === task.name);
    return earlier.flatMap((one) => one.tasks.filter(isSame).map((same) => ({ kickoff: one, task: same })))[0];
  }

  #outputOfRow(row: unknown): Output | undefined {
    const kickoff = this.find.runOf(row);
    if (!kickoff) return undefined;
    if (!(row instanceof TaskNode)) return kickoff.output === undefined ? undefined : { kickoff };
    const task = kickoff.tasks.find(({ position, hasOutput }) => hasOutput && position === row.position);
    return task && { kickoff, task };
  }

  async #output(
    target: unknown,
    command: CommandName,
    suits: (kickoff: Kickoff) => boolean = hasOutput,
    none: string = words.noOutput,
  ): Promise<Output> {
    const kickoff = await this.find.kickoff(target, { command, suits, none });
    const output = target instanceof TaskNode ? this.#outputOfRow(target) : { kickoff };
    if (!output || (!output.task && !hasOutput(kickoff))) throw new UserFacingError(t(words.noOutput));
    return output;
  }
}

function hasOutput({ output }: Kickoff): boolean {
  return output !== undefined;
}

function uriOf({ kickoff, task }: Output, kind: 'output' | 'sorted' = 'output'): vscode.Uri {
  return documentUri(kickoff, task ? { task: task.position } : kind);
}

function nameOfOutput({ kickoff, task }: Output): string {
  const run = nameOf(kickoff);
  return plain(task ? t(commandWords.taskOfRun, run, numberedTask(task, t)) : run);
}

/** Shows two outputs side by side, unless they are identical. If both are JSON outputs of runs, sorts the members of the JSON first. */
async function compare(one: Output, other: Output): Promise<void> {
  const isJson = [one, other].every(({ kickoff, task }) => !task && kickoff.output === 'json');
  const [left, right] = [one, other].map((output) => uriOf(output, isJson ? 'sorted' : 'output')) as [vscode.Uri, vscode.Uri];
  const [leftBytes, rightBytes] = [await vscode.workspace.fs.readFile(left), await vscode.workspace.fs.readFile(right)];
  if (Buffer.compare(leftBytes, rightBytes) === 0) {
    void vscode.window.showInformationMessage(t(commandWords.identical));
    return;
  }
  await vscode.commands.executeCommand('vscode.diff', left, right, t(commandWords.compareTitle, nameOfOutput(one), nameOfOutput(other)));
}
