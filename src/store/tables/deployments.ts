import type { Deployment, DeploymentKey, DeploymentUrl } from '../../core/deployment';
import { HistoryFailure } from '../../core/errors';
import type { Clock } from '../../core/ports';
import type { Database } from '../database';
import { toDeployment, type Row } from './kickoffCodec';
import * as sql from '../statements';
import { storable } from '../text';

/** The deployment of that URL, added when there is none. */
export function addedDeployment(database: Database, url: DeploymentUrl, label: string): Deployment {
  database.statement(sql.addDeployment).run({ url, label: storable(label) });
  return toDeployment(database.statement(sql.deployment).get({ url }) ?? {});
}

/** Gives a deployment another URL or label; its runs stay with it. */
export function changedDeployment(
  database: Database,
  key: DeploymentKey,
  { url, label }: { readonly url?: DeploymentUrl; readonly label?: string },
): Deployment | undefined {
  if (url !== undefined && database.statement(sql.isOthersUrl).get({ url, key })) throw new HistoryFailure('taken');
  const row = database.statement(sql.changeDeployment).get({ key, url: url ?? null, label: label === undefined ? null : storable(label) });
  return row && toDeployment(row);
}

/** Deletes for good what was removed before a time; not all at once: whoever else has work comes in between. */
export async function purged(database: Database, clock: Clock, before: number): Promise<readonly DeploymentUrl[]> {
  while (await database.write(() => someArePurged(database, before))) await new Promise<void>((next) => clock.after(0, next));
  return database.write(() => urlsOf(database.statement(sql.purgeDeployments).all({ before })));
}

function someArePurged(database: Database, before: number): boolean {
  const { changes } = database.statement(sql.purgeKickoffs).run({ before });
  if (changes !== 0) database.statement(sql.tellOfDeleted).run();
  return changes !== 0;
}

/** The addresses, where rows have no other column. */
export function urlsOf(rows: readonly Row[]): readonly DeploymentUrl[] {
  return rows.map((row) => String(row[0]) as DeploymentUrl);
}
