// Finds a secret in the files of a folder, in all likely encodings. Needs a Node with `node:sqlite`. Arguments: folder and secret.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, constants } from 'node:zlib';

/** The number of characters that identify a secret. */
const prefixLength = 12;
const gzipMagic = Buffer.from([0x1f, 0x8b, 0x08]);
const sqliteMagic = Buffer.from('SQLite format 3\0');

/**
 * Returns the first characters of a secret in all encodings: plain, reversed, base64 at any offset, hex, and percent-encoded.
 *
 * @returns {readonly Buffer[]}
 */
export function formsOf(/** @type {string} */ secret) {
  const start = secret.slice(0, prefixLength);
  const bytes = Buffer.from(start);
  const texts = [
    start,
    Buffer.from(bytes).reverse().toString('latin1'),
    ...[0, 1, 2].flatMap((before) => [base64(bytes, before, 'base64'), base64(bytes, before, 'base64url')]),
    ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    encodeURIComponent(start),
    bytes.toString('hex').replaceAll(/../g, (byte) => `%${byte}`),
  ];
  return [...[...new Set(texts)].map((text) => Buffer.from(text)), Buffer.from(start, 'utf16le')];
}

/** Returns the base64 characters that depend only on these bytes, after `before` other bytes. */
function base64(/** @type {Buffer} */ bytes, /** @type {number} */ before, /** @type {'base64' | 'base64url'} */ encoding) {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

/** Searches the files of a folder, the values of its databases, and compressed data in both. Returns places and counts. */
export async function search(/** @type {string} */ folder, /** @type {string} */ secret) {
  const forms = formsOf(secret);
  const isIn = (/** @type {Uint8Array} */ bytes) =>
    forms.some((form) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(form));
  /** @type {string[]} */
  const places = [];
  const counts = { files: 0, rows: 0, unpacked: 0 };
  const look = (/** @type {Uint8Array} */ bytes, /** @type {string} */ place) => {
    if (isIn(bytes)) places.push(place);
    for (const inner of unpackedIn(bytes)) {
      counts.unpacked++;
      if (isIn(inner)) places.push(`${place}, unpacked`);
    }
  };
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const bytes = contents(path.join(folder, name));
    if (!bytes) continue;
    counts.files++;
    look(bytes, name);
    if (!bytes.subarray(0, sqliteMagic.length).equals(sqliteMagic)) continue;
    for (const { table, value } of await valuesIn(path.join(folder, name))) {
      counts.rows++;
      look(value, `${name}, table ${table}`);
    }
  }
  return { places: [...new Set(places)], ...counts };
}

function contents(/** @type {string} */ file) {
  try {
    return statSync(file).isFile() ? readFileSync(file) : undefined;
  } catch {
    // The file was deleted after the folder was read.
    return undefined;
  }
}

/**
 * Unpacks each gzip stream in these bytes, even if the end of a stream is missing.
 *
 * @returns {readonly Buffer[]}
 */
function unpackedIn(/** @type {Uint8Array} */ bytes) {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = [];
  for (let at = all.indexOf(gzipMagic); at >= 0; at = all.indexOf(gzipMagic, at + 1)) {
    try {
      found.push(gunzipSync(all.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // The found bytes aren't the start of a gzip stream.
    }
  }
  return found;
}

/** Reads every text and blob of a database, because large values span several pages of the file. */
async function valuesIn(/** @type {string} */ file) {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
    return tables.flatMap(({ name }) => {
      const table = String(name);
      const rows = database.prepare(`SELECT * FROM "${table}"`);
      rows.setReadBigInts(true);
      const values = rows.all().flatMap((row) => Object.values(row));
      return values.flatMap((value) =>
        value instanceof Uint8Array || typeof value === 'string' ? [{ table, value: Buffer.from(value) }] : [],
      );
    });
  } finally {
    database.close();
  }
}

if (process.argv[1]?.endsWith('secretSearch.mjs')) {
  const [, , folder = '', secret = ''] = process.argv;
  void search(folder, secret).then((found) => process.stdout.write(JSON.stringify(found)));
}
