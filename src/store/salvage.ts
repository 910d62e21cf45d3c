import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { rowsIn } from './damagedFile';
import type { Database } from './database';
import { isCutOff } from './files';
import type { SqliteModule } from './open';
import * as sql from './statements';

/** So many runs between two moments in which others may go on. */
const together = 20;

/**
 * Takes from a damaged file what can be read of it: for each run that has no answer any more, its last one and its tasks' outputs.
 * What is damaged itself is left out; an answer that came through damaged is known by its checksum when it is opened.
 */
export async function salvage({ DatabaseSync }: SqliteModule, database: Database, file: string): Promise<void> {
  if (!existsSync(file) || isCutOff(file)) return;
  const damaged = new DatabaseSync(file, { readOnly: true });
  try {
    const keys = keysIn(damaged);
    const poor = await database.read((open) => open.statement(sql.withoutBody).all());
    for (let from = 0; from < poor.length; from += together) {
      const some = poor.slice(from, from + together);
      await database.write((open) => {
        for (const row of some) copy(damaged, keys.get(`${String(row[1])} ${String(row[2])}`), open, Number(row[0]));
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    damaged.close();
  }
}

/** By address and id, as far as they can be read. */
function keysIn(damaged: DatabaseSync): ReadonlyMap<string, number> {
  const keys = new Map<string, number>();
  for (const { key, url, id } of rowsIn(damaged, sql.keysByName, 'kickoff.key')) keys.set(`${String(url)} ${String(id)}`, Number(key));
  return keys;
}

function copy(damaged: DatabaseSync, from: number | undefined, database: Database, to: number): void {
  if (from === undefined) return;
  for (const { gzip } of rowsIn(damaged, `SELECT gzip FROM body WHERE kickoff = ${from}`, 'kickoff'))
    if (gzip instanceof Uint8Array) database.statement(sql.salvagedBody).run(to, gzip);
  for (const { position, output } of rowsIn(damaged, `SELECT position, output FROM task_output WHERE kickoff = ${from}`, 'position')) {
    if (typeof position !== 'number' || typeof output !== 'string') continue;
    database.statement(sql.salvagedOutput).run(to, position, output);
    database.statement(sql.salvagedMark).run(to, position);
  }
}
