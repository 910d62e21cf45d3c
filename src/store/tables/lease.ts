import type { HealthRecord, Lease } from '#core/history/store';
import { parseJson } from '#core/lib/json';
import type { OpenDatabase } from '#store/connection';
import * as sql from '#store/statements';
import { readTrouble, type DatabaseRow } from './kickoffCodec';

// In a new file, the epoch must exceed the epochs of recovered active runs. Otherwise, new responses of these runs would count as outdated.
const takeLeaseSql = `UPDATE lease SET holder = :holder, beat = beat + 1, quiet_ms = :quiet, at = :now, epoch = 1 + max(epoch,
  (SELECT coalesce(max(state ->> 'epoch'), 0) FROM kickoff WHERE phase NOT IN ('succeeded', 'failed', 'stopped') AND json_valid(state)))
  WHERE :epoch IS NULL OR holder IS NULL OR (epoch = :epoch AND beat = :beat)`;
const holderCondition = 'holder = :holder AND epoch = :epoch';
const renewLeaseSql = `UPDATE lease SET beat = beat + 1, quiet_ms = :quiet, at = :now WHERE ${holderCondition}`;
const releaseLeaseSql = `UPDATE lease SET holder = NULL, beat = beat + 1, at = :now WHERE ${holderCondition}`;

/** A heartbeat further in the future is forged, or older than a change of the clock. Otherwise, no window would poll until that time. */
const maxClockDifferenceMs = 60_000;

export function loadLease(database: OpenDatabase): Lease {
  const row = database.statement(sql.selectLease).get() ?? {};
  const [holder, nextBeatMs, beatAt] = [row[0], row[3], Number(row[4] ?? 0)];
  return {
    ...(typeof holder === 'string' && beatAt <= database.now() + maxClockDifferenceMs && { holder }),
    epoch: Number(row[1] ?? 0),
    beat: Number(row[2] ?? 0),
    ...(typeof nextBeatMs === 'number' && { nextBeatMs }),
    beatAt,
  };
}

export function takeLease(database: OpenDatabase, holder: string, nextBeatMs: number, expectedLease?: Lease) {
  const before = loadLease(database);
  const { epoch = null, beat = null } = expectedLease ?? {};
  database.statement(takeLeaseSql).run({ holder, quiet: nextBeatMs, now: database.now(), epoch, beat });
  return { lease: loadLease(database), before };
}

export function renewLease(database: OpenDatabase, { holder = '', epoch }: Lease, nextBeatMs: number | undefined): Lease {
  database.statement(renewLeaseSql).run({ holder, epoch, quiet: nextBeatMs ?? null, now: database.now() });
  return loadLease(database);
}

export function releaseLease(database: OpenDatabase, { holder = '', epoch }: Lease): void {
  database.statement(releaseLeaseSql).run({ holder, epoch, now: database.now() });
}

export function loadHealthRecords(database: OpenDatabase): readonly HealthRecord[] {
  return database.statement(sql.selectHealthRecords).all().flatMap(toHealthRecords);
}

export function saveHealthRecords(database: OpenDatabase, records: readonly HealthRecord[], epoch: number): void {
  if (loadLease(database).epoch !== epoch) return;
  database.statement(sql.deleteHealthRecords).run();
  for (const { subject, ...record } of records) database.statement(sql.addHealthRecord).run({ subject, record: JSON.stringify(record) });
}

function toHealthRecords(row: DatabaseRow): readonly HealthRecord[] {
  const { failures, trouble } = Object(parseJson(String(row[1]))) as Readonly<Record<string, unknown>>;
  const validTrouble = readTrouble(trouble);
  return validTrouble ? [{ subject: String(row[0]), failures: Number(failures) || 0, trouble: validTrouble }] : [];
}
