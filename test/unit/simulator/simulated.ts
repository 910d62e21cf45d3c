import type { DeploymentScript } from '#test/simulator/deployment';
import type { Task } from '#test/simulator/runScript';
import { startSimulator, type Simulator } from '#test/simulator/server';

export type Body = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty if the response isn't a JSON object. */
  readonly body: Body;
}

export type Simulated = Awaited<ReturnType<typeof simulated>>;

interface RequestOptions {
  readonly deployment?: string;
  /** The default is the deployment's token. `null` sends no token. */
  readonly token?: string | null;
}

export const start = Date.parse('2026-11-25T10:00:00Z');

const tasks: readonly Task[] = [
  { name: 'one', agent: 'Anna', seconds: 10, output: 'first {topic}' },
  { name: 'two', agent: 'Bo', seconds: 20, output: 'second' },
  { name: 'three', agent: 'Cy', seconds: 30, output: '# third' },
];

const crew: DeploymentScript = {
  name: 'crew',
  token: 'tok-demo-a',
  dialect: 'live',
  kind: 'crew',
  tasks,
  inputs: ['topic', 'audience'],
};
const page: DeploymentScript = { ...crew, name: 'page', token: 'tok-demo-b', dialect: 'documented' };
const flow: DeploymentScript = { ...crew, name: 'flow', token: 'tok-demo-c', kind: 'flow' };

const running: Simulator[] = [];

/** Stops the simulators that the tests of a file started. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((one) => one.stop()));
}

/** Starts a simulator with a manual clock, which only `pass` advances. `changes` applies to all deployments. */
export async function simulated(changes: Partial<DeploymentScript> = {}) {
  let now = start;
  const deployments = [crew, page, flow].map((script) => ({ ...script, ...changes, name: script.name }));
  const simulator = await startSimulator({ deployments, now: () => now });
  running.push(simulator);

  const send = async (path: string, init: RequestInit, { deployment, token }: RequestOptions): Promise<Reply> => {
    const there = simulator.deployment(deployment);
    const headers = token === null ? {} : { authorization: `Bearer ${token ?? there.token}` };
    return readReply(await fetch(there.url + path, { headers, ...init }));
  };
  const get = (path: string, options: RequestOptions = {}): Promise<Reply> => send(path, {}, options);
  return {
    simulator,
    pass: (seconds: number) => (now += seconds * 1000),
    status: (id: string, deployment?: string) => get(`/status/${id}`, deployment === undefined ? {} : { deployment }),
    get,
    post: (path: string, body: object | string, options: RequestOptions = {}) =>
      send(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }, options),
  };
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: objectOf(text) };
}

function objectOf(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
