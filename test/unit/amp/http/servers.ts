import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

/** A server on this machine that a test talks to. */
export interface Server {
  readonly port: number;
  readonly url: string;
  /** Ends when every connection has: what a client leaves open makes the test time out. */
  close(): Promise<void>;
}

/** What an HTTP server was asked. */
export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
}

/** An HTTP server that keeps what it was asked. */
export async function httpServer(answer: http.RequestListener): Promise<Server & { readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  return { ...(await listening(http.createServer(recording(answer, asked)))), asked };
}

/** By a key that both know, encryption needs no certificate, and so the tests hold none. */
const key = Buffer.from('both of us know this');
const byKey = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;

/** The same behind TLS, for clients with an agent of `trustingKeys`. */
export async function httpsByKey(answer: http.RequestListener): Promise<Server & { readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  return { ...(await listening(https.createServer({ ...byKey, pskCallback: () => key }, recording(answer, asked)))), asked };
}

/** An agent that reaches those; `connecting` is called for each connection. */
export function trustingKeys(connecting: () => void): https.Agent {
  const checkServerIdentity = (): undefined => {
    connecting();
    return undefined;
  };
  return new https.Agent({ ...byKey, pskCallback: () => ({ psk: key, identity: 'tests' }), checkServerIdentity });
}

function recording(answer: http.RequestListener, asked: Asked[]): http.RequestListener {
  return (request, response) => {
    const { authorization, 'user-agent': userAgent } = request.headers;
    asked.push({ path: request.url ?? '', authorization, userAgent });
    answer(request, response);
  };
}

/** A server that does to a connection what it likes, once a request has come. */
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
  // A test that failed must not keep the run from ending.
  server.unref();
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
      // The sockets' own `close` comes after the server's.
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    },
  };
}
