import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { closeServer, listen } from '#test/support/localServer';

/** A deployment that records all requests, and whose runs are active until a test ends them. */
export type RequestRecorder = Awaited<ReturnType<typeof startRequestRecorder>>;

interface RunState {
  readonly status: object;
  readonly onRequest?: ((pid: number) => void) | undefined;
}

const running = {
  state: 'RUNNING',
  status: 'Task is Running',
  progress: { unit: 'task', completed: 0, total: 3, current: 'research_task', current_agent: 'Researcher' },
};
const ended = {
  SUCCESS: { state: 'SUCCESS', status: null, result: 'All is well.' },
  FAILED: { state: 'FAILED', status: 'ValueError: SERPER_API_KEY is not set', result: null },
};

export async function startRequestRecorder(pids: () => readonly number[]) {
  const runs = new Map<string, RunState>();
  const requests: { readonly at: number; readonly pid: number | undefined }[] = [];
  const server = createServer((request, response) => {
    const of = request.url?.split('/').at(-1) ?? '';
    const pid = sender(request, pids());
    requests.push({ at: Date.now(), pid });
    const state = runs.get(of);
    if (state?.onRequest && pid !== undefined) {
      runs.set(of, { status: state.status });
      state.onRequest(pid);
    }
    const body = of === 'inputs' ? { inputs: [] } : state?.status;
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? { detail: 'Not Found' }));
  });
  return {
    url: await listen(server),
    requests,
    addRun: () => {
      const id = randomUUID();
      runs.set(id, { status: running });
      return id;
    },
    /** Ends a run. Before the response to the next request, calls `onRequest` with the process ID of the sender. */
    end: (id: string, outcome: 'SUCCESS' | 'FAILED', onRequest?: (pid: number) => void): void =>
      void runs.set(id, { status: ended[outcome], onRequest }),
    stop: () => closeServer(server),
  };
}

/** Returns the process that has the other end of the connection. Works only while the connection is open. */
function sender({ socket }: IncomingMessage, pids: readonly number[]): number | undefined {
  const place = `:${(socket.remotePort ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const connections = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const inode = connections.find(([, local]) => local?.endsWith(place))?.[9];
  return pids.find((pid) => openFiles(pid).includes(`socket:[${inode}]`));
}

function openFiles(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((name) => linked(`${folder}/${name}`));
  } catch {
    return [];
  }
}

function linked(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
