import { defined } from '#core/lib/defined';
import type { OutputFormat } from '#core/output/outputFormats';
import type { DeploymentKey } from './deployment';
import type { KickoffId } from './kickoffId';
import type { Trouble } from './trouble';

/** The status of a run in the last response from AMP. A run without a response counts as queued. */
export type Phase =
  | { readonly kind: 'queued' }
  /** `stateText` is the server's status word if this extension doesn't know it. */
  | { readonly kind: 'running'; readonly stateText?: string }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason?: string }
  | { readonly kind: 'stopped' };

/** The progress in the last response that found the run. A finished run may also have earlier values. A flow has no total. */
export interface Progress {
  readonly completed?: number;
  readonly total?: number;
  readonly current?: string;
  readonly agent?: string;
  readonly thought?: string;
  readonly tool?: string;
}

/** The key of a run. Two deployments can have runs with the same kickoff ID. */
export interface KickoffRef {
  readonly deployment: DeploymentKey;
  readonly id: KickoffId;
}

/** A tracked run. Times are milliseconds since the epoch by this machine's clock. */
export interface Kickoff extends KickoffRef {
  readonly label?: string;
  /** Whether this extension started the run. Such a run becomes unread even if its first response is final. */
  readonly isStarted?: boolean;
  /** The first short input, if the inputs are known. It names a run without a label, even if the output has a title. */
  readonly inputLabel?: string;
  /** The run whose state this run of a flow continues. */
  readonly continues?: KickoffId;
  /** Whether AMP counts steps of a flow instead of tasks of a crew. */
  readonly isFlow?: boolean;
  readonly phase: Phase;
  readonly phaseSince: number;
  readonly progress: Progress;
  /** The time of the first response in a row with this phase, completed count, and current task. Ignores responses without the run. */
  readonly progressSince?: number;
  /** Finished tasks by position. Only the store contains their outputs. */
  readonly tasks: readonly FinishedTask[];
  readonly trackedAt: number;
  /** The time of the last response that contained the status or didn't find the run. Undefined before the first such response. */
  readonly checkedAt?: number;
  readonly startedAt?: number;
  /** Whether `startedAt` is only the time of the response that changed the run from queued to running or waiting. */
  readonly isStartObserved?: boolean;
  /** Whether AMP ever found the run with a status other than queued. Then the ID is valid even if AMP no longer finds the run. */
  readonly hasRun?: boolean;
  /** The time of the poll that saw the end. Undefined for an active run, and usually for a run that finished before tracking. */
  readonly finishedAt?: number;
  /** The duration by the server's clock. */
  readonly executionSeconds?: number;
  readonly totalTokens?: number;
  readonly output?: OutputFormat;
  /** The output's title on one line, for example a heading, the first line, or a JSON member such as `title`. */
  readonly title?: string;
  /** Whether the run finished and the user hasn't seen it. Not set if it finished before tracking, unless this extension started it. */
  readonly isUnread?: boolean;
  /** A muted run causes no notifications and opens no documents. */
  readonly isMuted?: boolean;
  /** The `progressSince` of the last wait whose notification a window claimed. Prevents a second claim for that wait. */
  readonly waitNotified?: number;
  readonly removedAt?: number;
  /** The end of `Retry-After`. The run isn't polled earlier. */
  readonly notBefore?: number;
  /** The epoch of the leader whose poll was stored last. */
  readonly epoch?: number;
  /** A problem of this run only. `HostHealth` has the problems of hosts and deployments. */
  readonly trouble?: Trouble;
}

/** The content of a status response, the same for both dialects of the AMP API. */
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
    readonly language?: OutputFormat;
    readonly executionSeconds?: number;
  }[];
  /** Whether `tasks` is the full list. False if `tasks` contains at most the last task. */
  readonly hasAllTasks: boolean;
  readonly output?: { readonly format: OutputFormat };
  readonly title?: string;
  readonly isFlow?: boolean;
  /** The ID of the request that started the run, if this extension sent the request. AMP returns the ID with the last task. */
  readonly requestId?: string;
}

/** The answer for a kickoff ID that AMP doesn't know. */
export const missingAnswer: Answer = { phase: { kind: 'missing' }, progress: {}, tasks: [], hasAllTasks: false };

/** The result of a poll: a status or an unknown ID (`answered`), or a problem (`unanswered`). */
export type Observation =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly body: Uint8Array; readonly retryAfterSeconds?: number }
  /** `body` is the body of a rejection. Only the user reads it, and it is never parsed as a status. */
  | { readonly kind: 'unanswered'; readonly trouble: Trouble; readonly body?: Uint8Array };

export function newKickoff(ref: KickoffRef, now: number): Kickoff {
  return {
    deployment: ref.deployment,
    id: ref.id,
    phase: { kind: 'queued' },
    phaseSince: now,
    progress: {},
    tasks: [],
    trackedAt: now,
  };
}

/** Returns the fields that only the user sets, kept by a move. Unset fields are `undefined`, to clear the restored run's fields. */
export function userFields({ label, isMuted }: Partial<Kickoff>) {
  return { label, isMuted };
}

/** Returns the fields that a start by this extension sets. A run keeps them when the user moves it. */
export function startFields({ isStarted, inputLabel, continues }: Partial<Kickoff>) {
  return defined({ isStarted, inputLabel, continues });
}

/** Whether a run with this phase is finished. Such a phase never changes again. */
export function isSettled({ kind }: Phase): boolean {
  return kind === 'succeeded' || kind === 'failed' || kind === 'stopped';
}

/** Returns the time of the poll that saw the end, or else the end by the server's times. Undefined if both are unknown. */
export function endTime({ finishedAt, startedAt, executionSeconds, checkedAt = 0 }: Kickoff): number | undefined {
  if (finishedAt !== undefined || startedAt === undefined || executionSeconds === undefined) return finishedAt;
  return Math.min(startedAt + executionSeconds * 1_000, checkedAt);
}

export function hasOutput({ output }: Kickoff): boolean {
  return output !== undefined;
}

export function hasBody({ checkedAt, trouble }: Kickoff): boolean {
  return checkedAt !== undefined || trouble?.kind === 'refused';
}

/** A finished task. Positions count from 1. */
export interface FinishedTask {
  readonly position: number;
  /** Empty if the name is unknown. */
  readonly name: string;
  readonly agent?: string;
  readonly executionSeconds?: number;
  readonly hasOutput: boolean;
  readonly language?: OutputFormat;
  /** The hash of the output, which shows whether the output changed or moved. */
  readonly outputHash?: string;
  /** Whether only the count of completed tasks shows this task. Its name is a guess, or empty. */
  readonly isUnseen?: boolean;
  /** The estimated end time. Undefined if no poll saw the task finish. */
  readonly seenAt?: number;
}
