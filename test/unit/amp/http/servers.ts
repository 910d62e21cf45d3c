import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { listen } from '#test/support/localServer';

/** A test server on this machine. */
export interface Server {
  readonly port: number;
  readonly url: string;
  /** Resolves when the client has closed its connections. Closes a connection that is open for another second, and then rejects. */
  close(): Promise<void>;
}

/** A server that records its requests. */
export type RecordingServer = Server & { readonly requests: readonly http.IncomingMessage[] };

const running = new Set<Server>();
/** The tests that left a connection open. They are reported at the end, because a failed `afterEach` hook would abort the other tests. */
const leaks: string[] = [];
afterEach(async function () {
  await Promise.all([...running].map((server) => server.close().catch(() => leaks.push(this.currentTest?.fullTitle() ?? ''))));
});
after(() => assert.deepEqual(leaks, [], 'tests left connections open'));

/** Starts an HTTP server that records its requests. */
export function httpServer(respond: http.RequestListener): Promise<RecordingServer> {
  return recording(http.createServer(respond));
}

/** A pre-shared key for TLS, so that the tests need no certificate. */
const key = Buffer.from('both of us know this');
const byKey = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

/** Starts an HTTPS server that records its requests. Clients need an agent from `trustingKeys`. */
export function httpsByKey(respond: http.RequestListener): Promise<RecordingServer> {
  return recording(https.createServer({ ...byKey, pskCallback: () => key }, respond));
}

/** Returns an agent for `httpsByKey` servers. The agent calls `connecting` for each connection. */
export function trustingKeys(connecting: () => void): https.Agent {
  const checkServerIdentity = (): undefined => {
    connecting();
    return undefined;
  };
  return new https.Agent({ ...byKey, pskCallback: () => ({ psk: key, identity: 'tests' }), checkServerIdentity });
}

async function recording(server: http.Server): Promise<RecordingServer> {
  const requests: http.IncomingMessage[] = [];
  server.on('request', (request) => requests.push(request));
  return { ...(await listening(server)), requests };
}

/** Starts a TCP server that calls `serve` with each socket when its first bytes arrive. */
export async function rawServer(serve: (socket: net.Socket) => void): Promise<Server> {
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => serve(socket));
    socket.resume();
  });
  return listening(server);
}

async function listening(server: net.Server): Promise<Server> {
  const url = await listen(server);
  // A failed test must not keep the process running.
  server.unref();
  const sockets: net.Socket[] = [];
  server.on('connection', (socket: net.Socket) => sockets.push(socket));
  const started: Server = {
    port: Number(new URL(url).port),
    url,
    close: async () => {
      running.delete(started);
      const left: net.Socket[] = [];
      const limit = setTimeout(() => left.push(...sockets.map((socket) => socket.destroy())), 1_000);
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
      clearTimeout(limit);
      // The sockets emit `close` after the server does.
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      if (left.length > 0) throw new Error('The client left a connection open.');
    },
  };
  running.add(started);
  return started;
}

/** Returns the number of active timers of this process. */
export function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
