import type { KickoffRef } from '#core/kickoff/kickoff';
import type { DeploymentKey } from '#core/kickoff/deployment';
import { defined } from '#core/lib/defined';
import { parseJson } from '#core/lib/json';
import { asInputs, type Inputs, type StartAttempt } from '#core/starts/attempt';
import { refParameters, type OpenDatabase } from '#store/connection';
import * as sql from '#store/statements';
import { readKickoffId, readTrouble, type DatabaseRow } from './kickoffCodec';

export function loadStarts(database: OpenDatabase): readonly StartAttempt[] {
  return database.statement(sql.selectStarts).all().map(toAttempt);
}

/** Adds an attempt. Also restores its deployment, because the starts of a removed deployment aren't shown. */
export function addStart(database: OpenDatabase, attempt: StartAttempt): void {
  database.statement(sql.restoreDeployment).run({ deployment: attempt.deployment });
  database.statement(sql.addStart).run(toStartParameters(attempt));
}

export function changeStart(database: OpenDatabase, attempt: StartAttempt): void {
  database.statement(sql.changeStart).run(toStartParameters(attempt));
}

export function deleteStart(database: OpenDatabase, { requestId, deployment }: StartAttempt): void {
  database.statement(sql.deleteStart).get({ requestId, deployment });
}

/** Deletes the attempt that started a run, and stores the attempt's inputs for the run. Returns the attempt, if there was one. */
export function moveAttemptToRun(database: OpenDatabase, ref: KickoffRef, requestId: string): StartAttempt | undefined {
  const row = database.statement(sql.deleteStart).get({ requestId, deployment: ref.deployment });
  const attempt = row && toAttempt(row);
  if (attempt?.inputs) addInputs(database, ref, attempt.inputs);
  return attempt;
}

/** Stores the inputs of a run, unless the run already has some. Returns whether the inputs were stored. */
export function addInputs(database: OpenDatabase, ref: KickoffRef, inputs: Inputs): boolean {
  return database.statement(sql.addInputs).run({ ...refParameters(ref), inputs: JSON.stringify(inputs) }).changes === 1;
}

export function loadInputs(database: OpenDatabase, ref: KickoffRef): Inputs | undefined {
  const row = database.statement(sql.selectInputs).get(refParameters(ref));
  return row && asInputs(parseJson(String(row[0])));
}

function toStartParameters({ requestId, deployment, ...attempt }: StartAttempt) {
  return { requestId, deployment, attempt: JSON.stringify(attempt) };
}

/** Returns the attempt in a row. If its JSON is damaged, the attempt counts as old, so its result is unknown. */
function toAttempt(row: DatabaseRow): StartAttempt {
  const { sentAt, problem, inputs, continues } = Object(parseJson(String(row[2]))) as Readonly<Record<string, unknown>>;
  return {
    requestId: String(row[0]),
    deployment: Number(row[1]) as DeploymentKey,
    sentAt: typeof sentAt === 'number' ? sentAt : 0,
    ...defined({ inputs: asInputs(inputs), continues: readKickoffId(continues), problem: readTrouble(problem) }),
  };
}
