import type { FullScript, Task } from './runScript';

export interface Moment {
  readonly kind: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped';
  readonly completed: number;
  readonly current?: Task;
  readonly last?: Task;
  /** Seconds of work done so far. */
  readonly worked: number;
}

const ends = { success: 'succeeded', failure: 'failed', stopped: 'stopped', waiting: 'waiting', never: 'running' } as const;

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

function workSeconds({ tasks, endsWith, endsAfter }: FullScript): number {
  const done = endsWith === 'waiting' ? tasks.slice(0, -1) : tasks;
  return endsAfter ?? done.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Returns the tasks after `worked` seconds. The last task counts as done only when the run succeeds. */
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
