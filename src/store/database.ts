import { dirname } from 'node:path';
import type { StatementSync } from 'node:sqlite';
import type { HistoryRecovery } from '#core/history/store';
import { HistoryFailure } from '#core/lib/errors';
import { Emitter } from '#core/lib/event';
import type { Clock, Random } from '#core/lib/types';
import { recoverRows } from '#store/recovery/recovery';
import { undelete } from '#store/recovery/undelete';
import type { OpenDatabase, OpenConnection, SqliteModule } from './connection';
import { markErased } from './erasure';
import { createPrivateFile, inodeOf, sidecarInodes, isTruncated, isFolderUnused, recoveryPaths, renameDamagedFile } from './files';
import { checkTables, migrate, schema, schemaVersion, versionOf } from './schema';
import { toHistoryFailure, isBusyError, isDamageAfterOpen, isDamageOnOpen, isReadOnlyError, isTooBigError } from './sqliteErrors';

const pragmas = 'PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304';

const firstPauseMs = 2;
const maxPauseMs = 25;
/** The maximum number of retries, which take about five seconds with their pauses. */
const maxRetries = 270;

export interface StoreParts {
  readonly clock: Clock;
  readonly random?: Random;
  readonly loadSqlite?: () => Promise<SqliteModule>;
}

/** This window's connection to the file, and to the next file after damage or a loss. Transactions are synchronous, so none overlap. */
export class Database {
  readonly #statements = new Map<string, StatementSync>();
  readonly #recoveryEmitter = new Emitter<HistoryRecovery>();
  #openConnection: OpenConnection | undefined;
  #pendingRecovery: HistoryRecovery | undefined;
  /** Whether the current file is a copy of the lost file. If so, changes committed to the lost file are kept. */
  #isCopyOfLostFile = false;
  #isClosed = false;

  readonly onDidRecover = this.#recoveryEmitter.event;
  readonly now = () => this.parts.clock.now();
  readonly loadSqlite = this.parts.loadSqlite ?? (() => import('node:sqlite'));

  constructor(
    readonly path: string,
    private readonly parts: StoreParts,
  ) {}

  /** Whether a newer version of this extension wrote the open file. False while no file is open. */
  get isReadOnly(): boolean {
    return this.#openConnection?.isReadOnly === true;
  }

  /** Whether there is no history, and no file from which to recover a history. */
  get isUnused(): boolean {
    return !this.#openConnection && isFolderUnused(dirname(this.path));
  }

  read<T>(work: (database: OpenDatabase) => T): Promise<T> {
    return this.withConnection((openConnection) => {
      try {
        return this.#transaction(openConnection, 'BEGIN', work);
      } catch (error) {
        // No window writes a value that is too big to read, so the file is damaged.
        throw isTooBigError(error) ? new HistoryFailure('damaged', error) : error;
      }
    });
  }

  /** Runs a durable transaction. Calls `work` again if the file was locked, damaged, or replaced. */
  write<T>(work: (database: OpenDatabase) => T): Promise<T> {
    return this.withConnection((openConnection) => {
      if (openConnection.isReadOnly) throw new HistoryFailure('newer');
      return this.#transaction(openConnection, 'BEGIN IMMEDIATE', work);
    });
  }

  /** Passes the open connection to `work`, without a transaction. */
  async withConnection<T>(work: (openConnection: OpenConnection) => T): Promise<T> {
    const sqlite = await this.loadSqlite().catch((error: unknown) => {
      throw new HistoryFailure('unavailable', error);
    });
    return retryWhileBusy(() => this.#runWithRecovery(sqlite, work), this.parts);
  }

  statement(sql: string): StatementSync {
    const cachedStatement = this.#statements.get(sql);
    if (cachedStatement) return cachedStatement;
    if (!this.#openConnection) throw new HistoryFailure('closed');
    const statement = this.#openConnection.connection.prepare(sql);
    statement.setReturnArrays(true);
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#isClosed = true;
    this.#disconnect();
  }

  /** Runs `work`. Runs it again in the next file if this file was damaged, or was replaced by a file other than its copy. */
  #runWithRecovery<T>(sqlite: SqliteModule, work: (openConnection: OpenConnection) => T): T {
    const openConnection = this.#openCurrentFile(sqlite);
    try {
      const result = work(openConnection);
      if (inodeOf(this.path) === openConnection.inode) return result;
      this.#openCurrentFile(sqlite);
      if (this.#isCopyOfLostFile) return result;
    } catch (error) {
      // SQLite never writes on a connection that it opened while the disk was read-only. So the next attempt must open a new connection.
      if (isReadOnlyError(error)) this.#disconnect();
      if (!isDamageAfterOpen(error) || openConnection.isReadOnly) throw error;
      this.#renameDamagedFile(openConnection.inode);
    }
    return work(this.#openCurrentFile(sqlite));
  }

  #transaction<T>({ connection }: OpenConnection, beginSql: string, work: (database: OpenDatabase) => T): T {
    connection.exec(beginSql);
    try {
      const result = work(this);
      connection.exec('COMMIT');
      return result;
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Returns the connection to the file at the path. First tries to copy a lost file back. Fires `onDidRecover` after damage or a loss. */
  #openCurrentFile(sqlite: SqliteModule): OpenConnection {
    if (this.#isClosed) throw new HistoryFailure('closed');
    if (this.#openConnection && inodeOf(this.path) !== this.#openConnection.inode) {
      this.#isCopyOfLostFile = undelete(this.#openConnection, this.path);
      this.#disconnect();
      this.#pendingRecovery = { isNew: false };
    }
    if (!this.#openConnection) {
      this.#openConnection = this.#open(sqlite);
      const recovery = this.#openConnection.isFileRecovered ? { ...this.#pendingRecovery, isNew: true } : this.#pendingRecovery;
      this.#pendingRecovery = undefined;
      if (recovery) this.#recoveryEmitter.fire(recovery);
    }
    return this.#openConnection;
  }

  #open(sqlite: SqliteModule): OpenConnection {
    const [inode, now] = [inodeOf(this.path), this.now()];
    try {
      return openFile(sqlite, this.path, now);
    } catch (error) {
      // Renames only one file. If each new file were damaged again, renamed files would fill the disk.
      if (!isDamageOnOpen(error) || this.#pendingRecovery?.damagedPath !== undefined) throw error;
      this.#renameDamagedFile(inode);
      return openFile(sqlite, this.path, now);
    }
  }

  /** Renames the damaged file, unless another window did. Closes the file first, because Windows can't rename an open file. */
  #renameDamagedFile(inode: bigint | undefined): void {
    this.#disconnect();
    const damagedPath = renameDamagedFile(this.path, inode, this.now());
    this.#pendingRecovery = { isNew: false, ...this.#pendingRecovery, ...(damagedPath !== undefined && { damagedPath }) };
  }

  #disconnect(): void {
    const connection = this.#openConnection?.connection;
    this.#openConnection = undefined;
    this.#statements.clear();
    if (connection?.isOpen) connection.close();
  }
}

/** Opens and upgrades a file, or creates it with rows of damaged files and the backup. Throws if it can't open the file or finds damage. */
function openFile(sqlite: SqliteModule, path: string, now: number): OpenConnection {
  createPrivateFile(path);
  if (isTruncated(path)) throw new HistoryFailure('damaged');
  const inode = inodeOf(path);
  const connection = new sqlite.DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true });
  try {
    const version = versionOf(connection);
    if (version <= schemaVersion) connection.exec(pragmas);
    if (version === 0) markErased(connection);
    let isFileRecovered = false;
    if (version < schemaVersion)
      migrate(connection, schema, () => {
        const paths = recoveryPaths(path);
        recoverRows(sqlite, connection, paths, now);
        isFileRecovered = paths.length > 0;
      });
    const isReadOnly = versionOf(connection) > schemaVersion;
    if (isReadOnly) connection.exec('PRAGMA query_only = 1');
    else checkTables(connection);
    return { connection, inode, sidecarInodes: sidecarInodes(path), isFileRecovered, isReadOnly };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Retries `action` while the file is locked. SQLite's own wait would block the extension host. Converts errors with `toHistoryFailure`. */
export async function retryWhileBusy<T>(action: () => T, { clock, random = Math.random }: StoreParts): Promise<T> {
  for (let pauseMs = firstPauseMs, retriesLeft = maxRetries; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs), retriesLeft -= 1) {
    try {
      return action();
    } catch (error) {
      if (!isBusyError(error) || retriesLeft === 0) throw toHistoryFailure(error);
    }
    const randomPauseMs = pauseMs * (0.5 + random() / 2);
    await new Promise<void>((resolve) => clock.after(randomPauseMs, resolve));
  }
}
