import type { Lease, Taken } from '../../core/lease';
import type { Database } from '../database';
import { asNumber, asText } from './kickoffCodec';
import * as sql from '../statements';

// A file that was begun anew counts on from what its runs remember.
const take = `UPDATE lease SET holder = :holder, epoch = 1 + max(epoch, (SELECT coalesce(max(epoch), 0) FROM kickoff)),
  beat = beat + 1, quiet_ms = :quiet, at = :now`;
const takeUnchanged = `${take} WHERE holder IS NULL OR (epoch = :epoch AND beat = :beat)`;
const mine = 'WHERE holder = :holder AND epoch = :epoch';
const keep = `UPDATE lease SET beat = beat + 1, quiet_ms = :quiet, at = :now ${mine}`;
const release = `UPDATE lease SET holder = NULL, beat = beat + 1, at = :now ${mine}`;

/** Who polls for all windows. */
export function leaseOf(database: Database): Lease {
  const row = database.statement(sql.lease).get() ?? {};
  const [holder, quietMs] = [asText(row[0]), asNumber(row[3])];
  return {
    ...(holder !== undefined && { holder }),
    epoch: Number(row[1] ?? 0),
    beat: Number(row[2] ?? 0),
    ...(quietMs !== undefined && { quietMs }),
    at: Number(row[4] ?? 0),
  };
}

/** What a holder writes of himself. */
interface Holding {
  readonly quietMs: number | undefined;
  readonly now: number;
}

/** Takes the lease - with `only`, when nobody holds it or gave a sign of life since that was read. */
export function taken(database: Database, holder: string, { quietMs, now }: Holding, only: Lease | undefined): Taken {
  const before = leaseOf(database);
  const set = { holder, quiet: quietMs ?? null, now };
  if (only) database.statement(takeUnchanged).run({ ...set, epoch: only.epoch, beat: only.beat });
  else database.statement(take).run(set);
  return { lease: leaseOf(database), before };
}

/** Gives a sign of life, unless the lease is another's. */
export function kept(database: Database, { holder = '', epoch }: Lease, { quietMs, now }: Holding): Lease {
  database.statement(keep).run({ holder, epoch, quiet: quietMs ?? null, now });
  return leaseOf(database);
}

/** Lets it go, if it is still held. */
export function released(database: Database, { holder = '', epoch }: Lease, now: number): void {
  database.statement(release).run({ holder, epoch, now });
}
