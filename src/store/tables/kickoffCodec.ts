import type { SQLOutputValue } from 'node:sqlite';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, Phase, Progress, FinishedTask } from '#core/kickoff/kickoff';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { isTroubleKind, type Trouble } from '#core/kickoff/trouble';
import { parseJson } from '#core/lib/json';
import { outputFormats, type OutputFormat } from '#core/output/outputFormats';

/** A row with its columns by index. Reading thousands of rows by index is twice as fast as by name. */
export type DatabaseRow = Readonly<Record<number, SQLOutputValue>>;

type KickoffState = Omit<Kickoff, 'deployment' | 'id' | 'removedAt'>;

type FieldReader<T> = (value: unknown) => T | undefined;

/** One reader for each field. A field without a reader is a compile error. */
type FieldReaders<T> = { readonly [Key in keyof Required<T>]: FieldReader<Required<T>[Key]> };

/** The latest time that a `Date` can have. */
const maxDateMs = 8.64e15;

const readText: FieldReader<string> = (value) => (typeof value === 'string' ? value : undefined);
const readNumber: FieldReader<number> = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const readTime: FieldReader<number> = (value) => (typeof value === 'number' && Math.abs(value) <= maxDateMs ? value : undefined);
const readBoolean: FieldReader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
export const readKickoffId: FieldReader<KickoffId> = (value) => (typeof value === 'string' ? kickoffId(value) : undefined);

/** Reads an output format. A format that only another version knows becomes plain text. */
const readFormat: FieldReader<OutputFormat> = (value) =>
  outputFormats.find((one) => one === value) ?? (typeof value === 'string' ? 'plain' : undefined);

const phaseKinds: readonly Phase['kind'][] = ['queued', 'running', 'waiting', 'missing', 'succeeded', 'failed', 'stopped'];
const readPhaseFields = objectReader<{ kind: Phase['kind']; stateText?: string; reason?: string }>({
  kind: (value) => phaseKinds.find((kind) => kind === value),
  stateText: readText,
  reason: readText,
});
const readPhase: FieldReader<Phase> = (value) => fieldsWithKind(readPhaseFields(value));

const readTroubleFields = objectReader<Trouble>({
  kind: (value) => (isTroubleKind(value) ? value : undefined),
  detail: readText,
  retryAt: readTime,
  since: readTime,
  code: readText,
  failedAt: readTime,
});
export const readTrouble: FieldReader<Trouble> = (value) => fieldsWithKind(readTroubleFields(value));

const readProgress: FieldReader<Progress> = objectReader<Progress>({
  completed: readNumber,
  total: readNumber,
  current: readText,
  agent: readText,
  thought: readText,
  tool: readText,
});

const readTaskFields = objectReader<FinishedTask>({
  position: readNumber,
  name: readText,
  agent: readText,
  executionSeconds: readNumber,
  hasOutput: readBoolean,
  language: readFormat,
  outputHash: readText,
  isUnseen: readBoolean,
  seenAt: readTime,
});
const readTasks: FieldReader<readonly FinishedTask[]> = (value) => (Array.isArray(value) ? value.flatMap(toTasks) : undefined);

const readStateFields = objectReader<KickoffState>({
  label: readText,
  isStarted: readBoolean,
  inputLabel: readText,
  continues: readKickoffId,
  isFlow: readBoolean,
  phase: readPhase,
  phaseSince: readTime,
  progress: readProgress,
  progressSince: readTime,
  tasks: readTasks,
  trackedAt: readTime,
  checkedAt: readTime,
  startedAt: readTime,
  isStartObserved: readBoolean,
  hasRun: readBoolean,
  finishedAt: readTime,
  executionSeconds: readNumber,
  totalTokens: readNumber,
  output: readFormat,
  title: readText,
  isUnread: readBoolean,
  isMuted: readBoolean,
  waitNotified: readNumber,
  notBefore: readTime,
  epoch: readNumber,
  trouble: readTrouble,
});

/** Returns a run as parameters of a statement. JSON escapes NUL and lone surrogates, which SQLite can't store. */
export function toKickoffParameters({ deployment, id, removedAt, ...state }: Kickoff) {
  return { deployment, id, phase: state.phase.kind, removedAt: removedAt ?? null, state: JSON.stringify(state) };
}

/** Returns the valid fields in a run's JSON. Undefined if the JSON is damaged. */
export function readState(json: SQLOutputValue | undefined): Partial<KickoffState> | undefined {
  return readStateFields(parseJson(String(json)));
}

/** Returns the run in a row. A missing field gets a default value, so that no row is lost because of its content. */
export function toKickoff(row: DatabaseRow, state: Partial<KickoffState> = readState(row[4]) ?? {}): Kickoff {
  const { trackedAt = 0 } = state;
  const removedAt = readTime(row[3]);
  return {
    deployment: Number(row[0]) as DeploymentKey,
    id: String(row[1]) as KickoffId,
    ...state,
    phase: state.phase ?? readPhase({ kind: row[2] }) ?? { kind: 'queued' },
    phaseSince: state.phaseSince ?? trackedAt,
    progress: state.progress ?? {},
    tasks: state.tasks ?? [],
    trackedAt,
    ...(removedAt !== undefined && { removedAt }),
  };
}

function toTasks(value: unknown, index: number): readonly FinishedTask[] {
  const task = readTaskFields(value);
  return task ? [{ ...task, position: task.position ?? index + 1, name: task.name ?? '', hasOutput: task.hasOutput ?? false }] : [];
}

/** Returns a reader that deletes an object's invalid fields in place. Unknown fields stay, because a later version may need them. */
function objectReader<T>(readers: FieldReaders<T>): FieldReader<Partial<T>> {
  const readersByName = new Map(Object.entries<FieldReader<unknown>>(readers));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const fields: Record<string, unknown> = value as Record<string, unknown>;
    for (const name in fields) {
      const reader = readersByName.get(name);
      if (!reader) continue;
      const validValue = reader(fields[name]);
      if (validValue === undefined) Reflect.deleteProperty(fields, name);
      else if (validValue !== fields[name]) fields[name] = validValue;
    }
    return fields as Partial<T>;
  };
}

function fieldsWithKind<T extends { kind: unknown }>(fields: Partial<T> | undefined): T | undefined {
  return fields?.kind === undefined ? undefined : (fields as T);
}
