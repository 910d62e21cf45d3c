import type { HealthRecord } from '#core/history/store';
import type { OpenDatabase } from '#store/connection';
import * as sql from '#store/statements';
import { readTrouble, type Row } from './kickoffCodec';
import { readLease } from './lease';

export function loadHealthRecords(database: OpenDatabase): readonly HealthRecord[] {
  return database.statement(sql.healthRecords).all().flatMap(toRecord);
}

export function saveHealthRecords(database: OpenDatabase, records: readonly HealthRecord[], epoch: number): void {
  if (readLease(database).epoch !== epoch) return;
  database.statement(sql.deleteHealthRecords).run();
  for (const { subject, ...record } of records) database.statement(sql.addHealthRecord).run({ subject, record: JSON.stringify(record) });
}

function toRecord(row: Row): readonly HealthRecord[] {
  try {
    const { failures, trouble } = JSON.parse(String(row[1])) as Readonly<Record<string, unknown>>;
    const read = readTrouble(trouble);
    return read ? [{ subject: String(row[0]), failures: Number(failures) || 0, trouble: read }] : [];
  } catch {
    return [];
  }
}
