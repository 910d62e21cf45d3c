import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { closeServer, listen } from '../localServer';
import { joined } from './relay';

/** Starts a proxy that connects every host name to this machine. */
export async function startProxy() {
  /** Every request as `GET host:port` or `CONNECT host:port`, in the order of arrival. */
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let isRefusing = false;
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${new URL(request.url ?? '').host}`);
    if (isRefusing) response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
    else forward(request, response);
  });
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    requests.push(`CONNECT ${url}`);
    if (isRefusing) socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n');
    else tunnel(socket, Number(url.split(':').at(-1)), sockets);
  });
  return {
    url: await listen(server),
    requests,
    /** Sets whether the proxy rejects requests without credentials. */
    setRefusing: (next: boolean) => (isRefusing = next),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await closeServer(server);
    },
  };
}

function forward(request: IncomingMessage, response: ServerResponse): void {
  const { port, pathname } = new URL(request.url ?? '');
  const { method, headers } = request;
  const onward = sendRequest({ host: '127.0.0.1', port, path: pathname, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.writeHead(502).end());
  request.pipe(onward);
}

function tunnel(socket: Socket, port: number, sockets: Set<Socket>): void {
  const onward = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    joined(socket, onward, sockets);
  });
  onward.on('error', () => socket.destroy());
}
