import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { listen } from '../localServer';
import type { Identity } from './certificate';

/**
 * Starts a relay that forwards every byte to a server on this machine, with TLS if it has an identity. With a `host` that no other program
 * uses, the port stays free while the relay is closed.
 */
export async function startRelay(to: number, { host = '127.0.0.1', identity }: { host?: string; identity?: Identity } = {}) {
  const sockets = new Set<Socket>();
  const handOn = (socket: Socket): void => joined(socket, connect(to, '127.0.0.1'), sockets);
  const server: Server | TlsServer = identity ? createTlsServer(identity, handOn) : createServer(handOn);
  const port = Number(new URL(await listen(server, 0, host)).port);
  return {
    port,
    /** Listens again, on the same port. */
    start: () => listen(server, port, host),
    /** Stops listening, so that connections are refused. */
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    /** Uses another certificate from the next connection on. */
    show: (next: Identity) => {
      if ('setSecureContext' in server) server.setSecureContext(next);
    },
  };
}

/** Forwards data between two sockets. When one socket closes, closes the other socket. */
export function joined(one: Socket, other: Socket, sockets: Set<Socket>): void {
  sockets.add(one);
  pipeline(one, other, one, () => sockets.delete(one));
}
