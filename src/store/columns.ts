import type { SQLInputValue } from 'node:sqlite';
import type { Kickoff, KickoffRef } from '../core/kickoff';
import type { TaskSeen } from '../core/tasks';
import { storable } from './text';

/** Where each column stands in the rows that are read. */
export const deploymentPlaces = { key: 0, url: 1, label: 2 } as const;

export const kickoffPlaces = {
  key: 0,
  deployment: 1,
  id: 2,
  label: 3,
  phase: 4,
  state_text: 5,
  reason: 6,
  phase_since: 7,
  completed: 8,
  total: 9,
  current: 10,
  agent: 11,
  tracked_at: 12,
  checked_at: 13,
  started_at: 14,
  has_run: 15,
  finished_at: 16,
  execution_seconds: 17,
  total_tokens: 18,
  output: 19,
  is_unread: 20,
  removed_at: 21,
  trouble: 22,
  trouble_says: 23,
  retry_at: 24,
  is_muted: 25,
  progress_since: 26,
  thought: 27,
  tool: 28,
  epoch: 29,
  wait_notified: 30,
} as const;

export const taskPlaces = {
  kickoff: 0,
  position: 1,
  name: 2,
  agent: 3,
  execution_seconds: 4,
  has_output: 5,
  seen_at: 6,
  language: 7,
  output_mark: 8,
  is_passed: 9,
} as const;

/** The columns that name a kickoff. */
export function refColumns({ deployment, id }: KickoffRef) {
  return { deployment, id } satisfies Record<string, SQLInputValue>;
}

/** The columns of a kickoff beside those that name it. */
export function kickoffColumns(kickoff: Kickoff) {
  const { phase, progress, trouble } = kickoff;
  return {
    label: text(kickoff.label),
    phase: phase.kind,
    state_text: text(phase.kind === 'running' ? phase.stateText : undefined),
    reason: text(phase.kind === 'failed' ? phase.reason : undefined),
    phase_since: kickoff.phaseSince,
    completed: progress.completed ?? null,
    total: progress.total ?? null,
    current: text(progress.current),
    agent: text(progress.agent),
    thought: text(progress.thought),
    tool: text(progress.tool),
    progress_since: kickoff.progressSince ?? null,
    tracked_at: kickoff.trackedAt,
    checked_at: kickoff.checkedAt ?? null,
    started_at: kickoff.startedAt ?? null,
    has_run: flag(kickoff.hasRun),
    finished_at: kickoff.finishedAt ?? null,
    execution_seconds: kickoff.executionSeconds ?? null,
    total_tokens: kickoff.totalTokens ?? null,
    output: kickoff.output ?? null,
    is_unread: flag(kickoff.isUnread),
    is_muted: flag(kickoff.isMuted),
    wait_notified: kickoff.waitNotified ?? null,
    epoch: kickoff.epoch ?? null,
    removed_at: kickoff.removedAt ?? null,
    trouble: trouble?.kind ?? null,
    trouble_says: text(trouble?.says),
    // A run that is in no trouble waits by the wish of its server alone.
    retry_at: (trouble ? trouble.retryAt : kickoff.notBefore) ?? null,
  } satisfies Record<string, SQLInputValue>;
}

/** The columns of a task beside those that place it; whether there is an output is for the one who stores it to say. */
export function taskColumns(task: TaskSeen) {
  return {
    name: storable(task.name),
    agent: text(task.agent),
    execution_seconds: task.executionSeconds ?? null,
    seen_at: task.seenAt ?? null,
    language: task.language ?? null,
    output_mark: text(task.outputMark),
    is_passed: flag(task.isPassed),
  } satisfies Record<string, SQLInputValue>;
}

function text(value: string | undefined): string | null {
  return value === undefined ? null : storable(value);
}

function flag(value: boolean | undefined): number | null {
  return value === undefined ? null : Number(value);
}
