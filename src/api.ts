import type { Event } from 'vscode';

/** What `extensions.getExtension('kickoffs.crewai-kickoffs').activate()` resolves with. No token goes in or out of it. */
export interface KickoffsApi {
  readonly version: 1;
  /** A snapshot of every tracked run, newest first; of a history that is locked none yet: `onDidChangeKickoffs` tells when it is read. */
  readonly kickoffs: readonly KickoffInfo[];
  /** Fires with the runs that changed: with all of them when a deployment came, went or is called otherwise, and with none where others only left the list. */
  readonly onDidChangeKickoffs: Event<readonly KickoffInfo[]>;
  /** The output of a finished run: a text byte for byte, any other JSON value indented by two; undefined while there is none. */
  output(kickoff: KickoffName): Promise<string | undefined>;
  /** The tasks' outputs as they were seen; a task that ended between two polls has none. */
  taskOutputs(kickoff: KickoffName): Promise<readonly { name: string; output?: string }[]>;
}

/** What names a run. */
export interface KickoffName {
  deploymentUrl: string;
  kickoffId: string;
}

/** One tracked run as it was last heard. */
export interface KickoffInfo {
  readonly deploymentUrl: string;
  readonly deploymentLabel: string;
  readonly kickoffId: string;
  readonly label?: string;
  /** More phases may come. */
  readonly phase: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped' | 'missing';
  /** The server's own word, when it is none of the known ones. */
  readonly stateText?: string;
  readonly currentTask?: string;
  readonly completedTasks?: number;
  readonly totalTasks?: number;
  readonly tasks: readonly { name: string; agent?: string; executionSeconds?: number }[];
  readonly reason?: string;
  readonly executionSeconds?: number;
  readonly totalTokens?: number;
  /** Milliseconds since the epoch. */
  readonly trackedAt: number;
  readonly checkedAt?: number;
  readonly finishedAt?: number;
  /** Why the last poll brought no answer, when it did not: the run's phase is still the last one known. */
  readonly trouble?: { kind: string; message: string; retryAt?: number };
}
