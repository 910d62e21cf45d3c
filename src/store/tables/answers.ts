import { gunzip, gzip, gzipSync } from 'node:zlib';
import { HistoryFailure } from '../../core/errors';

/** A body and what is stored for it. */
export interface Packed {
  readonly body: Uint8Array;
  readonly gzip: Uint8Array;
}

/** Up to here packing takes less time than handing it to another thread and coming back. */
const smallBytes = 32 * 1024;

/** Favours speed: a body is stored once and its size matters less than how soon it is safe. */
const options = { level: 3 } as const;

/** The stored form, when it is there already or made at once; undefined when it is to be packed on another thread first. */
export function packedAtOnce(body: Uint8Array, packed: Packed | undefined): Uint8Array | undefined {
  if (packed?.body === body) return packed.gzip;
  return packed || body.byteLength <= smallBytes ? gzipSync(body, options) : undefined;
}

/** Packs on another thread. */
export function pack(body: Uint8Array): Promise<Packed> {
  return new Promise((resolve, reject) => {
    gzip(body, options, (error, bytes) => (error ? reject(error) : resolve({ body, gzip: bytes })));
  });
}

/** The body as it was sent; rejects when its checksum shows damage. */
export function unpack(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, (error, body) => (error ? reject(new HistoryFailure('damagedAnswer', error)) : resolve(body)));
  });
}
