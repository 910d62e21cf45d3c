import type { DeploymentKey } from './deployment';
import { ended } from './ended';
import type { KickoffId } from './kickoffId';
import type { Language } from './language';
import { tasksAfter } from './passed';
import { progressSince } from './standstill';
import type { TaskSeen } from './tasks';
import { sameTrouble, type Trouble } from './trouble';

/** What AMP last said about a run. */
export type Phase =
  | { readonly kind: 'queued' }
  /** `stateText` is the server's own word when it is none of the known ones. */
  | { readonly kind: 'running'; readonly stateText?: string }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason?: string }
  | { readonly kind: 'stopped' };

/** How far a run is; a flow has no total. */
export interface Progress {
  readonly completed?: number;
  readonly total?: number;
  /** The name of the task or step under way. */
  readonly current?: string;
  readonly agent?: string;
  /** What the agent last thought, and the tool that it last used. */
  readonly thought?: string;
  readonly tool?: string;
}

/** What names a run: an id alone may exist in two deployments. */
export interface KickoffRef {
  readonly deployment: DeploymentKey;
  readonly id: KickoffId;
}

/** One tracked run. Times are milliseconds since the epoch, of this machine's clock. */
export interface Kickoff extends KickoffRef {
  readonly label?: string;
  readonly phase: Phase;
  readonly phaseSince: number;
  readonly progress: Progress;
  /** Since when the count and the current task are what they are, as far as it was watched. */
  readonly progressSince?: number;
  /** The tasks seen so far, by position; their outputs are in the store. */
  readonly tasks: readonly TaskSeen[];
  readonly trackedAt: number;
  /** When the last answer came; undefined while none did. */
  readonly checkedAt?: number;
  /** When the run started, by the server or by our own polls. */
  readonly startedAt?: number;
  /** Only our polls know `startedAt`: one of them first found the queued run running. */
  readonly isStartObserved?: boolean;
  /** It was once heard to run or to wait: when the server no longer knows it, there was something to know. */
  readonly hasRun?: boolean;
  /** When its end was seen; undefined for a run that ended before it was tracked. */
  readonly finishedAt?: number;
  /** How long it took by the server's own word. */
  readonly executionSeconds?: number;
  readonly totalTokens?: number;
  /** There is an output, and this is its language. */
  readonly output?: Language;
  /** The title of the output, on one line: its heading or its first line. */
  readonly title?: string;
  /** It ended and nobody has looked at it. */
  readonly isUnread?: boolean;
  /** The user muted this run: no notifications. */
  readonly isMuted?: boolean;
  /** The wait for human input that a window claimed the notification of, by its `waitingSince`. */
  readonly waitNotified?: number;
  readonly removedAt?: number;
  /** The server asked, with its last answer, to leave this run in peace until then. */
  readonly notBefore?: number;
  /** Under which holder of the lease it was last heard. */
  readonly epoch?: number;
  /** Why the last poll brought no answer; undefined when it brought one. */
  readonly trouble?: Trouble;
}

/** What a status body says, in either dialect. */
export interface Answer {
  readonly phase: Phase;
  readonly progress: Progress;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly startedAt?: number;
  readonly executionSeconds?: number;
  readonly totalTokens?: number;
  readonly tasks: readonly {
    readonly name?: string;
    readonly agent?: string;
    readonly output?: string;
    readonly language?: Language;
    readonly executionSeconds?: number;
  }[];
  /** True when `tasks` is the whole list; false when it holds the last one alone. */
  readonly hasAllTasks: boolean;
  readonly output?: { readonly text: string; readonly language: Language };
  /** The title of the output, on one line. */
  readonly title?: string;
}

/** What a server says that does not know the id. */
export const unknownId: Answer = { phase: { kind: 'missing' }, progress: {}, tasks: [], hasAllTasks: false };

/** What one poll brought. */
export type Observation =
  | {
      readonly kind: 'answered';
      readonly answer: Answer;
      readonly body: Uint8Array;
      /** The server asks, on a good answer, to wait that long before this run is asked again. */
      readonly retryAfterSeconds?: number;
    }
  /** `body` is what a server said that refused: to be read by the user, never as an answer. */
  | { readonly kind: 'unanswered'; readonly trouble: Trouble; readonly body?: Uint8Array };

/** A run as it is when its id has just been given, before any request. */
export function tracked(ref: KickoffRef, now: number, label?: string): Kickoff {
  return {
    deployment: ref.deployment,
    id: ref.id,
    ...(label !== undefined && { label }),
    phase: { kind: 'queued' },
    phaseSince: now,
    progress: {},
    tasks: [],
    trackedAt: now,
  };
}

/** No further phase will come. */
export function isSettled({ kind }: Phase): boolean {
  return kind === 'succeeded' || kind === 'failed' || kind === 'stopped';
}

/**
 * The whole life of a tracked run, in one place.
 *
 * Returns the same object when nothing changed, so that a caller compares by identity to know whether to store, redraw or notify.
 * A settled run never changes; an unanswered poll never changes the phase. `askedSince` is when it was first asked with a token.
 */
export function advance(kickoff: Kickoff, seen: Observation, now: number, askedSince = kickoff.trackedAt): Kickoff {
  if (isSettled(kickoff.phase)) return kickoff;

  switch (seen.kind) {
    case 'unanswered':
      return sameTrouble(kickoff.trouble, seen.trouble) ? kickoff : { ...kickoff, trouble: seen.trouble };
    case 'answered':
      return { ...answered(kickoff, seen.answer, now, askedSince), ...peace(seen, now) };
  }
}

function answered(kickoff: Kickoff, answer: Answer, now: number, askedSince: number): Kickoff {
  const { trouble: _, notBefore: _until, ...before } = kickoff;
  const heard = { ...before, checkedAt: now };
  if (answer.phase.kind === 'missing') return { ...heard, ...inPhase(kickoff, answer.phase, now) };

  const start = startOf(kickoff, answer, now);
  const { startedAt } = start;
  const next: Kickoff = {
    ...heard,
    ...inPhase(kickoff, answer.phase, now),
    progress: isSettled(answer.phase) ? { ...kickoff.progress, ...answer.progress } : answer.progress,
    ...(!isSettled(answer.phase) && { progressSince: progressSince(kickoff, answer, now) }),
    tasks: tasksAfter(kickoff, answer, doneAt(kickoff, answer, { startedAt, now })),
    ...start,
    ...(answer.phase.kind !== 'queued' && { hasRun: true }),
    ...(answer.executionSeconds !== undefined && { executionSeconds: answer.executionSeconds }),
    ...(answer.totalTokens !== undefined && { totalTokens: answer.totalTokens }),
    ...(answer.output && { output: answer.output.language }),
    ...(answer.title !== undefined && { title: answer.title }),
  };
  return isSettled(next.phase) ? ended(next, { before: kickoff, now, askedSince }) : next;
}

function peace({ retryAfterSeconds = 0 }: Extract<Observation, { kind: 'answered' }>, now: number): Pick<Kickoff, 'notBefore'> {
  return retryAfterSeconds > 0 ? { notBefore: now + retryAfterSeconds * 1_000 } : {};
}

/** When what is over for the first time ended. A list that comes with the end says nothing of that, nor does the first answer. */
function doneAt({ checkedAt }: Kickoff, { phase }: Answer, known: { startedAt: number | undefined; now: number }): number | undefined {
  if (checkedAt === undefined || isSettled(phase)) return undefined;
  return (Math.max(checkedAt, known.startedAt ?? 0) + known.now) / 2;
}

/** The earliest start that the server sent, else when a poll first found the queued run running. */
function startOf({ phase, checkedAt, startedAt, isStartObserved }: Kickoff, answer: Answer, now: number): Start {
  if (answer.startedAt !== undefined) {
    const isFirst = startedAt === undefined || isStartObserved === true;
    const earliest = isFirst ? answer.startedAt : Math.min(startedAt, answer.startedAt);
    return { startedAt: earliest, ...(isStartObserved !== undefined && { isStartObserved: false }) };
  }
  if (startedAt !== undefined) return { startedAt };
  const wasQueued = phase.kind === 'queued' && checkedAt !== undefined;
  const isRunning = answer.phase.kind === 'running' || answer.phase.kind === 'waiting';
  return wasQueued && isRunning ? { startedAt: now, isStartObserved: true } : {};
}

type Start = Pick<Kickoff, 'startedAt' | 'isStartObserved'>;

function inPhase(kickoff: Kickoff, phase: Phase, now: number): Pick<Kickoff, 'phase' | 'phaseSince'> {
  return samePhase(kickoff.phase, phase) ? { phase: kickoff.phase, phaseSince: kickoff.phaseSince } : { phase, phaseSince: now };
}

function samePhase(one: Phase, other: Phase): boolean {
  if (one.kind === 'running' && other.kind === 'running') return one.stateText === other.stateText;
  return one.kind === other.kind;
}
