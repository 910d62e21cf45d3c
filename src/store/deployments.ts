import type { Deployment, DeploymentKey, DeploymentUrl } from '../core/deployment';
import { HistoryFailure } from '../core/errors';
import type { Database } from './database';
import { toDeployment, type Row } from './rows';
import * as sql from './statements';
import { storable } from './text';

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

/** Deletes for good what was removed before a time. */
export function purged(database: Database, before: number): readonly DeploymentUrl[] {
  const { changes } = database.statement(sql.purgeKickoffs).run({ before });
  if (changes !== 0) database.statement(sql.tellOfDeleted).run();
  return urlsOf(database.statement(sql.purgeDeployments).all({ before }));
}

/** The addresses, where rows have no other column. */
export function urlsOf(rows: readonly Row[]): readonly DeploymentUrl[] {
  return rows.map((row) => String(row[0]) as DeploymentUrl);
}
