import assert from 'node:assert/strict';
import http from 'node:http';
import type net from 'node:net';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { AmpClient } from '#amp/http/client';
import type { defaultTimeouts } from '#amp/http/deadline';
import { figure } from '#test/support/fuzz';
import { pollOnce, patient, troubleOf } from './testPoll';
import { httpServer, rawServer, timers } from './servers';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const body = '{"state":"SUCCESS","result":"done"}';
/** The headers of a 404, which isn't an unknown ID if its body is incomplete. */
const notFound = 'HTTP/1.1 404 Not Found\r\ncontent-length: 99\r\n\r\n';
const chunked = 'transfer-encoding: chunked\r\n\r\n';
const zeros = Buffer.alloc(80 * 1_024 * 1_024);

const bombs = {
  gzip: gzipSync(zeros, { level: 1 }),
  deflate: deflateSync(zeros, { level: 1 }),
  raw: deflateRawSync(zeros, { level: 1 }),
  br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

const late = { headersMs: 80, postHeadersMs: 80 };
const stalled = { idleMs: 50 };
const endlessly = { totalMs: 300 };
const none = {};
/** Deadlines after the time limit of a test, so that only an abort ends a request in time. */
const never = { headersMs: 100_000, postHeadersMs: 100_000, idleMs: 100_000, totalMs: 100_000 };

/** Servers that stall or break a request, each with the expected problem and the deadline that applies. */
const hostile: readonly (readonly [string, string, Partial<typeof defaultTimeouts>, (socket: net.Socket) => void])[] = [
  ['is silent', 'unreachable', late, () => undefined],
  ['disconnects without a response', 'unreachable', none, (socket) => socket.end()],
  ['resets the connection immediately', 'unreachable', none, (socket) => socket.resetAndDestroy()],
  ['sends half the headers', 'unreachable', late, (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-')],
  ['sends the headers byte by byte', 'unreachable', late, (socket) => drip(socket, Array.from(head))],
  ['endlessly sends 100 Continue', 'unreachable', late, (socket) => drip(socket, [], 'HTTP/1.1 100 Continue\r\n\r\n')],
  ["doesn't speak HTTP", 'notAnAnswer', none, (socket) => socket.write('220 mail.example ESMTP\r\n')],
  ['sends too many headers', 'notAnAnswer', none, (socket) => socket.write(`${head}${'x-a: b\r\n'.repeat(50_000)}\r\n`)],
  ['stalls after the headers', 'serverTrouble', stalled, (socket) => socket.write(`${head}content-length: 9\r\n\r\n`)],
  ['stalls in the body', 'serverTrouble', stalled, (socket) => socket.write(`${head}content-length: 99\r\n\r\n{"state`)],
  ['endlessly sends single bytes', 'serverTrouble', endlessly, (socket) => drip(socket, [`${head}content-length: 9999\r\n\r\n`], ' ')],
  ['resets the connection in the body', 'serverTrouble', none, (socket) => resetAfter(socket, `${head}content-length: 99\r\n\r\n{`)],
  ['sends fewer bytes than announced', 'serverTrouble', none, (socket) => socket.end(`${head}content-length: 99\r\n\r\n${body}`)],
  ['ends a chunked body too early', 'serverTrouble', none, (socket) => socket.end(`${head}${chunked}5\r\n{"sta\r\n`)],
  ['disconnects in the body of a 404', 'serverTrouble', none, (socket) => socket.end(`${notFound}{"error"`)],
  ['sends an invalid chunk', 'serverTrouble', none, (socket) => socket.write(`${head}${chunked}zz\r\n{}\r\n0\r\n\r\n`)],
  ['announces gzip and sends plain text', 'notAnAnswer', none, (socket) => send(socket, 'gzip', Buffer.from(body))],
  ['announces deflate and stalls', 'unreachable', late, (socket) => send(socket, 'deflate', Buffer.alloc(0), 9)],
  ['announces Brotli and sends plain text', 'notAnAnswer', none, (socket) => send(socket, 'br', Buffer.from(body))],
  ['sends truncated gzip', 'notAnAnswer', none, (socket) => send(socket, 'gzip', gzipSync(body).subarray(0, 30))],
  ['sends an unknown encoding', 'notAnAnswer', none, (socket) => send(socket, 'zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))],
  ['sends a gzip bomb', 'tooLarge', none, (socket) => send(socket, 'gzip', bombs.gzip)],
  ['sends a deflate bomb', 'tooLarge', none, (socket) => send(socket, 'deflate', bombs.deflate)],
  ['sends a raw deflate bomb', 'tooLarge', none, (socket) => send(socket, 'deflate', bombs.raw)],
  ['sends a Brotli bomb', 'tooLarge', none, (socket) => send(socket, 'br', bombs.br)],
  ['never stops sending', 'tooLarge', none, (socket) => endless(socket)],
  ['never stops sending a web page', 'notAnAnswer', none, (socket) => endless(socket, 'text/html; charset=utf-8', '\n<!doctype html>')],
];

describe('A server', () => {
  const original = http.globalAgent;
  // Like the agents of VS Code, this agent doesn't pool connections.
  before(() => void (http.globalAgent = new http.Agent()));
  after(() => void (http.globalAgent = original));

  for (const [what, kind, deadlines, serve] of hostile) {
    it(`that ${what} is reported as the problem ${kind} without leaking a timer or connection`, async () => {
      const server = await rawServer(serve);
      const before = timers();
      const started = performance.now();
      assert.equal(await troubleOf({ url: server.url, client: new AmpClient('0.0.0', { ...patient, ...deadlines }) }), kind);
      // On a busy machine, the request may take longer than the shortened deadline, but not as long as the other deadlines.
      if (deadlines !== none) assert.ok(performance.now() - started < patient.idleMs);
      await server.close();
      await assertNoTimerLeft(before);
    }).timeout(20_000);
  }

  it('that stalls in the TLS handshake is reported as the problem unreachable without leaking a timer or connection', async () => {
    const server = await rawServer(() => undefined);
    const before = timers();
    const client = new AmpClient('0.0.0', { ...patient, ...late });
    assert.equal(await troubleOf({ url: server.url.replace('http:', 'https:'), client }), 'unreachable');
    await server.close();
    await assertNoTimerLeft(before);
    figure(10, `${hostile.length + 1} hostile servers: 0 sockets or timers left`);
  });

  it('that sends a valid status byte by byte is polled successfully with each supported encoding', async () => {
    const encodings = [
      ['identity', Buffer.from(body)],
      ['gzip', gzipSync(body)],
      ['deflate', deflateSync(body)],
      ['deflate', deflateRawSync(body)],
      ['br', brotliCompressSync(body)],
    ] as const;
    for (const [encoding, bytes] of encodings) {
      const server = await rawServer((socket) => {
        send(socket, encoding, Buffer.alloc(0), bytes.length);
        for (const byte of bytes) socket.write(Buffer.from([byte]));
      });
      const seen = await pollOnce({ url: server.url });
      assert.equal(seen.kind, 'answered', encoding);
      assert.deepEqual(seen.body, new Uint8Array(Buffer.from(body)));
      assert.deepEqual(seen.answer.output, { format: 'plain' });
    }
  });

  it('whose error body stalls or is too long is reported with the problem that matches its HTTP status and Retry-After', async () => {
    const now = 1_000_000;
    const client = new AmpClient('0.0.0', { ...patient, ...stalled });
    const heads = [
      [401, '', 'tokenRefused'],
      [500, '', 'serverTrouble'],
      [503, 'retry-after: 17\r\n', 'throttled'],
    ] as const;
    for (const [status, more, kind] of heads) {
      for (const rest of ['content-length: 99\r\n\r\n{', `content-length: 900000\r\n\r\n${'x'.repeat(900_000)}`]) {
        const server = await rawServer((socket) => socket.write(`HTTP/1.1 ${status} No\r\n${more}${rest}`));
        const seen = await pollOnce({ url: server.url, now, client });
        const retryAt = status === 503 ? { retryAt: now + 17_000 } : {};
        assert.partialDeepStrictEqual(seen, { kind: 'unanswered', trouble: { kind, ...retryAt } });
      }
    }
  });

  it('is disconnected without leaking a timer when the caller aborts', async () => {
    for (const start of ['', `${head}content-length: 99\r\n\r\n{`, `${head}content-encoding: gzip\r\ncontent-length: 99\r\n\r\n`]) {
      const abort = new AbortController();
      const server = await rawServer((socket) => socket.write(start || 'HTTP/1.1', () => setImmediate(() => abort.abort())));
      const before = timers();
      const seen = await pollOnce({ url: server.url, signal: abort.signal, client: new AmpClient('0.0.0', never) });
      assert.equal(seen.kind, 'unanswered');
      await server.close();
      await assertNoTimerLeft(before);
    }
  });

  it('gets no request when the caller has already aborted', async () => {
    const server = await httpServer((_, response) => response.end());
    assert.equal((await pollOnce({ url: server.url, signal: AbortSignal.abort() })).kind, 'unanswered');
    assert.deepEqual(server.requests, []);
  });
});

/** Waits until the timers of a request are gone. `before` is the number of timers before the request. */
async function assertNoTimerLeft(before: number): Promise<void> {
  for (let turn = 0; turn < 100 && timers() > before; turn++) await new Promise(setImmediate);
  assert.ok(timers() <= before, 'a timer is left');
}

function send(socket: net.Socket, encoding: string, bytes: Buffer, announced = bytes.length): void {
  socket.write(`${head}content-encoding: ${encoding}\r\ncontent-length: ${announced}\r\n\r\n`);
  socket.write(bytes);
}

/** Sends the texts one after the other, then repeats the last text without end. */
function drip(socket: net.Socket, texts: readonly string[], last = 'x'): void {
  const left = [...texts];
  const timer = setInterval(() => socket.write(left.shift() ?? last), 10);
  socket.once('close', () => clearInterval(timer));
}

function resetAfter(socket: net.Socket, text: string): void {
  socket.write(text, () => setImmediate(() => socket.resetAndDestroy()));
}

function endless(socket: net.Socket, type = 'application/json', start = ''): void {
  socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n\r\n${start}`);
  const piece = Buffer.alloc(1_048_576, ' ');
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}
