import type { Deployment, DeploymentKey } from '../core/deployment';
import { isSettled, tracked, type Kickoff } from '../core/kickoff';
import type { SecondCopy } from '../core/secondCopy';
import { kickoffColumns, refColumns } from './columns';
import type { Database } from './database';
import { toDeployment } from './tables/kickoffCodec';
import { added, keepTasks, stored } from './tables/kickoffs';
import * as sql from './statements';
import { storable } from './text';

/** What a window shows, and so knows without the file. */
export interface Known {
  readonly deployments: readonly Deployment[];
  readonly kickoffs: readonly Kickoff[];
}

/** Writes what a window knows into a file that may have lost it; nothing comes back that was removed, and no end is undone. */
export function restored(database: Database, { deployments, kickoffs }: Known): void {
  const keys = new Map(deployments.map((one) => [one.key, keyOfRestored(database, one)]));
  for (const kickoff of kickoffs) {
    const deployment = keys.get(kickoff.deployment);
    if (deployment !== undefined) restoreRun(database, { ...kickoff, deployment });
  }
}

/** Tracks again what only the second copy of the ids still named. */
export function broughtBackIds(database: Database, lost: SecondCopy, now: number): void {
  for (const { url, label, ids } of lost) {
    database.statement(sql.addDeployment).run({ url, label: storable(label) });
    const { key } = toDeployment(database.statement(sql.deployment).get({ url }) ?? {});
    for (const id of ids) added(database, tracked({ deployment: key, id }, now));
  }
}

/** The same key as before, so that open tabs still name it; where that is another's by now, a key of its own. */
function keyOfRestored(database: Database, { key, url, label }: Deployment): DeploymentKey {
  database.statement(sql.restoreDeployment).run({ key, url, label: storable(label) });
  const row = database.statement(sql.deployment).get({ url });
  if (row) return toDeployment(row).key;
  database.statement(sql.addDeployment).run({ url, label: storable(label) });
  return toDeployment(database.statement(sql.deployment).get({ url }) ?? {}).key;
}

function restoreRun(database: Database, kickoff: Kickoff): void {
  const row = { ...refColumns(kickoff), ...kickoffColumns(kickoff) };
  if (database.statement(sql.addKickoff).run(row).changes === 0) {
    const before = stored(database, kickoff);
    if (!before || before.removedAt !== undefined || isSettled(before.phase)) return;
    if (!isSettled(kickoff.phase) && (kickoff.checkedAt ?? 0) <= (before.checkedAt ?? 0)) return;
    database.statement(sql.updateKickoff).run(row);
  }
  keepTasks(database, kickoff, kickoff.tasks);
}
