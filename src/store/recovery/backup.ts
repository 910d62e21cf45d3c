import { renameSync, rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { backupPath, createPrivateFile, unrecoveredPaths } from '#store/files';
import { checkTables } from '#store/schema';

const dayMs = 24 * 3_600_000;

/** The tables in a backup. Tables with responses and outputs are too large. The rest isn't needed to fill a new file. */
const backedUpTables = ['deployment', 'kickoff', 'start', 'input'] as const;

/** Checks the history and backs up its small tables, unless the backup is less than a day old or a damaged file awaits recovery. */
export function backUp(connection: DatabaseSync, path: string, now: number): void {
  const backupTime = statSync(backupPath(path), { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
  // A backup that is newer than an unrecovered file would break the order of `recoveryPaths`.
  if (Math.abs(now - backupTime) < dayMs || unrecoveredPaths(path).length > 0) return;
  checkTables(connection);
  const unfinishedPath = `${backupPath(path)}-${process.pid}`;
  rmSync(unfinishedPath, { force: true });
  createPrivateFile(unfinishedPath);
  try {
    copyTables(connection, unfinishedPath);
    renameSync(unfinishedPath, backupPath(path));
  } catch (error) {
    rmSync(unfinishedPath, { force: true });
    throw error;
  }
}

function copyTables(connection: DatabaseSync, path: string): void {
  connection.prepare('ATTACH ? AS backup').run(path);
  try {
    connection.exec('BEGIN');
    for (const table of backedUpTables) connection.exec(`CREATE TABLE backup.${table} AS SELECT * FROM main.${table}`);
    connection.exec('COMMIT');
  } finally {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    connection.exec('DETACH backup');
  }
}
