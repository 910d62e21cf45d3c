import { isSettled, type Kickoff, type KickoffRef } from '../../core/kickoff';
import type { Change } from '../../core/ports';
import type { TaskSeen } from '../../core/tasks';
import { packedAtOnce, type Packed } from './answers';
import type { Database } from '../database';
import { kickoffColumns, kickoffPlaces, refColumns, taskColumns, taskPlaces } from '../columns';
import { toKickoff, toTask } from './kickoffCodec';
import * as sql from '../statements';
import { storable } from '../text';

/** What one try to update came to: the run as it is stored, or a body to be packed before the next try. */
type Outcome = { readonly kickoff: Kickoff | undefined } | { readonly toPack: Uint8Array };

/** Every run that was not removed, in the order in which they were tracked. */
export function everyKickoff(database: Database): readonly Kickoff[] {
  const tasks = new Map<unknown, TaskSeen[]>();
  for (const row of database.statement(sql.everyTask).all()) {
    const those = tasks.get(row[taskPlaces.kickoff]);
    if (those) those.push(toTask(row));
    else tasks.set(row[taskPlaces.kickoff], [toTask(row)]);
  }
  return database
    .statement(sql.liveKickoffs)
    .all()
    .map((row) => toKickoff(row, tasks.get(row[kickoffPlaces.key]) ?? []));
}

/** Keeps a run that is not known; else gives the known one back, with its history and not removed. */
export function added(database: Database, kickoff: Kickoff): Kickoff {
  const { changes } = database.statement(sql.addKickoff).run({ ...refColumns(kickoff), ...kickoffColumns(kickoff) });
  if (changes === 1) keepTasks(database, kickoff, kickoff.tasks);
  else database.statement(sql.bringBack).run(refColumns(kickoff));
  database.statement(sql.bringBackDeployment).run({ deployment: kickoff.deployment });
  return stored(database, kickoff) ?? kickoff;
}

/** Writes what `change` says of the stored run: body, outputs, tasks and row. */
export function updated(database: Database, ref: KickoffRef, change: (stored: Kickoff) => Change, packed: Packed | undefined): Outcome {
  const before = stored(database, ref);
  if (!before) return { kickoff: undefined };
  const { kickoff: wanted, outputs = [], body } = change(before);
  if (wanted === before) return { kickoff: before };

  const after = endedOnce(before, wanted);
  if (body && !isSettled(before.phase)) {
    const gzip = packedAtOnce(body, packed);
    if (!gzip) return { toPack: body };
    database.statement(after.phase.kind === 'missing' ? sql.firstBody : sql.nextBody).run({ ...refColumns(ref), gzip });
  }
  const known = new Set(before.tasks);
  keepTasks(
    database,
    ref,
    after.tasks.filter((task) => !known.has(task)),
  );
  for (const { position, output } of outputs) {
    database.statement(sql.keepOutput).run({ ...refColumns(ref), position, output: storable(output) });
    database.statement(sql.markOutput).run({ ...refColumns(ref), position });
  }
  database.statement(sql.updateKickoff).run({ ...refColumns(ref), ...kickoffColumns(after) });
  return { kickoff: after };
}

/** An end stands, whatever is said later; the wording of its reason may still change. */
function endedOnce(before: Kickoff, after: Kickoff): Kickoff {
  const isSame = !isSettled(before.phase) || after.phase.kind === before.phase.kind;
  return isSame ? after : { ...after, phase: before.phase, phaseSince: before.phaseSince };
}

/** A run as it is stored, also one that was removed. */
export function stored(database: Database, ref: KickoffRef): Kickoff | undefined {
  const row = database.statement(sql.kickoff).get(refColumns(ref));
  return row && toKickoff(row, database.statement(sql.tasks).all(refColumns(ref)).map(toTask));
}

/** Tasks are kept or changed, never taken away. */
export function keepTasks(database: Database, ref: KickoffRef, tasks: readonly TaskSeen[]): void {
  for (const task of tasks) database.statement(sql.keepTask).run({ ...refColumns(ref), position: task.position, ...taskColumns(task) });
}
