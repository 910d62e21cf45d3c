import type { StatementSync } from 'node:sqlite';
import { HistoryFailure } from '../core/errors';
import { Emitter } from '../core/event';
import type { Mended } from '../core/ports';
import { cannotWrite, isCorrupt, isDamage } from './sqliteErrors';
import { inodeOf } from './files';
import type * as Mending from './mending';
import { notLoaded, open, type Opened, type SqliteModule } from './open';
import { patiently, type Patience } from './retryWhileBusy';
import type { Known } from './restore';

/**
 * The file that all windows share, and this window's connection to it: made with the first transaction, and again whenever the file
 * is not the one under its name any more. Transactions are synchronous, so two of one window never mix.
 */
export class Database {
  readonly #statements = new Map<string, StatementSync>();
  readonly #mended = new Emitter<Mended>();
  #sqlite: SqliteModule | undefined;
  #opened: Opened | undefined;
  #mending: typeof Mending | undefined;
  #aside: string | undefined;
  /** A file was lost while it was open: what the window knows is to be written again. */
  #isToRestore = false;
  #isToTell = false;
  #isClosed = false;

  /** The file was made anew, or set aside, and another was begun. */
  readonly onDidMend = this.#mended.event;

  constructor(
    readonly path: string,
    private readonly patience: Patience,
    private readonly known: () => Known,
    readonly load: () => Promise<SqliteModule> = () => import('node:sqlite'),
  ) {}

  /** A newer version of the extension wrote the file: it can be read, and nothing is written. */
  get isReadOnly(): boolean {
    return !!this.#opened?.isReadOnly;
  }

  /** One picture of the file, whatever other windows write meanwhile. */
  read<T>(run: (database: Database) => T): Promise<T> {
    return this.#patiently(() => this.#attempt('BEGIN', run));
  }

  /** All that `run` writes, or nothing when it throws; on disk when it resolves. `run` is called again when the file is busy or was lost. */
  write<T>(run: (database: Database) => T): Promise<T> {
    return this.#patiently(() => {
      if (this.#current().isReadOnly) throw new HistoryFailure('newer');
      return this.#attempt('BEGIN IMMEDIATE', run);
    });
  }

  /** Works on the bare connection, outside of a transaction. */
  raw<T>(run: (opened: Opened) => T): Promise<T> {
    return this.#patiently(() => run(this.#current()));
  }

  async #patiently<T>(attempt: () => T): Promise<T> {
    try {
      this.#sqlite ??= await this.load();
    } catch (error) {
      throw new HistoryFailure('unavailable', error);
    }
    try {
      return await patiently(attempt, this.patience);
    } catch (error) {
      if (error !== notLoaded) throw error;
      await this.mending();
      return this.#patiently(attempt);
    }
  }

  /** What is needed seldom; where it cannot be loaded - files may be exchanged under a window - that is a failure of the history like others. */
  async mending(): Promise<typeof Mending> {
    try {
      return (this.#mending ??= await import('./mending'));
    } catch (error) {
      throw new HistoryFailure('other', error);
    }
  }

  /** Compiled at its first use and kept; its rows come as arrays. */
  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (!this.#opened) throw new HistoryFailure('closed');
    const statement = this.#opened.connection.prepare(sql);
    statement.setReturnArrays(true);
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#isClosed = true;
    this.#disconnect();
  }

  /** Whether the file is damaged is known by reading it; whether it has its name still, by looking before and after. */
  #attempt<T>(begin: string, run: (database: Database) => T): T {
    const opened = this.#current();
    try {
      const result = this.#transaction(opened, begin, run);
      if (inodeOf(this.path) === opened.inode) return result;
    } catch (error) {
      // Opened while nothing could be written there, it would never write.
      if (cannotWrite(error)) this.#disconnect();
      if (!isCorrupt(error) || opened.isReadOnly) throw error;
      this.#setAside(opened.inode);
    }
    return this.#transaction(this.#current(), begin, run);
  }

  #transaction<T>({ connection }: Opened, begin: string, run: (database: Database) => T): T {
    connection.exec(begin);
    try {
      const result = run(this);
      connection.exec('COMMIT');
      return result;
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Takes a damaged file out of the way, unless another window did; the next transaction begins another. */
  setAside(inode: bigint | undefined): Promise<void> {
    return this.#patiently(() => this.#setAside(inode));
  }

  /** It is closed first: Windows renames no open file. */
  #setAside(inode: bigint | undefined): void {
    const { setAside } = this.#loaded();
    const wasOpen = this.#opened !== undefined;
    this.#disconnect();
    this.#aside = setAside(this.path, inode, this.patience.clock.now()) ?? this.#aside;
    this.#isToRestore ||= wasOpen;
  }

  /** The connection to the file that has the name. */
  #current(): Opened {
    if (this.#isClosed) throw new HistoryFailure('closed');
    if (this.#opened && inodeOf(this.path) !== this.#opened.inode) {
      this.#loaded().rescue(this.#opened, this.path);
      this.#lose();
    }
    if (!this.#opened) {
      this.#opened = this.#open();
      this.#isToTell = this.#isToRestore || this.#opened.isNew || this.#aside !== undefined;
    }
    if (this.#isToRestore) this.#restore(this.#opened);
    if (this.#isToTell) this.#tell(this.#opened);
    return this.#opened;
  }

  #open(): Opened {
    const sqlite = this.#sqlite;
    if (!sqlite) throw new HistoryFailure('unavailable');
    const inode = inodeOf(this.path);
    try {
      return open(sqlite, this.path, this.#mending);
    } catch (error) {
      if (!isDamage(error) || this.#aside !== undefined) throw error;
      this.#setAside(inode);
      return this.#open();
    }
  }

  #loaded(): typeof Mending {
    if (!this.#mending) throw notLoaded;
    return this.#mending;
  }

  #restore(opened: Opened): void {
    const { restored } = this.#loaded();
    if (!opened.isReadOnly) this.#transaction(opened, 'BEGIN IMMEDIATE', () => restored(this, this.known()));
    this.#isToRestore = false;
  }

  #tell({ isNew }: Opened): void {
    const aside = this.#aside;
    this.#isToTell = false;
    this.#aside = undefined;
    this.#mended.fire({ isNew, ...(aside !== undefined && { setAside: aside }) });
  }

  #lose(): void {
    this.#isToRestore ||= this.#opened !== undefined;
    this.#disconnect();
  }

  #disconnect(): void {
    const connection = this.#opened?.connection;
    this.#opened = undefined;
    this.#statements.clear();
    if (connection?.isOpen) connection.close();
  }
}
