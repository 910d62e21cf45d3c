import type { SQLOutputValue } from 'node:sqlite';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, Phase, Progress, TaskSeen } from '#core/kickoff/kickoff';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { isTroubleKind, type Trouble } from '#core/kickoff/trouble';
import { outputFormats, type OutputFormat } from '#core/output/outputFormats';

/** A row with its columns by index. Reading thousands of rows by index is twice as fast as by name. */
export type Row = Readonly<Record<number, SQLOutputValue>>;

type State = Omit<Kickoff, 'deployment' | 'id' | 'removedAt'>;

type FieldReader<T> = (value: unknown) => T | undefined;

/** One reader for each field. A field without a reader is a compile error. */
type FieldReaders<T> = { readonly [Key in keyof Required<T>]: FieldReader<Required<T>[Key]> };

type Fields<T> = { -readonly [Key in keyof T]?: T[Key] };

/** The latest time that a `Date` can have. */
const lastTime = 8.64e15;

const text: FieldReader<string> = (value) => (typeof value === 'string' ? value : undefined);
const number: FieldReader<number> = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const time: FieldReader<number> = (value) => (typeof value === 'number' && Math.abs(value) <= lastTime ? value : undefined);
const flag: FieldReader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** Reads an output format. A format that only another version knows becomes plain text. */
const language: FieldReader<OutputFormat> = (value) =>
  outputFormats.find((one) => one === value) ?? (typeof value === 'string' ? 'plain' : undefined);

const phaseKinds: readonly Phase['kind'][] = ['queued', 'running', 'waiting', 'missing', 'succeeded', 'failed', 'stopped'];
const phaseFields = object<{ kind: Phase['kind']; stateText?: string; reason?: string }>({
  kind: (value) => phaseKinds.find((kind) => kind === value),
  stateText: text,
  reason: text,
});
const phase: FieldReader<Phase> = (value) => withKind(phaseFields(value));

const troubleFields = object<Trouble>({
  kind: (value) => (isTroubleKind(value) ? value : undefined),
  detail: text,
  retryAt: time,
  since: time,
  code: text,
  failedAt: time,
});
export const readTrouble: FieldReader<Trouble> = (value) => withKind(troubleFields(value));

const progress: FieldReader<Progress> = object<Progress>({
  completed: number,
  total: number,
  current: text,
  agent: text,
  thought: text,
  tool: text,
});

const taskFields = object<TaskSeen>({
  position: number,
  name: text,
  agent: text,
  executionSeconds: number,
  hasOutput: flag,
  language,
  outputHash: text,
  isUnseen: flag,
  seenAt: time,
});
const tasks: FieldReader<readonly TaskSeen[]> = (value) =>
  Array.isArray(value) ? value.map(toTask).filter((task) => task !== undefined) : undefined;

const stateFields = object<State>({
  label: text,
  isStarted: flag,
  inputLabel: text,
  continues: (value) => (typeof value === 'string' ? kickoffId(value) : undefined),
  isFlow: flag,
  phase,
  phaseSince: time,
  progress,
  progressSince: time,
  tasks,
  trackedAt: time,
  checkedAt: time,
  startedAt: time,
  isStartObserved: flag,
  hasRun: flag,
  finishedAt: time,
  executionSeconds: number,
  totalTokens: number,
  output: language,
  title: text,
  isUnread: flag,
  isMuted: flag,
  waitNotified: number,
  notBefore: time,
  epoch: number,
  trouble: readTrouble,
});

/** Returns the columns of a run. JSON escapes NUL and lone surrogates, which SQLite can't store. */
export function toParameters({ removedAt, ...kickoff }: Kickoff) {
  const { deployment, id, ...state } = kickoff;
  return { deployment, id, phase: kickoff.phase.kind, removedAt: removedAt ?? null, state: JSON.stringify(state) };
}

/** Returns the valid fields in a run's JSON. Undefined if the JSON is damaged. */
export function readState(json: SQLOutputValue | undefined): Fields<State> | undefined {
  try {
    return stateFields(JSON.parse(String(json)));
  } catch {
    return undefined;
  }
}

/** Returns the run in a row. A missing field gets a default value, so that no row is lost because of its content. */
export function toKickoff(row: Row, state: Fields<State> = readState(row[4]) ?? {}): Kickoff {
  const { trackedAt = 0 } = state;
  const removedAt = time(row[3]);
  return {
    deployment: Number(row[0]) as DeploymentKey,
    id: String(row[1]) as KickoffId,
    ...state,
    phase: state.phase ?? phase({ kind: row[2] }) ?? { kind: 'queued' },
    phaseSince: state.phaseSince ?? trackedAt,
    progress: state.progress ?? {},
    tasks: state.tasks ?? [],
    trackedAt,
    ...(removedAt !== undefined && { removedAt }),
  };
}

function toTask(value: unknown, index: number): TaskSeen | undefined {
  const task = taskFields(value);
  if (!task) return undefined;
  task.position ??= index + 1;
  task.name ??= '';
  task.hasOutput ??= false;
  return task as TaskSeen;
}

/** Returns a reader that deletes an object's invalid fields in place, so that unknown fields of a later version survive the next write. */
function object<T>(readers: FieldReaders<T>): FieldReader<Fields<T>> {
  const byName = new Map(Object.entries<FieldReader<unknown>>(readers));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const fields: Record<string, unknown> = value as Record<string, unknown>;
    for (const name in fields) {
      const read = byName.get(name);
      if (!read) continue;
      const valid = read(fields[name]);
      if (valid === undefined) Reflect.deleteProperty(fields, name);
      else if (valid !== fields[name]) fields[name] = valid;
    }
    return fields as Fields<T>;
  };
}

function withKind<T extends { kind: unknown }>(fields: Fields<T> | undefined): T | undefined {
  return fields?.kind === undefined ? undefined : (fields as T);
}
