import type { Event } from 'vscode';

/** The result of `extensions.getExtension('kickoffs.crewai-kickoffs').activate()`. Accepts and returns no tokens. */
export interface KickoffsApi {
  readonly version: 1;
  /**
   * A snapshot of all tracked runs, newest first. Empty while the history is locked. `onDidChangeKickoffs` fires when the history is
   * loaded.
   */
  readonly kickoffs: readonly KickoffInfo[];
  /**
   * Fires with the changed runs. After a deployment's label or URL changed, fires with all its runs. If runs were only removed, fires with
   * an empty list.
   */
  readonly onDidChangeKickoffs: Event<readonly KickoffInfo[]>;
  /** Returns the output of a finished run: text unchanged, other JSON indented by two spaces. Returns `undefined` if there is no output. */
  output(kickoff: KickoffName): Promise<string | undefined>;
  /** Returns the outputs of tasks. A task that finished between two polls has no output. */
  taskOutputs(kickoff: KickoffName): Promise<readonly { name: string; output?: string }[]>;
}

/** The identity of a run: the URL of its deployment, and its kickoff ID. */
export interface KickoffName {
  deploymentUrl: string;
  kickoffId: string;
}

/** A tracked run as of its last response. */
export interface KickoffInfo {
  readonly deploymentUrl: string;
  readonly deploymentLabel: string;
  readonly kickoffId: string;
  readonly label?: string;
  /** Later versions may add values. */
  readonly phase: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped' | 'missing';
  /** The server's status, if this extension doesn't know it. */
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
  /** The problem of the last poll. A problem doesn't change `phase`. */
  readonly trouble?: { kind: string; message: string; retryAt?: number };
}
