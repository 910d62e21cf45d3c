import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { HistoryVersion, BackupRow } from '#core/history/idBackup';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { newKickoff, type Kickoff } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import { refCondition, refParameters, type OpenDatabase, type SqliteModule, type Transactions } from '#store/connection';
import * as sql from '#store/statements';
import { addDeployment } from '#store/tables/deployments';
import { readState, toKickoff, toKickoffParameters, type DatabaseRow } from '#store/tables/kickoffCodec';
import { addKickoff, findKickoff } from '#store/tables/kickoffs';

/** A row of an earlier file. Its values can have any type, because the file may be damaged. */
type SourceRow = Readonly<Record<string, SQLOutputValue>>;

const runsPerTransaction = 20;

const addDeploymentSql = `INSERT OR IGNORE INTO deployment (key, url, label, page, url_since, has_token, removed_at, is_refusal_claimed)
  VALUES (:key, :url, :label, :page, :urlSince, :hasToken, :removedAt, :isRefusalClaimed)`;
const finalPhasesSql = "IN ('succeeded', 'failed', 'stopped')";
/** Adds a run, or replaces an active run with a finished one. Skips a run whose deployment is lost, because the ID backup may have both. */
const addKickoffSql = `INSERT INTO kickoff (key, deployment, id, phase, removed_at, was_removed_by_age, notified_at, state)
  SELECT :key, :deployment, :id, :phase, :removedAt, :wasRemovedByAge, :notifiedAt, :state
  WHERE EXISTS (SELECT 1 FROM deployment WHERE key = :deployment)
  ON CONFLICT (deployment, id) DO UPDATE SET phase = excluded.phase, state = excluded.state,
    notified_at = coalesce(notified_at, excluded.notified_at) WHERE phase NOT ${finalPhasesSql} AND excluded.phase ${finalPhasesSql}
  ON CONFLICT DO NOTHING`;
const addStartSql = `INSERT OR IGNORE INTO start (request_id, deployment, attempt, removed_at)
  SELECT :requestId, :deployment, :attempt, :removedAt WHERE EXISTS (SELECT 1 FROM deployment WHERE key = :deployment)`;
const addMissingOutputSql = `INSERT OR IGNORE INTO task_output (kickoff, position, output)
  SELECT key, :position, :output FROM kickoff WHERE ${refCondition}`;

/** Fills a new file, except responses and outputs. A run's first finished row wins, else its first row, so that no notification repeats. */
export function recoverRows(sqlite: SqliteModule, connection: DatabaseSync, paths: readonly string[], now: number): void {
  const sources = paths.map((path) => new SourceFile(sqlite, path));
  const addDeploymentStatement = connection.prepare(addDeploymentSql);
  const deploymentRows = sources.flatMap((source) => source.rows('SELECT * FROM deployment NOT INDEXED'));
  for (const row of deploymentRows.filter(isDeployment)) addDeploymentStatement.run(deploymentParameters(row));

  const addKickoffStatement = connection.prepare(addKickoffSql);
  const kickoffRows = sources.flatMap((source) => source.rows('SELECT * FROM kickoff NOT INDEXED')).filter(isKickoff);
  const [damagedRows, intactRows] = [kickoffRows.filter(isDamaged), kickoffRows.filter((row) => !isDamaged(row))];
  for (const row of intactRows) addKickoffStatement.run(kickoffParameters(row, toKickoff(columnsOf(row))));
  // Adds damaged rows last, because an older file may have the details of these runs.
  for (const row of damagedRows)
    addKickoffStatement.run(kickoffParameters(row, { ...toKickoff(columnsOf(row)), trackedAt: now, phaseSince: now }));
  for (const source of sources) recoverInputs(source, connection);
  // Skips files older than the newest readable `start` table, because they may contain starts that AMP confirmed since.
  const firstReadableIndex = sources.findIndex((source) => source.isTableReadable('start'));
  for (const source of firstReadableIndex < 0 ? sources : sources.slice(0, firstReadableIndex + 1)) recoverStarts(source, connection);
  for (const source of sources) source.close();
}

function recoverStarts(source: SourceFile, connection: DatabaseSync): void {
  const addStartStatement = connection.prepare(addStartSql);
  for (const { request_id: requestId, deployment, attempt, removed_at: removedAt } of source.rows('SELECT * FROM start NOT INDEXED'))
    if (typeof requestId === 'string' && typeof attempt === 'string' && typeof deployment === 'number')
      addStartStatement.run({ requestId, deployment, attempt, removedAt: typeof removedAt === 'number' ? removedAt : null });
}

/** Copies the inputs of runs. Finds runs by deployment and ID, because the new file may use other keys. */
function recoverInputs(source: SourceFile, connection: DatabaseSync): void {
  const addInputsStatement = connection.prepare(sql.addInputs);
  const refsByKey = new Map(source.rows('SELECT * FROM kickoff NOT INDEXED').map((row) => [row['key'], toKickoff(columnsOf(row))]));
  for (const { kickoff, inputs } of source.rows('SELECT * FROM input NOT INDEXED')) {
    const ref = refsByKey.get(kickoff);
    if (ref && typeof inputs === 'string') addInputsStatement.run({ ...refParameters(ref), inputs });
  }
}

/** Copies responses and task outputs from a damaged file in small steps, and never replaces any in the current file. */
export async function recoverResponses(sqlite: SqliteModule, transactions: Transactions, path: string): Promise<void> {
  const source = new SourceFile(sqlite, path);
  try {
    const rows = source.rows('SELECT * FROM kickoff NOT INDEXED').filter(isKickoff);
    for (let offset = 0; offset < rows.length; offset += runsPerTransaction) {
      await transactions.write((database) => {
        for (const row of rows.slice(offset, offset + runsPerTransaction)) copyResponseAndOutputs(source, row, database);
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    source.close();
  }
}

/** Adds the runs and deployments that only the ID backup contains, and stores the version of the backup. */
export function trackIds(database: OpenDatabase, lostRows: readonly BackupRow[], now: number, version: HistoryVersion | undefined): void {
  if (version) database.statement(sql.addHistoryVersion).run({ id: version.id, revision: version.revision });
  for (const { url, label, id } of lostRows) {
    const deployment = addDeployment(database, url, label).key;
    if (id !== undefined) addKickoff(database, newKickoff({ deployment, id }, now));
  }
}

/** An earlier file, which may be damaged. Reading it never throws. */
class SourceFile {
  readonly #connection: DatabaseSync | undefined;

  constructor({ DatabaseSync }: SqliteModule, path: string) {
    try {
      this.#connection = new DatabaseSync(path, { readOnly: true });
    } catch {
      // The file can't be opened, so `rows` returns no rows.
    }
  }

  /** Returns the readable rows. Reads from both ends, so that one unreadable page loses only its own rows. */
  rows(query: string): readonly SourceRow[] {
    const rows: SourceRow[] = [];
    for (const direction of ['ASC', 'DESC']) {
      try {
        for (const row of this.#connection?.prepare(`${query} ORDER BY rowid ${direction}`).iterate() ?? []) rows.push(row);
        return rows;
      } catch {
        // The result contains the rows up to the damage.
      }
    }
    return rows;
  }

  isTableReadable(table: string): boolean {
    try {
      return this.#connection?.prepare(`SELECT * FROM ${table} NOT INDEXED`).all() !== undefined;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#connection?.close();
  }
}

function isDeployment({ key, url }: SourceRow): boolean {
  return Number.isSafeInteger(key) && typeof url === 'string' && canonicalUrl(url) === url;
}

function isKickoff({ key, id }: SourceRow): boolean {
  return Number.isSafeInteger(key) && typeof id === 'string' && kickoffId(id) !== undefined;
}

function isDamaged({ state }: SourceRow): boolean {
  return readState(state)?.phase === undefined;
}

function deploymentParameters({ key = null, url = null, label, page, ...row }: SourceRow) {
  return {
    key,
    url,
    label: typeof label === 'string' ? label : '',
    page: typeof page === 'string' ? page : null,
    urlSince: numberOrNull(row['url_since']),
    hasToken: flagNumber(row['has_token']),
    removedAt: numberOrNull(row['removed_at']),
    isRefusalClaimed: flagNumber(row['is_refusal_claimed']),
  };
}

/** Returns the parameters of `addKickoffSql`. The run's tasks have no outputs until `copyResponseAndOutputs` finds them. */
function kickoffParameters(row: SourceRow, kickoff: Kickoff) {
  const tasks = kickoff.tasks.map((task) => ({ ...task, hasOutput: false }));
  return {
    ...toKickoffParameters({ ...kickoff, tasks }),
    key: row['key'] ?? null,
    wasRemovedByAge: flagNumber(row['was_removed_by_age']),
    notifiedAt: numberOrNull(row['notified_at']),
  };
}

/** Copies the response and task outputs of a run, which may have another key in the current file. */
function copyResponseAndOutputs(source: SourceFile, row: SourceRow, database: OpenDatabase): void {
  const kickoff = findKickoff(database, toKickoff(columnsOf(row)));
  if (!kickoff) return;
  for (const { gzip } of source.rows(`SELECT gzip FROM body WHERE kickoff = ${Number(row['key'])}`))
    if (gzip instanceof Uint8Array) database.statement(sql.insertBody).run({ ...refParameters(kickoff), gzip });

  const foundPositions = new Set<number>();
  for (const { position, output } of source.rows(`SELECT position, output FROM task_output WHERE kickoff = ${Number(row['key'])}`)) {
    if (typeof position !== 'number' || typeof output !== 'string') continue;
    database.statement(addMissingOutputSql).run({ ...refParameters(kickoff), position, output });
    foundPositions.add(position);
  }
  const tasks = kickoff.tasks.map((task) => (foundPositions.has(task.position) ? { ...task, hasOutput: true } : task));
  if (foundPositions.size > 0) database.statement(sql.updateKickoff).run(toKickoffParameters({ ...kickoff, tasks }));
}

function columnsOf({ deployment, id, phase, removed_at: removedAt, state }: SourceRow): DatabaseRow {
  return [deployment ?? null, id ?? null, phase ?? null, removedAt ?? null, state ?? null];
}

function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function flagNumber(value: SQLOutputValue | undefined): number {
  return Number(value === 1);
}
