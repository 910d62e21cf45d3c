import vscode = require('vscode');
import type { KickoffInfo, KickoffName, KickoffsApi } from '#api';
import { changedRuns, deploymentAt, type KickoffList } from '#core/history/kickoffList';
import type { Store } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import type { BodyReader } from '#core/kickoff/responseBody';
import { defined } from '#core/lib/defined';
import type { Clock } from '#core/lib/types';
import { troubleText } from '#present/troubleText';
import { t } from './l10n';

/** Converts runs for other extensions. Caches the results, because listeners read thousands of runs after each change. */
export class KickoffInfoCache {
  readonly #entries = new WeakMap<Kickoff, { readonly deployment: Deployment | undefined; readonly info: KickoffInfo }>();

  constructor(
    readonly board: KickoffList,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  get(kickoff: Kickoff): KickoffInfo {
    const deployment = this.board.deployment(kickoff.deployment);
    const entry = this.#entries.get(kickoff);
    const info = entry && entry.deployment === deployment ? entry.info : infoFrom(kickoff, deployment);
    this.#entries.set(kickoff, { deployment, info });
    const trouble = this.board.troubleOf(kickoff);
    if (!trouble) return info;
    const message = troubleText(trouble, this.clock.now(), t);
    return { ...info, trouble: defined({ kind: trouble.kind, message, retryAt: trouble.retryAt }) };
  }
}

/** Returns a run as other extensions see it, but without its problem. An unknown deployment's URL and label are empty. */
function infoFrom(kickoff: Kickoff, deployment: Deployment | undefined): KickoffInfo {
  const { phase, progress } = kickoff;
  return defined({
    deploymentUrl: deployment?.url ?? '',
    deploymentLabel: deployment?.label ?? '',
    kickoffId: kickoff.id,
    label: kickoff.label,
    phase: phase.kind,
    stateText: phase.kind === 'running' ? phase.stateText : undefined,
    currentTask: progress.current,
    completedTasks: progress.completed,
    totalTasks: progress.total,
    tasks: kickoff.tasks.map(({ name, agent, executionSeconds }) => defined({ name, agent, executionSeconds })),
    reason: phase.kind === 'failed' ? phase.reason : undefined,
    executionSeconds: kickoff.executionSeconds,
    totalTokens: kickoff.totalTokens,
    trackedAt: kickoff.trackedAt,
    checkedAt: kickoff.checkedAt,
    finishedAt: kickoff.finishedAt,
  });
}

export function publicApi(infoCache: KickoffInfoCache, store: Pick<Store, 'body' | 'taskOutputs'>, reader: BodyReader): KickoffsApi {
  const { board } = infoCache;
  // VS Code's emitter catches exceptions in listeners of other extensions.
  const changeEmitter = new vscode.EventEmitter<readonly KickoffInfo[]>();
  let hasHadListener = false;
  const findRun = (kickoffName: KickoffName): Kickoff | undefined => {
    const deployment = deploymentAt(board, canonicalUrl(kickoffName.deploymentUrl));
    const id = kickoffId(kickoffName.kickoffId);
    return deployment && id && board.kickoff({ deployment: deployment.key, id });
  };
  board.onDidChange((change) => {
    if (hasHadListener) changeEmitter.fire(changedRuns(board, change).map((one) => infoCache.get(one)));
  });
  return {
    version: 1,
    get kickoffs() {
      return board.kickoffs.map((kickoff) => infoCache.get(kickoff));
    },
    onDidChangeKickoffs: (...args) => {
      hasHadListener = true;
      return changeEmitter.event(...args);
    },
    output: async (kickoffName) => {
      const kickoff = findRun(kickoffName);
      const body = kickoff && isSettled(kickoff.phase) ? await store.body(kickoff) : undefined;
      const bytes = body && (await reader.document(body, 'exactOutput'));
      return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    },
    taskOutputs: async (kickoffName) => {
      const kickoff = findRun(kickoffName);
      if (!kickoff) return [];
      const outputs = await store.taskOutputs(kickoff);
      return kickoff.tasks.map(({ position, name }) => defined({ name, output: outputs.get(position) }));
    },
  };
}
