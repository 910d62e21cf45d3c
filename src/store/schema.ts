import type { DatabaseSync } from 'node:sqlite';

/** The version of the schema that this one reads and writes: as many steps as `migrations.ts` has. */
export const schemaVersion = 5;

/** Walks every small table once: a page that cannot be read shows while there is still a way to set the file aside. */
const probe = `SELECT (SELECT count(label) FROM deployment), (SELECT count(retry_at) FROM kickoff),
  (SELECT count(has_output) FROM task), (SELECT count(claimed_at) FROM notice),
  (SELECT count(output) FROM (SELECT output FROM task_output LIMIT 1)), (SELECT count(gzip) FROM (SELECT gzip FROM body LIMIT 1))`;

/** Of which version the schema is; 0 of an empty file. */
export function versionOf(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Throws where a table cannot be read. */
export function probed(connection: DatabaseSync): void {
  connection.prepare(probe).get();
}
