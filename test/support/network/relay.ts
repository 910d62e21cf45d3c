import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { listen } from '../localServer';
import type { Identity } from './certificate';

/** A relay that forwards every byte to a server on this machine. A test can make the relay unreachable, or change its certificate. */
export interface Relay {
  readonly port: number;
  /** Stops listening, so that connections are refused. */
  readonly stop: () => Promise<void>;
  /** Listens again, on the same port. */
  readonly start: () => Promise<unknown>;
  /** Uses another certificate from the next connection on. */
  readonly show: (identity: Identity) => void;
}

/**
 * Starts a relay, which uses TLS if it has an identity. With a `host` that no other program uses, the port stays free while the relay is
 * closed.
 */
export async function startRelay(
  to: number,
  { host = '127.0.0.1', identity }: { host?: string; identity?: Identity } = {},
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const handOn = (socket: Socket): void => joined(socket, connect(to, '127.0.0.1'), sockets);
  const server: Server | TlsServer = identity ? createTlsServer(identity, handOn) : createServer(handOn);
  const port = Number(new URL(await listen(server, 0, host)).port);
  return {
    port,
    start: () => listen(server, port, host),
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    show: (next) => {
      if ('setSecureContext' in server) server.setSecureContext(next);
    },
  };
}

/** Forwards data between two sockets. When one socket closes, closes the other socket. */
export function joined(one: Socket, other: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }
}
