import { createServer } from 'node:http';
import { closeServer, listen } from '#test/support/localServer';

/** A server that must never receive a request. */
export type Sink = Awaited<ReturnType<typeof startSink>>;

/** Starts a deployment without any runs, which returns the status responses that a test sets. */
export async function startCanned() {
  const statuses = new Map<string, string>();
  const server = createServer(({ url = '' }, response) => {
    const body = url.startsWith('/inputs') ? '{"inputs":[]}' : statuses.get(decodeURIComponent(url.split('/').at(-1) ?? ''));
    response
      .writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(body ?? '{"error":"Execution not found"}');
  });
  return {
    url: await listen(server),
    /** Sets the response for a run. A string is sent unchanged as the body. */
    setStatus: (id: string, status: object | string) => statuses.set(id, typeof status === 'string' ? status : JSON.stringify(status)),
    stop: () => closeServer(server),
  };
}

/** Starts a server that records the paths of all requests. */
export async function startSink() {
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    requests.push(url);
    response.writeHead(204).end();
  });
  return { url: await listen(server), requests, stop: () => closeServer(server) };
}
