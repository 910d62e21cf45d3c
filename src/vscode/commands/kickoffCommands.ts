import vscode = require('vscode');
import type { Deployment } from '#core/kickoff/deployment';
import { statusUrl } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { HistoryFailure, UserFacingError } from '#core/lib/errors';
import { withoutColors } from '#core/output/content';
import { isUnknown } from '#core/starts/attempt';
import { clean, plain } from '#present/cleanText';
import { diagnostics, type HostFacts } from '#present/diagnostics';
import { nameOf } from '#present/names';
import { fullMinute } from '#present/times';
import { commandWords } from '#present/words/commandWords';
import { utcText } from '#vscode/clock';
import { t } from '#vscode/l10n';
import { ask } from '#vscode/prompts/prompts';
import { DeploymentNode, KickoffNode, StartNode } from '#vscode/tree/nodes';
import type { CommandParts } from './commandParts';

declare const __VERSION__: string;

/** The commands for runs, except commands that open, copy, save, or compare documents. */
export class KickoffCommands {
  constructor(private readonly parts: CommandParts) {}

  /** Polls runs as soon as `Retry-After` and the network permit. If they delay polling, a message shows when it resumes. */
  async refresh(target?: unknown, selection?: unknown): Promise<void> {
    const kickoffs = await this.#runsFor(target, selection);
    if (this.parts.tracker.isReadOnly) throw new HistoryFailure('newer');
    this.parts.poller.pollNow(kickoffs);
    const throttledUntil = (one: Kickoff): number | undefined => {
      const trouble = this.parts.board.troubleOf(one);
      return trouble?.kind === 'throttled' ? trouble.retryAt : undefined;
    };
    const [first] = kickoffs.toSorted((one, other) => (one.notBefore ?? 0) - (other.notBefore ?? 0));
    const delayed = kickoffs.find(throttledUntil) ?? first;
    const until = delayed && (throttledUntil(delayed) ?? delayed.notBefore);
    const now = this.parts.clock.now();
    if (!delayed || until === undefined || until <= now) return;
    const label = plain(this.parts.board.deployment(delayed.deployment)?.label ?? '');
    throw new UserFacingError(t(commandWords.throttledRefresh, label, { at: fullMinute(until), now }));
  }

  async copyId(target: unknown, selection: unknown): Promise<void> {
    const kickoffs = await this.parts.find.kickoffs(target, selection, { command: 'copyId' });
    await vscode.env.clipboard.writeText(kickoffs.map(({ id }) => id).join('\n'));
    vscode.window.setStatusBarMessage(kickoffs.length === 1 ? t(commandWords.idCopied) : t(commandWords.idsCopied, kickoffs.length), 3_000);
  }

  /** Copies the error message of a failed run in full, without color codes. */
  async copyError(target: unknown): Promise<void> {
    const kickoff = await this.parts.find.kickoff(target, {
      command: 'copyError',
      suits: (one) => reasonOf(one) !== undefined,
      none: commandWords.noneFailed,
    });
    const reason = reasonOf(kickoff);
    if (reason === undefined) throw new UserFacingError(t(commandWords.noneFailed));
    await vscode.env.clipboard.writeText(withoutColors(reason));
    vscode.window.setStatusBarMessage(t(commandWords.errorCopied), 3_000);
  }

  /** Copies facts about a run for a bug report, without tokens, labels, values of inputs, outputs, or texts from the server. */
  async copyDiagnostics(target: unknown): Promise<void> {
    const { board, store, find, clock, settings } = this.parts;
    const kickoff = await find.kickoff(target, { command: 'copyDiagnostics' });
    const url = board.deployment(kickoff.deployment)?.url;
    const facts = {
      url,
      trouble: board.troubleOf(kickoff),
      // The diagnostics may be about a history that can't be read.
      inputs: await store.inputs(kickoff).catch(() => undefined),
      host: hostFacts(),
      settings: settings.current,
      now: clock.now(),
      timeText: utcText,
    };
    await vscode.env.clipboard.writeText(diagnostics({ kickoff, ...facts }));
    vscode.window.setStatusBarMessage(t(commandWords.diagnosticsCopied), 3_000);
  }

  /** Copies the status URLs of all runs. A status URL identifies both deployment and run, so Track Kickoff needs no other input. */
  /** The oldest run is first, so that the runs have the same order after the text is pasted. */
  async copyAllIds(): Promise<void> {
    const { board } = this.parts;
    const lines = board.kickoffs.toReversed().map(({ deployment, id }) => statusUrl(board.deployment(deployment)?.url ?? '', id));
    await vscode.env.clipboard.writeText(lines.join('\n'));
    vscode.window.setStatusBarMessage(t(commandWords.statusUrlsCopied, lines.length), 3_000);
  }

  async rename(kickoff: Kickoff): Promise<void> {
    const label = await ask({
      title: t(commandWords.renameTitle),
      prompt: t(commandWords.renameKickoffPrompt),
      placeholder: nameOf({ ...kickoff, label: '' }),
      value: kickoff.label ?? '',
      check: () => undefined,
    });
    await this.parts.tracker.rename(kickoff, clean(label));
  }

  /** Also removes starts that AMP didn't confirm, but none whose response is still awaited. */
  async remove(target: unknown, selection: unknown): Promise<void> {
    const { board, clock, find, runRemover } = this.parts;
    const rows: readonly unknown[] = Array.isArray(selection) ? selection : [target];
    const attempts = rows.flatMap((row) => (row instanceof StartNode ? (board.startOf(row.requestId) ?? []) : []));
    const starts = attempts.filter((attempt) => isUnknown(attempt, clock.now()));
    const hasRuns = !(target instanceof StartNode) || rows.some((row) => row instanceof KickoffNode);
    await runRemover.remove([...(hasRuns ? await find.kickoffs(target, selection, { command: 'remove' }) : []), ...starts]);
  }

  async markRead(target: unknown, selection: unknown): Promise<void> {
    const offer = { command: 'markRead', suits: isUnread, none: commandWords.noneUnread } as const;
    await this.#markRead(await this.parts.find.kickoffs(target, selection, offer));
  }

  /** Marks all runs as read, or all runs of one deployment. */
  async markAllRead(deployment?: Deployment): Promise<void> {
    await this.#markRead(deployment ? this.parts.board.kickoffsOf(deployment) : this.parts.board.kickoffs);
  }

  async #markRead(kickoffs: readonly Kickoff[]): Promise<void> {
    const unread = kickoffs.filter(isUnread);
    if (unread.length === 0) throw new UserFacingError(t(commandWords.noneUnread));
    await this.parts.tracker.markRead(unread);
    vscode.window.setStatusBarMessage(unread.length === 1 ? t(commandWords.runRead) : t(commandWords.runsRead, unread.length), 3_000);
  }

  async mute(target: unknown, selection: unknown, isMuted: boolean): Promise<void> {
    const toMute = {
      command: 'mute',
      suits: (one: Kickoff) => !isSettled(one.phase) && !one.isMuted,
      none: commandWords.noneToMute,
    } as const;
    const toUnmute = { command: 'unmute', suits: (one: Kickoff) => one.isMuted === true, none: commandWords.noneMuted } as const;
    await this.parts.tracker.mute(await this.parts.find.kickoffs(target, selection, isMuted ? toMute : toUnmute), isMuted);
  }

  /** Returns all runs without a target, a deployment's runs for its row, or else the selected runs or the run of the target. */
  async #runsFor(target: unknown, selection: unknown): Promise<readonly Kickoff[]> {
    if (target === undefined) return this.parts.board.kickoffs;
    if (target instanceof DeploymentNode) return this.parts.board.kickoffs.filter(({ deployment }) => deployment === target.key);
    return this.parts.find.kickoffs(target, selection, { command: 'refresh' });
  }
}

function hostFacts(): HostFacts {
  const { appName, appHost, remoteName = 'no remote' } = vscode.env;
  return {
    version: __VERSION__,
    editor: `${appName} ${vscode.version} (${appHost}, ${remoteName})`,
    system: `${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
  };
}

function isUnread(kickoff: Kickoff): boolean {
  return kickoff.isUnread === true;
}

function reasonOf({ phase }: Kickoff): string | undefined {
  return phase.kind === 'failed' ? phase.reason : undefined;
}
