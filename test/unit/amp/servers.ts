import assert from 'node:assert/strict';
import http from 'node:http';
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
  const server = http.createServer((request, response) => {
    const { authorization, 'user-agent': userAgent } = request.headers;
    asked.push({ path: request.url ?? '', authorization, userAgent });
    answer(request, response);
  });
  return { ...(await listening(server)), asked };
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
