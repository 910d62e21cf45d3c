import vscode = require('vscode');
import { statusUrl } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { HistoryFailure, UserFacingError } from '#core/lib/errors';
import { withoutColors } from '#core/output/content';
import { clean, defuse } from '#present/cleanText';
import { diagnostics } from '#present/diagnostics';
import { nameOf } from '#present/names';
import { roundUpToMinute } from '#present/times';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { utcText } from '#vscode/clock';
import { t } from '#vscode/l10n';
import { askForText } from '#vscode/prompts/prompts';
import { askForOptionalToken } from '#vscode/prompts/tokenPrompt';
import { lastStep } from '#vscode/prompts/trackPrompts';
import { DeploymentNode, StartNode } from '#present/outline/nodes';
import type { CommandParts } from './arguments';
import { renameDeployment } from './deploymentCommands';
import { showWithButtons, type Handlers } from './guard';
import { undo } from './removeCommands';
import { isFromKeybinding, memberOf } from './target';
import { storeDeployment } from './track';

declare const __VERSION__: string;

/** Returns the commands that refresh, rename, move, mute, and mark runs, and those that copy IDs, errors, and diagnostics. */
export function kickoffCommands(parts: CommandParts) {
  const { board, targetFinder, tracker } = parts;
  return {
    refresh: async (target, selection) => {
      if (target === undefined) refresh(parts, board.kickoffs);
      else if (target instanceof DeploymentNode) refresh(parts, board.kickoffsOf(target));
      else refresh(parts, await targetFinder.findKickoffs(target, selection, { command: 'refresh' }));
    },
    refreshAll: () => refresh(parts, board.kickoffs),
    rename: (target) => rename(parts, target),
    moveToDeployment: async (target) => {
      const isTarget = ({ phase, checkedAt }: Kickoff): boolean => phase.kind === 'missing' || checkedAt === undefined;
      const options = { command: 'moveToDeployment', isTarget, message: commandWords.noneToMove } as const;
      await moveRun(parts, await targetFinder.findKickoff(target, options));
    },
    mute: async (target, selection) => {
      const isTarget = (one: Kickoff): boolean => !isSettled(one.phase) && !one.isMuted;
      const options = { command: 'mute', isTarget, message: commandWords.noneToMute } as const;
      await tracker.setMuted(await targetFinder.findKickoffs(target, selection, options), true);
    },
    unmute: async (target, selection) => {
      const options = { command: 'unmute', isTarget: (one: Kickoff) => one.isMuted === true, message: commandWords.noneMuted } as const;
      await tracker.setMuted(await targetFinder.findKickoffs(target, selection, options), false);
    },
    markRead: async (target, selection) => {
      const options = { command: 'markRead', isTarget: (one: Kickoff) => one.isUnread === true, message: commandWords.noneUnread } as const;
      await markRead(parts, await targetFinder.findKickoffs(target, selection, options));
    },
    markAllRead: () => markRead(parts, board.kickoffs),
    markDeploymentRead: async (target) =>
      markRead(parts, board.kickoffsOf(await targetFinder.findDeployment(target, { command: 'markDeploymentRead' }))),
    copyId: async (target, selection) => {
      const kickoffs = await targetFinder.findKickoffs(target, selection, { command: 'copyId' });
      const message = kickoffs.length === 1 ? t(commandWords.idCopied) : t(commandWords.idsCopied, kickoffs.length);
      await copyText(kickoffs.map(({ id }) => id).join('\n'), message);
    },
    copyAllIds: async () => {
      // Copies the oldest run first, so that a paste tracks the runs in the same order. A status URL also identifies the deployment.
      const statusUrls = board.kickoffs.toReversed().map(({ deployment, id }) => statusUrl(board.deployment(deployment)?.url ?? '', id));
      await copyText(statusUrls.join('\n'), t(commandWords.statusUrlsCopied, statusUrls.length));
    },
    copyError: async (target) => {
      const isTarget = ({ phase }: Kickoff): boolean => phase.kind === 'failed' && phase.reason !== undefined;
      const { phase } = await targetFinder.findKickoff(target, { command: 'copyError', isTarget, message: commandWords.noneFailed });
      if (phase.kind !== 'failed' || phase.reason === undefined) throw new UserFacingError(t(commandWords.noneFailed));
      await copyText(withoutColors(phase.reason), t(commandWords.errorCopied));
    },
    copyDiagnostics: (target) => copyDiagnostics(parts, target),
  } satisfies Partial<Handlers>;
}

/** Polls runs as soon as `Retry-After` and the network permit. If one is throttled or all must wait, throws an error with the time. */
function refresh({ board, clock, poller, tracker }: CommandParts, kickoffs: readonly Kickoff[]): void {
  if (tracker.isReadOnly) throw new HistoryFailure('newer');
  poller.pollNow(kickoffs);
  const throttledUntil = (one: Kickoff): number | undefined => {
    const trouble = board.troubleOf(one);
    return trouble?.kind === 'throttled' ? trouble.retryAt : undefined;
  };
  const [firstAllowedRun] = kickoffs.toSorted((one, other) => (one.notBefore ?? 0) - (other.notBefore ?? 0));
  const delayedRun = kickoffs.find(throttledUntil) ?? firstAllowedRun;
  const delayedUntil = delayedRun && (throttledUntil(delayedRun) ?? delayedRun.notBefore);
  const now = clock.now();
  if (!delayedRun || delayedUntil === undefined || delayedUntil <= now) return;
  const label = defuse(board.deployment(delayedRun.deployment)?.label ?? '');
  throw new UserFacingError(t(commandWords.throttledRefresh, label, { at: roundUpToMinute(delayedUntil), now }));
}

/** Asks for a new label for a deployment or a run. An empty label restores the run's own name. */
async function rename(parts: CommandParts, target: unknown): Promise<void> {
  const [row] = await parts.targetFinder.findRows(target);
  if ((isFromKeybinding(target) && !row) || row instanceof StartNode) return;
  if (isDeploymentTarget(row)) {
    await renameDeployment(parts, row);
    return;
  }
  const kickoff = await parts.targetFinder.findKickoff(row, { command: 'rename' });
  const label = await askForText({
    title: t(commandWords.renameTitle),
    prompt: t(commandWords.renameKickoffPrompt),
    placeholder: nameOf({ ...kickoff, label: '' }),
    value: kickoff.label ?? '',
    validate: () => undefined,
  });
  await parts.tracker.rename(kickoff, clean(label));
}

/** Whether a command is called with a deployment: its row, its label or URL, or `{ deployment }`. */
function isDeploymentTarget(target: unknown): boolean {
  if (target instanceof DeploymentNode || typeof target === 'string') return true;
  return memberOf(target, 'deployment') !== undefined && memberOf(target, 'kickoffId') === undefined;
}

/** Asks for another deployment, moves the run there, highlights the run, and offers Undo. Asks for the token of a new deployment. */
async function moveRun(parts: CommandParts, kickoff: Kickoff): Promise<void> {
  const { board, tracker, view } = parts;
  const title = t(commandWords.moveTitle);
  const sourceKey = kickoff.deployment;
  const answers = await parts.trackPrompts.askAll(title, { runs: [{ id: kickoff.id }], moveSource: sourceKey });
  const deployment = await storeDeployment(parts, answers);
  if (deployment.key === sourceKey) {
    await view.highlight(kickoff);
    return;
  }
  const wasTrackedThere = board.kickoff({ deployment: deployment.key, id: kickoff.id }) !== undefined;
  const movedRun = await tracker.move(kickoff, deployment.key);
  const moveBack = async (): Promise<void> => {
    if (wasTrackedThere) await undo(parts, [kickoff]);
    else if (board.kickoff(movedRun)) await view.highlight(await tracker.move(movedRun, sourceKey));
    // Meanwhile, the user moved the run again, or removed it.
    else vscode.window.setStatusBarMessage(t(commandWords.nothingToUndo), 3_000);
  };
  void showWithButtons(parts, t(commandWords.runMoved, defuse(nameOf(movedRun)), defuse(deployment.label)), { [t(words.undo)]: moveBack });
  if (!answers.deployment) await askForOptionalToken(deployment, lastStep(title, answers), parts);
  await view.highlight(movedRun);
}

async function markRead({ tracker }: CommandParts, kickoffs: readonly Kickoff[]): Promise<void> {
  const unreadRuns = kickoffs.filter(({ isUnread }) => isUnread);
  if (unreadRuns.length === 0) throw new UserFacingError(t(commandWords.noneUnread));
  await tracker.markRead(unreadRuns);
  vscode.window.setStatusBarMessage(unreadRuns.length === 1 ? t(commandWords.runRead) : t(commandWords.runsRead, unreadRuns.length), 3_000);
}

async function copyText(text: string, message: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(message, 3_000);
}

/** Copies facts about a run for a bug report, without tokens, labels, values of inputs, outputs, or texts from the server. */
async function copyDiagnostics({ board, store, targetFinder, clock, settings }: CommandParts, target: unknown): Promise<void> {
  const kickoff = await targetFinder.findKickoff(target, { command: 'copyDiagnostics' });
  const { appName, appHost, remoteName = 'no remote' } = vscode.env;
  const environment = {
    extensionVersion: __VERSION__,
    editor: `${appName} ${vscode.version} (${appHost}, ${remoteName})`,
    system: `${process.platform} ${process.arch}, Node.js ${process.versions.node}`,
  };
  const text = diagnostics({
    kickoff,
    url: board.deployment(kickoff.deployment)?.url,
    trouble: board.troubleOf(kickoff),
    // Without readable inputs, copies the other facts.
    inputs: await store.inputs(kickoff).catch(() => undefined),
    environment,
    settings: settings.current,
    now: clock.now(),
    timeText: utcText,
  });
  await copyText(text, t(commandWords.diagnosticsCopied));
}
