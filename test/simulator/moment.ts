import type { FullScript, Task } from './runScript';

/** Where a run is at one moment: a pure function of its script and the seconds since its start. */
export interface Moment {
  readonly kind: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped';
  readonly completed: number;
  readonly current?: Task;
  readonly last?: Task;
  /** Seconds of work done; stands still when the run does. */
  readonly worked: number;
}

const ends = { success: 'succeeded', failure: 'failed', stopped: 'stopped', waiting: 'waiting', never: 'running' } as const;

/** The moment of a script that many seconds after the start, when nobody stops it. */
export function momentAt(script: FullScript, elapsed: number): Moment {
  const working = elapsed - (script.queueSeconds ?? 0);
  if (working < 0) return { kind: 'queued', completed: 0, worked: 0 };

  const end = workSeconds(script);
  if (working < end) return { kind: 'running', ...placeAt(script.tasks, working) };

  const kind = ends[script.endsWith ?? 'success'];
  if (kind !== 'succeeded') return { kind, ...placeAt(script.tasks, end) };
  const last = script.tasks.at(-1);
  return { kind, completed: script.tasks.length, ...(last && { last }), worked: end };
}

/** Whether nothing follows any more. */
export function isFinal({ kind }: Moment): boolean {
  return kind === 'succeeded' || kind === 'failed' || kind === 'stopped';
}

function workSeconds({ tasks, endsWith, endsAfter }: FullScript): number {
  const done = endsWith === 'waiting' ? tasks.slice(0, -1) : tasks;
  return endsAfter ?? done.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The last task counts as done only when the run succeeds. */
function placeAt(tasks: readonly Task[], worked: number): Omit<Moment, 'kind'> {
  let completed = 0;
  let sum = 0;
  for (const { seconds } of tasks.slice(0, -1)) {
    sum += seconds;
    if (sum > worked) break;
    completed += 1;
  }
  const current = tasks[completed];
  const last = tasks[completed - 1];
  return { completed, ...(current && { current }), ...(last && { last }), worked };
}
