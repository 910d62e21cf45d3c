import { renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { backupOf, createPrivately, writtenAt } from '../files';
import type { SqliteModule } from '../open';
import { takeOver } from './recovery';

/** All but what is large: a row names its deployment or run, so that the order matters. */
const tables = ['deployment', 'kickoff', 'task', 'notice', 'refusal', 'removed_by_age'] as const;

/** Copies the small tables to a file beside the database, in place of the last copy; a crash leaves that one whole. */
export function backUp(connection: DatabaseSync, path: string): void {
  const unfinished = `${backupOf(path)}-${process.pid}`;
  rmSync(unfinished, { force: true });
  createPrivately(unfinished);
  try {
    attached(connection, unfinished, () => {
      connection.exec('BEGIN');
      for (const table of tables) connection.exec(`CREATE TABLE backup.${table} AS SELECT * FROM main.${table}`);
      connection.exec('COMMIT');
    });
    renameSync(unfinished, backupOf(path));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Gives `fill` to a new file's first transaction: it takes over the rows of the backup, when there is one that is sound, and what was written since. */
export function withBackup(sqlite: SqliteModule, connection: DatabaseSync, path: string, begin: (fill: () => void) => void): void {
  const file = backupOf(path);
  const all = () => {
    fill(connection);
    takeOver(sqlite, connection, path);
  };
  if (isWhole(sqlite, file)) attached(connection, file, () => begin(all));
  else begin(() => takeOver(sqlite, connection, path));
}

/** Looked at by a connection of its own: attached, a damaged one breaks all that is done beside it, its own leaving too. */
function isWhole({ DatabaseSync }: SqliteModule, file: string): boolean {
  if (writtenAt(file) === undefined) return false;
  try {
    const backup = new DatabaseSync(file, { readOnly: true });
    try {
      return backup.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'] === 'ok';
    } finally {
      backup.close();
    }
  } catch {
    return false;
  }
}

function fill(connection: DatabaseSync): void {
  connection.exec('SAVEPOINT filling');
  try {
    for (const table of tables) {
      const columns = columnsIn(connection, 'main', table).filter((name) => columnsIn(connection, 'backup', table).includes(name));
      const list = columns.join(', ');
      if (list !== '') connection.exec(`INSERT OR IGNORE INTO main.${table} (${list}) SELECT ${list} FROM backup.${table}`);
    }
    connection.exec('UPDATE main.task SET has_output = 0');
  } catch {
    // A backup that is damaged too is as good as none: there is the second copy of the ids.
    connection.exec('ROLLBACK TO filling');
  }
  connection.exec('RELEASE filling');
}

function columnsIn(connection: DatabaseSync, schema: string, table: string): readonly string[] {
  return connection
    .prepare(`SELECT name FROM pragma_table_info('${table}', '${schema}')`)
    .all()
    .map(({ name }) => String(name));
}

function attached(connection: DatabaseSync, file: string, run: () => void): void {
  connection.prepare('ATTACH ? AS backup').run(file);
  try {
    run();
  } finally {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    connection.exec('DETACH backup');
  }
}
