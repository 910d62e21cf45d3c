import type { DatabaseSync } from 'node:sqlite';
import { HistoryFailure } from '../core/errors';
import * as sql from './statements';

/** The version of the schema that this one reads and writes: as many steps as `migrations.ts` has. */
export const schemaVersion = 6;

/** No version to come has a higher number. */
const mostVersions = 1_000;

/** Walks the small tables once: a page that cannot be read shows while there is still a way to set the file aside. */
const probe = `SELECT (SELECT count(has_output) FROM task), (SELECT count(claimed_at) FROM notice),
  (SELECT count(output) FROM (SELECT output FROM task_output LIMIT 1)), (SELECT count(gzip) FROM (SELECT gzip FROM body LIMIT 1))`;

/** A run that its index does not find would never be heard again, nor be missed; 8 ms for 5,000 runs. */
const found = ['deployment', 'kickoff'];

/** Compiled, these name all that is read and written: a schema that was damaged in its words shows too. */
const compiled = [
  ...[sql.deployments, sql.liveKickoffs, sql.everyTask, sql.addDeployment, sql.addKickoff, sql.updateKickoff],
  ...[sql.keepTask, sql.keepOutput, sql.nextBody, sql.claimNotice, sql.claimRefusal, sql.removeOldKickoff, sql.changedSince],
  ...[sql.verdicts, sql.lease],
];

/** Of which version the schema is; 0 of an empty file. */
export function versionOf(connection: DatabaseSync): number {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version < 0 || version > mostVersions) throw new HistoryFailure('damaged');
  return version;
}

/** Throws where a table cannot be read, or does not hold what is asked of it. */
export function probed(connection: DatabaseSync): void {
  connection.prepare(probe).get();
  for (const statement of compiled) connection.prepare(statement);
  for (const table of found)
    if (connection.prepare(`PRAGMA integrity_check(${table})`).get()?.['integrity_check'] !== 'ok') throw new HistoryFailure('damaged');
}
