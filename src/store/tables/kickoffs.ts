import type { ChangeRun } from '#core/history/store';
import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { defined } from '#core/lib/defined';
import { startedKickoff, type Inputs, type StartAttempt } from '#core/starts/attempt';
import { refParameters, type OpenDatabase } from '#store/connection';
import * as sql from '#store/statements';
import { saveOutputs, compressNow, type CompressedBody } from './answers';
import { toKickoff, toKickoffParameters } from './kickoffCodec';
import { loadLease } from './lease';
import { addInputs, moveAttemptToRun } from './starts';

export function findKickoff(database: OpenDatabase, ref: KickoffRef): Kickoff | undefined {
  const row = database.statement(sql.selectKickoff).get(refParameters(ref));
  return row && toKickoff(row);
}

/** Adds or restores a run, and restores its deployment. Stores the inputs, and the name from them, unless the run already has inputs. */
export function addKickoff(database: OpenDatabase, kickoff: Kickoff, inputs?: Inputs): Kickoff {
  database.statement(sql.addKickoff).run(toKickoffParameters(kickoff));
  database.statement(sql.restoreDeployment).run({ deployment: kickoff.deployment });
  const { inputLabel } = kickoff;
  if (inputs && addInputs(database, kickoff, inputs))
    changeKickoffs(database, [kickoff], (stored) => ({ ...defined({ inputLabel }), ...stored }));
  return findKickoff(database, kickoff) ?? kickoff;
}

export function addKickoffs(database: OpenDatabase, kickoffs: readonly Kickoff[], inputs?: Inputs): readonly Kickoff[] {
  return kickoffs.map((kickoff, index) => addKickoff(database, kickoff, index === 0 ? inputs : undefined));
}

/** Replaces an attempt with its run, which gets the stored inputs of the attempt. */
export function confirmStart(database: OpenDatabase, attempt: StartAttempt, kickoff: Kickoff): Kickoff {
  const storedRun = addKickoff(database, kickoff);
  moveAttemptToRun(database, kickoff, attempt.requestId);
  // If the user tracked the run's ID before the response arrived, the stored run isn't marked as started yet.
  const [startedRun = storedRun] = changeKickoffs(database, [kickoff], (run) => (run.isStarted ? run : startedKickoff(run, attempt)));
  return startedRun;
}

/** Stores a changed run, its outputs, and body. Keeps earlier tasks, a finished run's phase and body, and the body of a missing run. */
export function updateKickoff(database: OpenDatabase, ref: KickoffRef, change: ChangeRun, compressedBody?: CompressedBody) {
  const before = findKickoff(database, ref);
  if (!before) return {};
  const { kickoff: changedRun, outputs = [], body, requestId } = change(before, loadLease(database).epoch);
  if (changedRun === before) return { kickoff: before };

  const mergedRun = keepTasks(before, keepFinalPhase(before, changedRun));
  if (body && !isSettled(before.phase)) {
    const gzip = compressNow(body, compressedBody);
    // Stores nothing yet, because another thread must compress a large body first.
    if (!gzip) return { bodyToCompress: body };
    database.statement(mergedRun.phase.kind === 'missing' ? sql.insertBody : sql.upsertBody).run({ ...refParameters(ref), gzip });
  }
  const tooLargePositions = saveOutputs(database, ref, outputs);
  const tasks = mergedRun.tasks.map((task) => (tooLargePositions.has(task.position) ? { ...task, hasOutput: false } : task));
  const attempt = requestId === undefined ? undefined : moveAttemptToRun(database, ref, requestId);
  const updatedRun = attempt ? startedKickoff({ ...mergedRun, tasks }, attempt) : { ...mergedRun, tasks };
  database.statement(sql.updateKickoff).run({ ...toKickoffParameters(updatedRun), ...refParameters(ref) });
  return { kickoff: updatedRun };
}

export function changeKickoffs(database: OpenDatabase, refs: readonly KickoffRef[], change: (stored: Kickoff) => Kickoff) {
  return refs.flatMap((ref) => updateKickoff(database, ref, (stored) => ({ kickoff: change(stored) })).kickoff ?? []);
}

/** Keeps the phase of a finished run. Only the wording of a failure reason may change. */
function keepFinalPhase(before: Kickoff, after: Kickoff): Kickoff {
  const isPhaseAllowed = !isSettled(before.phase) || after.phase.kind === before.phase.kind;
  return isPhaseAllowed ? after : { ...after, phase: before.phase, phaseSince: before.phaseSince };
}

/** Adds the tasks that a change left out, because the server may no longer have them. */
function keepTasks(before: Kickoff, after: Kickoff): Kickoff {
  const positions = new Set(after.tasks.map(({ position }) => position));
  const missingTasks = before.tasks.filter(({ position }) => !positions.has(position));
  if (missingTasks.length === 0) return after;
  return { ...after, tasks: [...after.tasks, ...missingTasks].sort((one, other) => one.position - other.position) };
}
