import type { Verdict } from '../../core/health';
import type { Database } from '../database';
import { leaseOf } from './lease';
import { asText, troubleFrom } from './kickoffCodec';
import * as sql from '../statements';

const keep = `INSERT INTO health (subject, failures, trouble, trouble_says, retry_at, since)
  VALUES (:subject, :failures, :trouble, :says, :retryAt, :since)`;

/** What the window that polls has found out of hosts and deployments. */
export function verdictsIn(database: Database): readonly Verdict[] {
  const rows = database.statement(sql.verdicts).all();
  return rows.flatMap((row) => {
    const trouble = troubleFrom({ kind: row[2], says: row[3], retryAt: row[4], since: row[5] });
    return trouble ? [{ subject: asText(row[0]) ?? '', failures: Number(row[1]), trouble }] : [];
  });
}

/** Keeps these in place of those before, unless another window polls by now. */
export function keepVerdicts(database: Database, verdicts: readonly Verdict[], epoch: number): void {
  if (leaseOf(database).epoch !== epoch) return;
  database.statement(sql.forgetVerdicts).run();
  for (const { subject, failures, trouble } of verdicts) {
    const { kind, says = null, retryAt = null, since = null } = trouble;
    database.statement(keep).run({ subject, failures, trouble: kind, says, retryAt, since });
  }
}
