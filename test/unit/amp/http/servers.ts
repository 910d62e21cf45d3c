import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

/** A test server on this machine. */
export interface Server {
  readonly port: number;
  readonly url: string;
  /** Resolves when every connection is closed. A connection that the client leaves open makes the test time out. */
  close(): Promise<void>;
}

/** A request that an HTTP server received. */
export interface RecordedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
}

/** Starts an HTTP server that records its requests. */
export async function httpServer(answer: http.RequestListener): Promise<Server & { readonly requests: RecordedRequest[] }> {
  const requests: RecordedRequest[] = [];
  return { ...(await listening(http.createServer(recording(answer, requests)))), requests };
}

/** A pre-shared key for TLS, so that the tests need no certificate. */
const key = Buffer.from('both of us know this');
const byKey = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

/** Starts an HTTPS server that records its requests. Clients need an agent from `trustingKeys`. */
export async function httpsByKey(answer: http.RequestListener): Promise<Server & { readonly requests: RecordedRequest[] }> {
  const requests: RecordedRequest[] = [];
  return { ...(await listening(https.createServer({ ...byKey, pskCallback: () => key }, recording(answer, requests)))), requests };
}

/** Returns an agent for `httpsByKey` servers. The agent calls `connecting` for each connection. */
export function trustingKeys(connecting: () => void): https.Agent {
  const checkServerIdentity = (): undefined => {
    connecting();
    return undefined;
  };
  return new https.Agent({ ...byKey, pskCallback: () => ({ psk: key, identity: 'tests' }), checkServerIdentity });
}

function recording(answer: http.RequestListener, requests: RecordedRequest[]): http.RequestListener {
  return (request, response) => {
    const { authorization, 'user-agent': userAgent } = request.headers;
    requests.push({ path: request.url ?? '', authorization, userAgent });
    answer(request, response);
  };
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A failed test must not keep the process running.
  server.unref();
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
      // The sockets emit `close` after the server does.
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    },
  };
}

/** Returns the number of active timers of this process. */
export function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
