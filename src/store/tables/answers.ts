import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip, gzipSync } from 'node:zlib';
import type { KickoffUpdate } from '#core/history/store';
import type { KickoffRef } from '#core/kickoff/kickoff';
import { HistoryFailure } from '#core/lib/errors';
import { parseJson } from '#core/lib/json';
import { refParameters, type OpenDatabase, type Transactions } from '#store/connection';
import * as sql from '#store/statements';

/** The body of a response, and its compressed form. */
export type CompressedBody = Awaited<ReturnType<typeof compress>>;

/** The maximum size of a body that this thread compresses on the first try. A round trip to another thread would take longer. */
const maxSameThreadBytes = 32 * 1024;

const maxBytesPerRead = 4 * 1024 * 1024;

/** The size limit for all task outputs of a run. One response has at most 64 MiB, but a run can have many responses. */
const maxTotalOutputBytes = 256 * 1024 * 1024;

/** Options for fast compression, because the extension shows a response only after storing it. */
const gzipOptions = { level: 3 } as const;

/** Compresses a body. Returns `undefined` for a large body on the first try, so that another thread compresses it before the next try. */
export function compressNow(body: Uint8Array, compressedBody: CompressedBody | undefined): Uint8Array | undefined {
  if (compressedBody?.body === body) return compressedBody.gzip;
  return compressedBody || body.byteLength <= maxSameThreadBytes ? gzipSync(body, gzipOptions) : undefined;
}

export async function compress(body: Uint8Array) {
  return { body, gzip: await promisify(gzip)(body, gzipOptions) };
}

/** Returns the stored response of a run. Rejects if the checksum shows damage. */
export async function loadBody(transactions: Transactions, ref: KickoffRef): Promise<Uint8Array | undefined> {
  const row = await transactions.read((database) => database.statement(sql.selectBody).get(refParameters(ref)));
  if (!(row?.[0] instanceof Uint8Array)) return undefined;
  return promisify(gunzip)(row[0]).catch((error: unknown) => {
    throw new HistoryFailure('damagedAnswer', error);
  });
}

/** Stores outputs as JSON, which escapes NUL and lone surrogates. Skips outputs that exceed the size limit, and returns their positions. */
export function saveOutputs(database: OpenDatabase, ref: KickoffRef, outputs: NonNullable<KickoffUpdate['outputs']>): ReadonlySet<number> {
  const tooLargePositions = new Set<number>();
  if (outputs.length === 0) return tooLargePositions;
  const rows = database.statement(sql.selectOutputSizes).all(refParameters(ref));
  const bytesByPosition = new Map(rows.map((row) => [Number(row[0]), Number(row[1])]));
  let bytesLeft = [...bytesByPosition.values()].reduce((rest, size) => rest - size, maxTotalOutputBytes);
  for (const { position, output } of outputs) {
    const json = JSON.stringify(output);
    const addedBytes = Buffer.byteLength(json) - (bytesByPosition.get(position) ?? 0);
    if (addedBytes > bytesLeft) {
      tooLargePositions.add(position);
      continue;
    }
    database.statement(sql.upsertOutput).run({ ...refParameters(ref), position, output: json });
    bytesLeft -= addedBytes;
  }
  return tooLargePositions;
}

export function loadOutputs(database: OpenDatabase, ref: KickoffRef): ReadonlyMap<number, string> {
  const rows = database.statement(sql.selectOutputs).all(refParameters(ref));
  return new Map(rows.map((row) => [Number(row[0]), parseOutput(String(row[1]))]));
}

/** Returns outputs as stored, as JSON in UTF-8. Pauses after a few megabytes, because one long read would block this thread. */
export async function loadStoredOutputs(transactions: Transactions, ref: KickoffRef) {
  const rows = await transactions.read((database) => database.statement(sql.selectOutputSizes).all(refParameters(ref)));
  const outputs = new Map<number, Uint8Array<ArrayBuffer>>();
  let byteCount = 0;
  const batches = Map.groupBy(rows, (row) => Math.floor((byteCount += Number(row[1])) / maxBytesPerRead));
  for (const batch of batches.values()) {
    await transactions.read((database) => {
      for (const position of batch.map((row) => Number(row[0]))) {
        const output = database.statement(sql.selectOutputBytes).get({ ...refParameters(ref), position })?.[0];
        if (output instanceof Uint8Array) outputs.set(position, output);
      }
    });
    await setImmediate();
  }
  return outputs;
}

/** Returns the output in a stored JSON string. Returns other text unchanged. */
export function parseOutput(json: string): string {
  const output = parseJson(json);
  return typeof output === 'string' ? output : json;
}
