import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

/** A row of a damaged file, whose values may be any. */
export type DamagedRow = Readonly<Record<string, SQLOutputValue>>;

/** What can be read of a damaged file's rows: from both ends, so that a page or a number that cannot be read costs no rows but its own. */
export function rowsIn(damaged: DatabaseSync, query: string, ...order: readonly string[]): readonly DamagedRow[] {
  const rows: DamagedRow[] = [];
  for (const direction of ['ASC', 'DESC']) {
    try {
      const statement = damaged.prepare(`${query} ORDER BY ${order.map((name) => `${name} ${direction}`).join(', ')}`);
      for (const row of statement.iterate()) rows.push(row);
      return rows;
    } catch {
      // What was read before it stands.
    }
  }
  return rows;
}
