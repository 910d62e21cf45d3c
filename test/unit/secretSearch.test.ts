import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { search } from '../support/secretSearch.mjs';

const secret = 'tok-demo-4f2a9c17d0be';
const start = secret.slice(0, 12);

describe('The search for a secret in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kickoffs-search-'));
  const file = join(folder, 'file');
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function placesAfterWriting(bytes: string | Uint8Array): Promise<readonly string[]> {
    writeFileSync(file, bytes);
    return (await search(folder, secret)).places;
  }

  const base64 = (before: string): string => Buffer.from(`${before}${secret} and more`).toString('base64');
  const forms = {
    'as plain text': `{"authorization":"Bearer ${secret}"}`,
    'that is cut after 12 characters': `Bearer ${start}…`,
    'in base64': base64(''),
    'in base64 after one more byte': base64('a'),
    'in base64 after two more bytes': base64('ab'),
    'in base64 for URLs': Buffer.from(`?>${secret}`).toString('base64url'),
    'in hex': Buffer.from(secret).toString('hex'),
    'in capital hex': Buffer.from(secret).toString('hex').toUpperCase(),
    'with each byte percent-encoded': secret.replaceAll(/./g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
    'that is reversed': Buffer.from(secret).reverse().toString(),
    'in UTF-16': Buffer.from(secret, 'utf16le'),
  };
  for (const [how, written] of Object.entries(forms))
    it(`finds a secret ${how}, with and without gzip`, async () => {
      const bytes = Buffer.concat([Buffer.from('before '), Buffer.from(written)]);
      assert.deepEqual(await placesAfterWriting(bytes), ['file']);
      assert.deepEqual(await placesAfterWriting(Buffer.concat([Buffer.from('before'), gzipSync(bytes)])), ['file, unpacked']);
    });

  it('finds a secret in a compressed database value that spans several pages', async () => {
    rmSync(file, { force: true });
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE body (bytes BLOB)');
    const noise = Uint8Array.from({ length: 20_000 }, (_, index) => (index * index * 7_919) >> 5);
    database.prepare('INSERT INTO body VALUES (?)').run(gzipSync(Buffer.concat([noise, Buffer.from(secret), noise])));
    database.close();
    assert.deepEqual((await search(folder, secret)).places, ['file, table body, unpacked']);
  });

  it('finds nothing in files with fewer than 12 characters of the secret', async () => {
    assert.deepEqual(await placesAfterWriting(`${start.slice(0, -1)} ${Buffer.from(start.slice(0, 9)).toString('base64')}`), []);
  });
});
