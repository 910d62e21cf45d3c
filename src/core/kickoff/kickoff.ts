import type { Language } from '#core/output/languages';
import type { DeploymentKey } from './deployment';
import type { KickoffId } from './kickoffId';
import type { Trouble } from './trouble';

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
export function newKickoff(ref: KickoffRef, now: number, label?: string): Kickoff {
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

/** Whether the store holds something that a server said of a run: its last answer, or a refusal while there was no answer. */
export function hasBody({ checkedAt, trouble }: Kickoff): boolean {
  return checkedAt !== undefined || trouble?.kind === 'refused';
}

/** A task that has ended; its place in the run counts from 1. */
export interface TaskSeen {
  readonly position: number;
  /** Empty while nobody knows it. */
  readonly name: string;
  readonly agent?: string;
  readonly executionSeconds?: number;
  readonly hasOutput: boolean;
  readonly language?: Language;
  /** What tells its output from another's. */
  readonly outputHash?: string;
  /** It ended between two answers and no answer showed it: its name is at most that of what was under way there. */
  readonly isUnseen?: boolean;
  /** When it was done: halfway between the answer that showed it first and the one before; undefined when nobody watched. */
  readonly seenAt?: number;
}
