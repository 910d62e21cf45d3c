import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip, gzipSync } from 'node:zlib';
import type { KickoffUpdate } from '#core/history/store';
import type { KickoffRef } from '#core/kickoff/kickoff';
import { HistoryFailure } from '#core/lib/errors';
import { refOf, type OpenDatabase, type Transactions } from '#store/connection';
import * as sql from '#store/statements';

export interface Packed {
  readonly body: Uint8Array;
  readonly gzip: Uint8Array;
}

/** For a body of at most this size, a round trip to another thread would take longer than compressing. */
const smallBytes = 32 * 1024;

/** Bytes between two pauses for other work of this thread. */
const mostBytesRead = 4 * 1024 * 1024;

/** One response has at most 64 MiB, but a run can have many. */
const mostOutputBytes = 256 * 1024 * 1024;

/** A fast compression, because a response isn't shown before it is on disk. */
const options = { level: 3 } as const;

/** Returns `undefined` for a large body that another thread must compress first. After that, compresses any body, to end the loop. */
export function packNow(body: Uint8Array, packed: Packed | undefined): Uint8Array | undefined {
  if (packed?.body === body) return packed.gzip;
  return packed || body.byteLength <= smallBytes ? gzipSync(body, options) : undefined;
}

export async function pack(body: Uint8Array): Promise<Packed> {
  return { body, gzip: await promisify(gzip)(body, options) };
}

/** Rejects if the checksum of the body shows damage. */
export async function readBody(transactions: Transactions, ref: KickoffRef): Promise<Uint8Array | undefined> {
  const row = await transactions.read((database) => database.statement(sql.body).get(refOf(ref)));
  if (!(row?.[0] instanceof Uint8Array)) return undefined;
  return promisify(gunzip)(row[0]).catch((error: unknown) => {
    throw new HistoryFailure('damagedAnswer', error);
  });
}

/** JSON escapes NUL and lone surrogates, which SQLite can't store. Returns the positions of outputs that are too large. */
export function addOutputs(database: OpenDatabase, ref: KickoffRef, outputs: NonNullable<KickoffUpdate['outputs']>): ReadonlySet<number> {
  const tooLarge = new Set<number>();
  if (outputs.length === 0) return tooLarge;
  const sizes = new Map(
    database
      .statement(sql.outputSizes)
      .all(refOf(ref))
      .map((row) => [Number(row[0]), Number(row[1])]),
  );
  let left = [...sizes.values()].reduce((rest, size) => rest - size, mostOutputBytes);
  for (const { position, output } of outputs) {
    const json = JSON.stringify(output);
    const added = Buffer.byteLength(json) - (sizes.get(position) ?? 0);
    if (added > left) {
      tooLarge.add(position);
      continue;
    }
    database.statement(sql.addOutput).run({ ...refOf(ref), position, output: json });
    left -= added;
  }
  return tooLarge;
}

export function outputsOf(database: OpenDatabase, ref: KickoffRef): ReadonlyMap<number, string> {
  const rows = database.statement(sql.outputs).all(refOf(ref));
  return new Map(rows.map((row) => [Number(row[0]), parseOutput(String(row[1]))]));
}

/** Reads a few megabytes at a time, because reading all outputs could block this thread for a long time. */
export async function storedOutputs(transactions: Transactions, ref: KickoffRef): Promise<ReadonlyMap<number, Uint8Array<ArrayBuffer>>> {
  const rows = await transactions.read((database) => database.statement(sql.outputPositions).all(refOf(ref)));
  const left = rows.map((row) => Number(row[0]));
  const outputs = new Map<number, Uint8Array<ArrayBuffer>>();
  while (left.length > 0) {
    await transactions.read((database) => {
      let bytes = 0;
      while (bytes < mostBytesRead && left.length > 0) {
        const position = left.shift() ?? 0;
        const output = database.statement(sql.storedOutput).get({ ...refOf(ref), position })?.[0];
        if (!(output instanceof Uint8Array)) continue;
        outputs.set(position, output);
        bytes += output.length;
      }
    });
    if (left.length > 0) await setImmediate();
  }
  return outputs;
}

export function parseOutput(json: string): string {
  try {
    const output: unknown = JSON.parse(json);
    return typeof output === 'string' ? output : json;
  } catch {
    return json;
  }
}
