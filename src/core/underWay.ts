import type { Kickoff } from './kickoff';

/** The task that a run is at; its place follows on all that are done. */
export interface TaskUnderWay {
  readonly position: number;
  readonly name: string;
  readonly agent?: string;
}

/** What a run is at, or was at when it ended; undefined when its server does not say. */
export function taskUnderWay({ progress, tasks }: Pick<Kickoff, 'progress' | 'tasks'>): TaskUnderWay | undefined {
  const { current, completed = 0, agent } = progress;
  if (current === undefined) return undefined;
  return { name: current, position: Math.max(completed, tasks.at(-1)?.position ?? 0) + 1, ...(agent !== undefined && { agent }) };
}

/** What an open run is at; undefined when it is at nothing, or nobody knows. */
export function currentTask(kickoff: Kickoff): TaskUnderWay | undefined {
  const { kind } = kickoff.phase;
  return kind === 'running' || kind === 'waiting' ? taskUnderWay(kickoff) : undefined;
}
