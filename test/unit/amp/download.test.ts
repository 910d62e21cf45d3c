import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { AmpClient } from '#amp/http/client';
import type { defaultTimeouts } from '#amp/http/deadline';
import { Amp } from '#amp/amp';
import { StatusReader } from '#amp/status/statusReader';
import { deployment, id as idOf } from '#test/support/builders';
import { noThread } from '#test/support/threads';
import { canary, patient } from './http/testPoll';
import { httpServer, rawServer } from './http/servers';

const mebibyte = 1_024 * 1_024;
/** Deadlines for large responses, which a busy disk writes slowly. */
const unhurried = { idleMs: 100_000, totalMs: 100_000 };

describe('A downloaded response', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-answer-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const usual = {
    token: canary,
    signal: new AbortController().signal,
    onProgress: (_: number): void => undefined,
    file: 'answer',
    id: 'run-1',
  };

  function saved(
    url: string,
    { deadlines, ...rest }: Partial<typeof usual & { readonly deadlines: Partial<typeof defaultTimeouts> }> = {},
  ) {
    const { token, signal, onProgress, file, id } = { ...usual, ...rest };
    const client = new AmpClient('0.0.0', { ...patient, ...deadlines });
    const source = new Amp({ get: () => Promise.resolve(token) }, client, Date, new StatusReader(noThread));
    return source.save(deployment({ url }), idOf(id), { path: path.join(folder, file), signal, onProgress });
  }

  it('of 320 MiB is written completely without being in memory as a whole', async () => {
    const size = 320;
    const server = await httpServer(({ url }, response) => send(response, url === '/status/warm' ? 8 : size));
    await saved(server.url, { file: 'warm', id: 'warm' });
    global.gc?.();
    const before = process.memoryUsage().rss;
    let most = 0;
    const started = performance.now();
    const onProgress = (): void => void (most = Math.max(most, process.memoryUsage().rss));
    assert.equal(await saved(server.url, { onProgress, deadlines: unhurried }), undefined);
    const growth = (most - before) / mebibyte;
    console.log(`      ${size} MiB in ${Math.round(performance.now() - started)} ms, memory + ${growth.toFixed(0)} MiB`);
    // The growth includes bytes that the garbage collector hasn't freed yet. A buffered response would take its full size.
    assert.ok(growth < 0.6 * size, `${growth} MiB`);
    assert.equal(statSync(path.join(folder, 'answer')).size, size * mebibyte);
    assert.equal(digest(path.join(folder, 'answer')), digestOf(size));
  }).timeout(120_000);

  it('is requested from /status/<kickoff ID> with the token', async () => {
    const server = await httpServer((_, response) => send(response, 1));
    assert.equal(await saved(server.url), undefined);
    assert.deepEqual(
      server.requests.map(({ url, headers }) => [url, headers.authorization]),
      [['/status/run-1', `Bearer ${canary}`]],
    );
  });

  it('causes progress reports that end with its size in bytes', async () => {
    const server = await httpServer((_, response) => send(response, 8));
    let last = 0;
    assert.equal(await saved(server.url, { onProgress: (bytes) => void (last = bytes) }), undefined);
    assert.equal(last, 8 * mebibyte);
  });

  it('that is cut off, stalls, or has invalid gzip is reported as a problem and leaves no file', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n';
    const half = 'x'.repeat(70_000);
    for (const [kind, rest, isEnd] of [
      ['serverTrouble', `${head}\r\n${half}`, true],
      ['serverTrouble', `${head}\r\n${half}`, false],
      ['notAnAnswer', `${head}content-encoding: gzip\r\n\r\n${half}`, false],
    ] as const) {
      const server = await rawServer((socket) => (isEnd ? socket.end(rest) : socket.write(rest)));
      assert.deepEqual(await saved(server.url, { deadlines: { idleMs: 200 } }), { kind });
      assert.deepEqual(readdirSync(folder), []);
    }
  });

  it('leaves no file when the user cancels the download, even if the unfinished file is already deleted', async () => {
    for (const isDeleted of [false, true]) {
      const server = await httpServer((_, response) => void response.write(Buffer.alloc(mebibyte)));
      const abort = new AbortController();
      const onProgress = (): void => {
        if (isDeleted) rmSync(path.join(folder, 'answer'), { force: true });
        abort.abort();
      };
      assert.deepEqual(await saved(server.url, { signal: abort.signal, onProgress }), { kind: 'serverTrouble' });
      assert.deepEqual(readdirSync(folder), []);
    }
  });

  it('with a redirect or error status is reported without the token, instead of being saved', async () => {
    for (const [status, body, expected] of [
      [302, '', { kind: 'moved' }],
      [401, '', { kind: 'tokenRefused' }],
      [404, '{"error":"no such run"}', 'missing'],
      [500, '', { kind: 'serverTrouble' }],
      [422, `{"detail":"not for ${canary}"}`, { kind: 'refused', detail: 'not for [token]' }],
    ] as const) {
      const server = await httpServer((_, response) => response.writeHead(status).end(body));
      assert.deepEqual(await saved(server.url), expected);
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  it("isn't requested without a token", async () => {
    const server = await httpServer((_, response) => response.end('{}'));
    assert.deepEqual(await saved(server.url, { token: '' }), { kind: 'noToken' });
    assert.deepEqual(server.requests, []);
  });

  it('never overwrites an existing file', async () => {
    const server = await httpServer((_, response) => send(response, 1));
    writeFileSync(path.join(folder, 'answer'), 'mine');
    await assert.rejects(saved(server.url), { code: 'EEXIST' });
    assert.equal(readFileSync(path.join(folder, 'answer'), 'utf8'), 'mine');
  });

  it("causes an error when its file can't be written", async () => {
    const server = await httpServer((_, response) => send(response, 1));
    await assert.rejects(saved(server.url, { file: 'none/answer' }), { code: 'ENOENT' });
  });

  it("doesn't contain a token that the server repeats", async () => {
    const server = await httpServer((_, response) => response.end(`{"echo":"${canary}"}`));
    assert.equal(await saved(server.url), undefined);
    assert.equal(readFileSync(path.join(folder, 'answer'), 'utf8'), '{"echo":"[token]"}');
  });
});

/** Returns the n-th MiB of a body. All blocks are different. */
function block(index: number): Buffer {
  return Buffer.alloc(mebibyte, `${index} of a large answer, `);
}

function send(to: Writable, mebibytes: number): void {
  const sendFrom = (index: number): void => {
    for (let next = index; next < mebibytes; next++)
      if (!to.write(block(next))) {
        to.once('drain', () => sendFrom(next + 1));
        return;
      }
    to.end();
  };
  sendFrom(0);
}

function digestOf(mebibytes: number): string {
  const hash = createHash('sha256');
  for (let index = 0; index < mebibytes; index++) hash.update(block(index));
  return hash.digest('hex');
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
