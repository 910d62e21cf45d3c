import type { Event } from 'vscode';

/** The API that other extensions get from `activate()`. No member accepts or returns a token. */
export interface KickoffsApi {
  readonly version: 1;
  /** All tracked runs, newest first. Empty until the history is loaded. Loading fires `onDidChangeKickoffs` unless the history is empty. */
  readonly kickoffs: readonly KickoffInfo[];
  /** Fires with new and changed runs, including all runs of a deployment whose label or URL changed. Fires with no runs after a removal. */
  readonly onDidChangeKickoffs: Event<readonly KickoffInfo[]>;
  /** Returns a finished run's output: text unchanged, other JSON indented. `undefined` if the run is unknown, active, or without output. */
  output(kickoff: KickoffName): Promise<string | undefined>;
  /** Returns a run's finished tasks; none for an unknown run. A task that finished between two polls may have no output. */
  taskOutputs(kickoff: KickoffName): Promise<readonly { name: string; output?: string }[]>;
}

/** The identity of a run: the URL of its deployment, and its kickoff ID. */
export interface KickoffName {
  deploymentUrl: string;
  kickoffId: string;
}

/** A snapshot of a tracked run and its last response. */
export interface KickoffInfo {
  readonly deploymentUrl: string;
  readonly deploymentLabel: string;
  readonly kickoffId: string;
  readonly label?: string;
  /** Later versions may add values. */
  readonly phase: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped' | 'missing';
  /** The status that AMP reported for a running run. Set only if this extension doesn't know this status. */
  readonly stateText?: string;
  readonly currentTask?: string;
  readonly completedTasks?: number;
  readonly totalTasks?: number;
  readonly tasks: readonly { name: string; agent?: string; executionSeconds?: number }[];
  readonly reason?: string;
  readonly executionSeconds?: number;
  readonly totalTokens?: number;
  /** Milliseconds since the epoch, like the other times in this file. */
  readonly trackedAt: number;
  readonly checkedAt?: number;
  readonly finishedAt?: number;
  /** The current problem of an active run, its deployment, or its host. A problem doesn't change `phase`. */
  readonly trouble?: { kind: string; message: string; retryAt?: number };
}
