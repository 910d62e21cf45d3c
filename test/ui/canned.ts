import { createServer } from 'node:http';
import { closeServer, listen } from '#test/support/localServer';

/** A deployment that returns the status responses that a test sets. */
export interface Canned {
  readonly url: string;
  /** Sets the response for a run. A string is sent unchanged as the body. */
  setStatus(id: string, status: object | string): void;
  stop(): Promise<void>;
}

/** A server that must never receive a request. */
export interface Sink {
  readonly url: string;
  readonly requests: string[];
  stop(): Promise<void>;
}

/** Starts a deployment without any runs. */
export async function startCanned(): Promise<Canned> {
  const statuses = new Map<string, string>();
  const server = createServer(({ url = '' }, response) => {
    const body = url.startsWith('/inputs') ? '{"inputs":[]}' : statuses.get(decodeURIComponent(url.split('/').at(-1) ?? ''));
    response
      .writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(body ?? '{"error":"Execution not found"}');
  });
  return {
    url: await listen(server),
    setStatus: (id, status) => statuses.set(id, typeof status === 'string' ? status : JSON.stringify(status)),
    stop: () => closeServer(server),
  };
}

/** Starts a server that records the paths of all requests. */
export async function startSink(): Promise<Sink> {
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    response.writeHead(204).end();
  });
  return { url: await listen(server), requests, stop: () => closeServer(server) };
}
