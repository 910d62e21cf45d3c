import type { Language } from '#core/output/languages';
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

/** The progress of a run. A flow has no total. */
export interface Progress {
  readonly completed?: number;
  readonly total?: number;
  /** The name of the current task or step. */
  readonly current?: string;
  readonly agent?: string;
  /** The agent's last thought and the last tool that it used. */
  readonly thought?: string;
  readonly tool?: string;
}

/** The key of a run. The kickoff ID isn't enough, since two deployments can have runs with the same ID. */
export interface KickoffRef {
  readonly deployment: DeploymentKey;
  readonly id: KickoffId;
}

/** A tracked run. Times are milliseconds since the epoch by this machine's clock. */
export interface Kickoff extends KickoffRef {
  readonly label?: string;
  readonly phase: Phase;
  readonly phaseSince: number;
  readonly progress: Progress;
  /** The time of the first response in a row with the present phase, count of completed tasks, and current task. */
  readonly progressSince?: number;
  /** The finished tasks so far, in the order of their positions. Only the store contains the outputs of tasks. */
  readonly tasks: readonly TaskSeen[];
  readonly trackedAt: number;
  /** The time of the last response that contained the status or didn't find the run. Undefined before the first such response. */
  readonly checkedAt?: number;
  /** The time of the start, as the server sent it or as polls observed it. */
  readonly startedAt?: number;
  /** Whether `startedAt` is only the time of the response that changed the run from queued to running or waiting. */
  readonly isStartObserved?: boolean;
  /**
   * Whether a response ever showed a status other than queued or not found. If so, the kickoff ID is valid even if AMP no longer finds the
   * run.
   */
  readonly hasRun?: boolean;
  /** The time of the poll that saw the end. Undefined for an active run, and for a run that ended before it was tracked. */
  readonly finishedAt?: number;
  /** The duration of a finished run in seconds, by the server's clock. */
  readonly executionSeconds?: number;
  readonly totalTokens?: number;
  /** The language of the output; undefined without an output. */
  readonly output?: Language;
  /** The title of the output, on one line: a heading, the first line, or a JSON member such as `title`. */
  readonly title?: string;
  /** Whether the finished run is unread. A run that finished before tracking is never unread. */
  readonly isUnread?: boolean;
  /** Whether the user muted this run, so that the run causes no notifications and opens no documents. */
  readonly isMuted?: boolean;
  /**
   * The start of the last wait for human input whose notification a window claimed. `waitingSince()` in `noticeRules.ts` returns the start
   * of a wait.
   */
  readonly waitNotified?: number;
  readonly removedAt?: number;
  /** The end of the `Retry-After` time in the last response. The run isn't polled earlier. */
  readonly notBefore?: number;
  /** The epoch of the leader whose poll was stored last. */
  readonly epoch?: number;
  /**
   * The last problem that concerned only this run; undefined after a response with the status. `HostHealth` has the problems of hosts and
   * deployments.
   */
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
    readonly language?: Language;
    readonly executionSeconds?: number;
  }[];
  /** Whether `tasks` is the full list. False if `tasks` contains at most the last task. */
  readonly hasAllTasks: boolean;
  readonly output?: { readonly text: string; readonly language: Language };
  /** The title of the output, on one line. */
  readonly title?: string;
}

/** The content of a response to a kickoff ID that the server doesn't know. */
export const unknownId: Answer = { phase: { kind: 'missing' }, progress: {}, tasks: [], hasAllTasks: false };

/** The result of one poll. */
export type Observation =
  | {
      readonly kind: 'answered';
      readonly answer: Answer;
      readonly body: Uint8Array;
      /** The `Retry-After` of a successful response. */
      readonly retryAfterSeconds?: number;
    }
  /** `body` is the response that rejected the request. The user can read this body. The body is never parsed as a status. */
  | { readonly kind: 'unanswered'; readonly trouble: Trouble; readonly body?: Uint8Array };

/** Returns a run that was just tracked, before its first poll. */
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

/** Whether the run is finished, so that its phase never changes again. */
export function isSettled({ kind }: Phase): boolean {
  return kind === 'succeeded' || kind === 'failed' || kind === 'stopped';
}

/**
 * Returns the end of a finished run: the time of the poll that saw it, or the end by the server's times if the run ended before it was
 * tracked. Undefined if neither is known.
 */
export function endTime({ finishedAt, startedAt, executionSeconds, checkedAt = 0 }: Kickoff): number | undefined {
  if (finishedAt !== undefined || startedAt === undefined || executionSeconds === undefined) return finishedAt;
  return Math.min(startedAt + executionSeconds * 1_000, checkedAt);
}

/** Whether the store may contain a response of a run: the last status, or the last rejection before any status. */
export function hasBody({ checkedAt, trouble }: Kickoff): boolean {
  return checkedAt !== undefined || trouble?.kind === 'refused';
}

/** A finished task. Positions count from 1. */
export interface TaskSeen {
  readonly position: number;
  /** The name; empty while unknown. */
  readonly name: string;
  readonly agent?: string;
  readonly executionSeconds?: number;
  readonly hasOutput: boolean;
  readonly language?: Language;
  /** A hash that identifies the output, so that changed and moved outputs are recognized. */
  readonly outputHash?: string;
  /**
   * Whether only the count of completed tasks shows this task, because no response contained the task. The name is then the current task of
   * the previous response, or empty.
   */
  readonly isUnseen?: boolean;
  /** The estimated end of the task, as `taskEndTime()` in `advance.ts` computes it. Undefined if no poll saw the task finish. */
  readonly seenAt?: number;
}
