import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { canonicalUrl } from '../../core/deployment';
import { kickoffId } from '../../core/kickoffId';
import { rowsIn, type DamagedRow } from '../damagedFile';
import { isRefused } from '../sqliteErrors';
import { asideSinceBackup } from '../files';
import type { SqliteModule } from '../open';
import * as sql from '../takenStatements';

/** By the key that a row has in the damaged file, its key in the new one. */
type Keys = Map<SQLOutputValue | undefined, SQLOutputValue | undefined>;

const phases: ReadonlySet<unknown> = new Set(['queued', 'running', 'waiting', 'missing', 'succeeded', 'failed', 'stopped']);

/**
 * Puts over the backup's rows in a new file what was written since, as far as it can be read in the file that was set aside: runs with their
 * ends, labels and marks, their tasks, and which ends were told. In the first transaction: an end that is open again would be told again.
 */
export function takeOver(sqlite: SqliteModule, connection: DatabaseSync, path: string): void {
  for (const file of asideSinceBackup(path)) {
    const tables = smallTablesIn(sqlite, file);
    if (!tables) continue;
    const { deployments, kickoffs, tasks, notices } = tables;
    const known = connection.prepare('SELECT key FROM deployment').all();
    const addresses: Keys = new Map(known.map(({ key }) => [key, key]));
    const runs: Keys = new Map();
    put(connection, sql.takenDeployment, deployments.filter(isDeployment), addresses);
    put(connection, sql.takenKickoff, moved(kickoffs.filter(isRun), 'deployment', addresses), runs);
    put(connection, sql.takenTask, moved(tasks, 'kickoff', runs));
    put(connection, sql.takenNotice, moved(notices, 'kickoff', runs));
  }
}

/** Undefined where the file cannot even be opened: that must not keep the next from being begun. */
function smallTablesIn({ DatabaseSync }: SqliteModule, file: string) {
  try {
    const damaged = new DatabaseSync(file, { readOnly: true });
    const tables = {
      deployments: rowsIn(damaged, 'SELECT * FROM deployment NOT INDEXED', 'key'),
      kickoffs: rowsIn(damaged, 'SELECT * FROM kickoff NOT INDEXED', 'key'),
      tasks: rowsIn(damaged, 'SELECT * FROM task', 'kickoff', 'position'),
      notices: rowsIn(damaged, 'SELECT * FROM notice', 'kickoff'),
    };
    damaged.close();
    return tables;
  } catch {
    return undefined;
  }
}

function isDeployment({ url }: DamagedRow): boolean {
  return typeof url === 'string' && canonicalUrl(url) === url;
}

function isRun({ id, phase }: DamagedRow): boolean {
  return typeof id === 'string' && kickoffId(id) !== undefined && phases.has(phase);
}

/** The rows as they are where what they belong to has another key; none for what is not there. */
function moved(rows: readonly DamagedRow[], column: string, keys: Keys): readonly DamagedRow[] {
  return rows.map((row) => ({ ...row, [column]: keys.get(row[column]) ?? null }));
}

/** A row that the table refuses was damaged in its values: the others stand. */
function put(connection: DatabaseSync, taken: sql.Taken, rows: readonly DamagedRow[], keys?: Keys): void {
  const [update, insert] = [connection.prepare(taken.update), connection.prepare(taken.insert)];
  for (const row of rows) {
    const values = Object.fromEntries(taken.names.map((name) => [name, row[name] ?? null]));
    try {
      const kept = update.get(values) ?? insert.get(values);
      keys?.set(row['key'], kept?.['key']);
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }
}
