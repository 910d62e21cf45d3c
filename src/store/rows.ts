import type { SQLOutputValue } from 'node:sqlite';
import type { Deployment, DeploymentKey, DeploymentUrl } from '../core/deployment';
import type { Kickoff, Phase, Progress } from '../core/kickoff';
import type { KickoffId } from '../core/kickoffId';
import { languages, type Language } from '../core/language';
import type { KnownId } from '../core/secondCopy';
import type { TaskSeen } from '../core/tasks';
import { isTroubleKind, type Trouble } from '../core/trouble';
import { deploymentPlaces, kickoffPlaces, taskPlaces } from './columns';
import { restored } from './text';

/** A row by place instead of by name: thousands of them are read twice as fast. */
export type Row = Readonly<Record<number, SQLOutputValue>>;

/** Dates go no further. */
const latest = 8.64e15;

export function toDeployment(row: Row): Deployment {
  return {
    key: Number(row[deploymentPlaces.key]) as DeploymentKey,
    url: String(row[deploymentPlaces.url]) as DeploymentUrl,
    label: asText(row[deploymentPlaces.label]) ?? '',
  };
}

/** A row of `knownIds`: a run, or a deployment that has none. */
export function toKnownId(row: Row): KnownId {
  const [url, label, id, removedAt] = [row[0], row[1], row[2], row[3]];
  const known = { url: String(url) as DeploymentUrl, label: asText(label) ?? '', isRemoved: typeof removedAt === 'number' };
  return typeof id === 'string' ? { ...known, id: id as KickoffId } : known;
}

/**
 * A field that cannot be read falls back to what is said while nothing is known. The row is never dropped for it,
 * nor for an id that our rules would not mint.
 */
export function toKickoff(row: Row, tasks: readonly TaskSeen[]): Kickoff {
  const trackedAt = asTime(row[kickoffPlaces.tracked_at]) ?? 0;
  const label = asText(row[kickoffPlaces.label]);
  const checkedAt = asTime(row[kickoffPlaces.checked_at]);
  const startedAt = asTime(row[kickoffPlaces.started_at]);
  const progressSince = asTime(row[kickoffPlaces.progress_since]);
  const hasRun = asFlag(row[kickoffPlaces.has_run]);
  const finishedAt = asTime(row[kickoffPlaces.finished_at]);
  const executionSeconds = asNumber(row[kickoffPlaces.execution_seconds]);
  const totalTokens = asNumber(row[kickoffPlaces.total_tokens]);
  const output = toLanguage(row[kickoffPlaces.output]);
  const isUnread = asFlag(row[kickoffPlaces.is_unread]);
  const isMuted = asFlag(row[kickoffPlaces.is_muted]);
  const removedAt = asNumber(row[kickoffPlaces.removed_at]);
  const epoch = asNumber(row[kickoffPlaces.epoch]);
  return {
    deployment: Number(row[kickoffPlaces.deployment]) as DeploymentKey,
    id: String(row[kickoffPlaces.id]) as KickoffId,
    ...(label !== undefined && { label }),
    phase: toPhase(row),
    phaseSince: asTime(row[kickoffPlaces.phase_since]) ?? trackedAt,
    progress: toProgress(row),
    ...(progressSince !== undefined && { progressSince }),
    tasks,
    trackedAt,
    ...(checkedAt !== undefined && { checkedAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(hasRun !== undefined && { hasRun }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(executionSeconds !== undefined && { executionSeconds }),
    ...(totalTokens !== undefined && { totalTokens }),
    ...(output && { output }),
    ...(isUnread !== undefined && { isUnread }),
    ...(isMuted !== undefined && { isMuted }),
    ...(removedAt !== undefined && { removedAt }),
    ...(epoch !== undefined && { epoch }),
    ...toWaiting(row),
  };
}

export function toTask(row: Row): TaskSeen {
  const agent = asText(row[taskPlaces.agent]);
  const executionSeconds = asNumber(row[taskPlaces.execution_seconds]);
  const seenAt = asTime(row[taskPlaces.seen_at]);
  const language = toLanguage(row[taskPlaces.language]);
  const outputMark = asText(row[taskPlaces.output_mark]);
  const isPassed = asFlag(row[taskPlaces.is_passed]);
  return {
    position: Number(row[taskPlaces.position]),
    name: asText(row[taskPlaces.name]) ?? '',
    ...(agent !== undefined && { agent }),
    ...(executionSeconds !== undefined && { executionSeconds }),
    hasOutput: row[taskPlaces.has_output] === 1,
    ...(language && { language }),
    ...(outputMark !== undefined && { outputMark }),
    ...(isPassed !== undefined && { isPassed }),
    ...(seenAt !== undefined && { seenAt }),
  };
}

export function toOutput(row: Row): readonly [position: number, output: string] {
  return [Number(row[0]), asText(row[1]) ?? ''];
}

function toPhase(row: Row): Phase {
  const kind = String(row[kickoffPlaces.phase]);
  switch (kind) {
    case 'running': {
      const stateText = asText(row[kickoffPlaces.state_text]);
      return { kind, ...(stateText !== undefined && { stateText }) };
    }
    case 'failed': {
      const reason = asText(row[kickoffPlaces.reason]);
      return { kind, ...(reason !== undefined && { reason }) };
    }
    case 'waiting':
    case 'missing':
    case 'succeeded':
    case 'stopped':
      return { kind };
    default:
      return { kind: 'queued' };
  }
}

function toProgress(row: Row): Progress {
  const completed = asNumber(row[kickoffPlaces.completed]);
  const total = asNumber(row[kickoffPlaces.total]);
  const current = asText(row[kickoffPlaces.current]);
  const agent = asText(row[kickoffPlaces.agent]);
  const thought = asText(row[kickoffPlaces.thought]);
  const tool = asText(row[kickoffPlaces.tool]);
  return {
    ...(completed !== undefined && { completed }),
    ...(total !== undefined && { total }),
    ...(current !== undefined && { current }),
    ...(agent !== undefined && { agent }),
    ...(thought !== undefined && { thought }),
    ...(tool !== undefined && { tool }),
  };
}

function toWaiting(row: Row): Pick<Kickoff, 'trouble' | 'notBefore'> {
  const [kind, says, retryAt] = [row[kickoffPlaces.trouble], row[kickoffPlaces.trouble_says], row[kickoffPlaces.retry_at]];
  const trouble = troubleFrom({ kind, says, retryAt, since: undefined });
  if (trouble) return { trouble };
  const notBefore = asTime(retryAt);
  return notBefore === undefined ? {} : { notBefore };
}

/** A trouble as its columns tell it; undefined when they tell none. */
export function troubleFrom({
  kind,
  says,
  retryAt,
  since,
}: Readonly<Record<keyof Trouble, SQLOutputValue | undefined>>): Trouble | undefined {
  if (!isTroubleKind(kind)) return undefined;
  const [words, again, began] = [asText(says), asTime(retryAt), asTime(since)];
  return {
    kind,
    ...(words !== undefined && { says: words }),
    ...(again !== undefined && { retryAt: again }),
    ...(began !== undefined && { since: began }),
  };
}

function toLanguage(word: SQLOutputValue | undefined): Language | undefined {
  return languages.find((language) => language === word) ?? (typeof word === 'string' ? 'plain' : undefined);
}

/** A stored text; undefined for anything else. */
export function asText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? restored(value) : undefined;
}

/** A stored number; undefined for anything else. */
export function asNumber(value: SQLOutputValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A stored time; undefined for what no clock shows, as one wrong bit makes it. */
function asTime(value: SQLOutputValue | undefined): number | undefined {
  return typeof value === 'number' && Math.abs(value) <= latest ? value : undefined;
}

function asFlag(value: SQLOutputValue | undefined): boolean | undefined {
  return typeof value === 'number' ? value !== 0 : undefined;
}
