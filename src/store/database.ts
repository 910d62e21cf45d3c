import { HistoryFailure } from '../core/errors';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isDamage } from './failure';
import { createPrivately, inodeOf, isCutOff, setAside } from './files';
import { migrate, readVersion } from './migrations';
import { patiently, type Patience } from './patience';

/** One connection to the file that all windows share. Transactions are synchronous, so two of one window never mix. */
export class Database {
  readonly #statements = new Map<string, StatementSync>();

  private constructor(
    private readonly connection: DatabaseSync,
    private readonly patience: Patience,
    /** Where a file went that could not be read, for the user to be told. */
    readonly setAside: string | undefined,
  ) {}

  /** Opens `kickoffs.db` in the folder, or makes it; a file that cannot be read is set aside first. */
  static async open(folder: string, patience: Patience): Promise<Database> {
    const sqlite = await loaded();
    const path = join(folder, 'kickoffs.db');
    let aside: string | undefined;

    const connection = await patiently(() => {
      createPrivately(path);
      const inode = inodeOf(path);
      try {
        return connected(sqlite, path);
      } catch (error) {
        if (!isDamage(error) || aside !== undefined) throw error;
        aside = setAside(path, inode, patience.clock.now());
        createPrivately(path);
        return connected(sqlite, path);
      }
    }, patience);
    return new Database(connection, patience, aside);
  }

  /** One picture of the file, whatever other windows write meanwhile. */
  read<T>(run: (database: Database) => T): Promise<T> {
    return patiently(() => this.#transaction('BEGIN', run), this.patience);
  }

  /** All that `run` writes, or nothing when it throws; on disk when it resolves. `run` is called again when the file is busy. */
  write<T>(run: (database: Database) => T): Promise<T> {
    return patiently(() => this.#transaction('BEGIN IMMEDIATE', run), this.patience);
  }

  /** Compiled at its first use and kept; its rows come as arrays. */
  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.connection.prepare(sql);
    statement.setReturnArrays(true);
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    if (this.connection.isOpen) this.connection.close();
  }

  #transaction<T>(begin: string, run: (database: Database) => T): T {
    this.connection.exec(begin);
    try {
      const result = run(this);
      this.connection.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.connection.isTransaction) this.connection.exec('ROLLBACK');
      throw error;
    }
  }
}

/** At first use, because it costs time and some hosts lack it. */
async function loaded(): Promise<typeof Sqlite> {
  try {
    return await import('node:sqlite');
  } catch (error) {
    throw new HistoryFailure('unavailable', error);
  }
}

/** The log of changes is cut back after a large body has gone through it. */
function connected({ DatabaseSync }: typeof Sqlite, path: string): DatabaseSync {
  if (isCutOff(path)) throw new HistoryFailure('damaged');
  const connection = new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    readVersion(connection);
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304');
    migrate(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
