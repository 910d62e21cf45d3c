import assert from 'node:assert/strict';
import http from 'node:http';
import type net from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { AmpClient } from '../../../src/amp/client';
import { observing, shortDeadlines, troubleOf } from './asking';
import { httpServer, rawServer } from './servers';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const body = '{"state":"SUCCESS","result":"done"}';
const zeros = Buffer.alloc(80 * 1_024 * 1_024);

/** Those that keep a request waiting or break it, and what each is taken for. */
const hostile: readonly (readonly [string, string, (socket: net.Socket) => void])[] = [
  ['that is silent', 'unreachable', () => undefined],
  ['that ends without a word', 'unreachable', (socket) => socket.end()],
  ['that resets at once', 'unreachable', (socket) => socket.resetAndDestroy()],
  ['that sends half the headers', 'unreachable', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-')],
  ['that sends the headers byte by byte', 'unreachable', (socket) => drip(socket, head, 20)],
  ['that goes on telling to continue', 'unreachable', (socket) => drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n', 20, 'whole')],
  ['that speaks no HTTP', 'notAnAnswer', (socket) => socket.write('220 mail.example ESMTP\r\n')],
  ['that floods with headers', 'notAnAnswer', (socket) => socket.write(`${head}${'x-a: b\r\n'.repeat(50_000)}\r\n`)],
  ['that stalls after the headers', 'serverTrouble', (socket) => socket.write(`${head}content-length: 9\r\n\r\n`)],
  ['that stalls in the body', 'serverTrouble', (socket) => socket.write(`${head}content-length: 99\r\n\r\n{"state`)],
  ['that drips for ever', 'serverTrouble', (socket) => drip(socket, `${head}content-length: 9999\r\n\r\n`, 10)],
  [
    'that resets in the body',
    'serverTrouble',
    (socket) => socket.write(`${head}content-length: 99\r\n\r\n{`, () => socket.resetAndDestroy()),
  ],
  ['that ends too early', 'serverTrouble', (socket) => socket.end(`${head}content-length: 99\r\n\r\n${body}`)],
  [
    'that ends a chunked body too early',
    'serverTrouble',
    (socket) => socket.end(`${head}transfer-encoding: chunked\r\n\r\n5\r\n{"sta\r\n`),
  ],
  ['that sends a bad chunk', 'serverTrouble', (socket) => socket.write(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`)],
  ['that says gzip and sends none', 'notAnAnswer', (socket) => send(socket, 'gzip', Buffer.from(body))],
  [
    'that says deflate and stalls',
    'unreachable',
    (socket) => socket.write(`${head}content-encoding: deflate\r\ncontent-length: 9\r\n\r\n`),
  ],
  ['that says br and sends none', 'notAnAnswer', (socket) => send(socket, 'br', Buffer.from(body))],
  ['that cuts a gzip', 'notAnAnswer', (socket) => send(socket, 'gzip', gzipSync(body).subarray(0, 30))],
  ['that sends an unknown encoding', 'notAnAnswer', (socket) => send(socket, 'zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))],
  ['that sends a gzip bomb', 'tooLarge', (socket) => send(socket, 'gzip', gzipSync(zeros))],
  ['that sends a deflate bomb', 'tooLarge', (socket) => send(socket, 'deflate', deflateSync(zeros))],
  ['that sends a raw deflate bomb', 'tooLarge', (socket) => send(socket, 'deflate', deflateRawSync(zeros))],
  ['that sends a brotli bomb', 'tooLarge', (socket) => send(socket, 'br', brotliCompressSync(zeros))],
  ['that never stops sending', 'tooLarge', (socket) => endless(socket)],
];

describe('A server', () => {
  const kept = http.globalAgent;
  // As in VS Code, whose agents pool no connections.
  before(() => void (http.globalAgent = new http.Agent()));
  after(() => void (http.globalAgent = kept));

  for (const [what, kind, serve] of hostile) {
    it(`${what} ends as ${kind}, and nothing is left`, async () => {
      const server = await rawServer(serve);
      const { headersMs, idleMs, totalMs } = shortDeadlines;
      const deadlines = kind === 'tooLarge' ? { totalMs: 5_000, headersMs: 5_000, idleMs: 5_000 } : { headersMs, idleMs, totalMs };
      const before = timers();
      const started = performance.now();
      assert.equal(await troubleOf({ url: server.url, client: new AmpClient('0.0.0', deadlines) }), kind);
      assert.ok(performance.now() - started < deadlines.totalMs + 1_000);
      await server.close();
      await new Promise(setImmediate);
      assert.ok(timers() <= before, 'a timer is left');
    }).timeout(10_000);
  }

  it('that answers well, in any encoding and any pieces, is understood', async () => {
    const encodings = [
      ['identity', Buffer.from(body)],
      ['gzip', gzipSync(body)],
      ['deflate', deflateSync(body)],
      ['deflate', deflateRawSync(body)],
      ['br', brotliCompressSync(body)],
    ] as const;
    for (const [encoding, bytes] of encodings) {
      const server = await rawServer((socket) => {
        socket.write(`${head}content-encoding: ${encoding}\r\ncontent-length: ${bytes.length}\r\n\r\n`);
        for (const byte of bytes) socket.write(Buffer.from([byte]));
      });
      const seen = await observing({ url: server.url });
      assert.equal(seen.kind, 'answered', encoding);
      assert.deepEqual(seen.body, new Uint8Array(Buffer.from(body)));
      assert.deepEqual(seen.answer.output, { text: 'done', language: 'plain' });
      await server.close();
    }
  });

  it('whose error page stalls or never ends is still taken by its status and its Retry-After', async () => {
    const now = 1_000_000;
    const heads = [
      [401, '', 'tokenRefused'],
      [500, '', 'serverTrouble'],
      [503, 'retry-after: 17\r\n', 'throttled'],
    ] as const;
    for (const [status, more, kind] of heads) {
      for (const rest of ['content-length: 99\r\n\r\n{', `content-length: 900000\r\n\r\n${'x'.repeat(900_000)}`]) {
        const server = await rawServer((socket) => socket.write(`HTTP/1.1 ${status} No\r\n${more}${rest}`));
        const seen = await observing({ url: server.url, now });
        const retryAt = status === 503 ? { retryAt: now + 17_000 } : {};
        assert.deepEqual(seen, { kind: 'unanswered', trouble: { kind, ...retryAt } });
        await server.close();
      }
    }
  });

  it('whose 404 breaks off says nothing of its routes', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 99\r\n\r\n{"error"'));
    assert.equal(await troubleOf({ url: server.url }), 'serverTrouble');
    await server.close();
  });

  it('that is not there, or speaks no TLS, cannot be reached', async () => {
    const server = await httpServer((_, response) => response.end());
    assert.equal(await troubleOf({ url: server.url.replace('http:', 'https:') }), 'unreachable');
    await server.close();
    assert.equal(await troubleOf({ url: server.url }), 'unreachable');
  });

  it('is left at once when the caller no longer wants the answer', async () => {
    for (const start of ['', `${head}content-length: 99\r\n\r\n{`, `${head}content-encoding: gzip\r\ncontent-length: 99\r\n\r\n`]) {
      const abort = new AbortController();
      const server = await rawServer((socket) => socket.write(start || 'HTTP/1.1', () => setImmediate(() => abort.abort())));
      const before = timers();
      const seen = await observing({ url: server.url, signal: abort.signal, client: new AmpClient('0.0.0') });
      assert.equal(seen.kind, 'unanswered');
      await server.close();
      await new Promise(setImmediate);
      assert.ok(timers() <= before, 'a timer is left');
    }
  });

  it('is not even asked when the caller gave up before', async () => {
    const server = await httpServer((_, response) => response.end());
    assert.equal((await observing({ url: server.url, signal: AbortSignal.abort() })).kind, 'unanswered');
    assert.deepEqual(server.asked, []);
    await server.close();
  });
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function send(socket: net.Socket, encoding: string, bytes: Buffer): void {
  socket.write(`${head}content-encoding: ${encoding}\r\ncontent-length: ${bytes.length}\r\n\r\n`);
  socket.write(bytes);
}

/** Sends a first text and then something every few milliseconds. */
function drip(socket: net.Socket, text: string, everyMs: number, how: 'bytes' | 'whole' = 'bytes'): void {
  const hasBody = text.endsWith('\r\n\r\n') && how === 'bytes';
  if (hasBody) socket.write(text);
  let at = 0;
  const timer = setInterval(() => socket.write(how === 'whole' ? text : hasBody ? ' ' : (text[at++] ?? 'x')), everyMs);
  socket.once('close', () => clearInterval(timer));
}

function endless(socket: net.Socket): void {
  socket.write(`${head}\r\n`);
  const piece = Buffer.alloc(1_048_576, ' ');
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}
