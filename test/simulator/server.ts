import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Breakage } from './breakage';
import { Deployment, type DeploymentScript, type ScriptedRun } from './deployment';
import { reply } from './reply';
import type { Time } from './run';
import type { Trouble } from './trouble';

export interface SimulatorOptions {
  readonly deployments: readonly DeploymentScript[];
  /** The port of the first deployment, the others follow; any free ones when 0 or left out. */
  readonly port?: number;
  readonly host?: '127.0.0.1';
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Seconds of a script in one second of the clock. */
  readonly speed?: number;
  /** Runs that are added start when they are first asked about. */
  readonly startsWhenAsked?: boolean;
  readonly breaks?: Breakage;
}

/** A request as it arrived. */
interface RequestSeen {
  readonly at: number;
  readonly deployment: string;
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly userAgent?: string;
}

/** A deployment under its own address. */
export interface SimulatedDeployment {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  /** The old token is refused from the next request on. */
  readonly setToken: (token: string) => void;
  /** What goes wrong with every request to any route, counted from this moment; an empty list heals. */
  readonly setTrouble: (troubles: readonly Trouble[]) => void;
  /** Gives the id of the run. */
  readonly addRun: (run?: ScriptedRun) => string;
}

export interface Simulator {
  readonly deployments: readonly SimulatedDeployment[];
  /** Every request to any of the deployments, in the order of arrival. */
  readonly requests: readonly RequestSeen[];
  /** The first deployment, or the one of that name. */
  readonly deployment: (name?: string) => SimulatedDeployment;
  /** Adds a run to the first deployment, or the one that is named, and gives its id. */
  readonly addRun: (run?: ScriptedRun & { readonly deployment?: string }) => string;
  /** Cuts all connections, stalled ones too. */
  readonly stop: () => Promise<void>;
}

const host = '127.0.0.1';

/** Starts one server for each deployment, so that each has an origin of its own. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { now = Date.now, speed = 1, startsWhenAsked = false, breaks, port = 0 } = options;
  const requests: RequestSeen[] = [];
  const servers: Server[] = [];
  const deployments: SimulatedDeployment[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(closed));
  };

  try {
    for (const [index, script] of options.deployments.entries()) {
      const deployment = new Deployment(script, { now, speed, startsWhenAsked, breaks });
      const server = serverOf(deployment, { now, speed, requests });
      await listening(server, port === 0 ? 0 : port + index);
      servers.push(server);
      deployments.push(addressed(deployment, server));
    }
  } catch (error) {
    await stop();
    throw error;
  }

  const deployment = (name?: string): SimulatedDeployment => {
    const found = name === undefined ? deployments[0] : deployments.find((one) => one.name === name);
    if (!found) throw new Error(`There is no deployment ${name ?? 'at all'}.`);
    return found;
  };
  return { deployments, requests, deployment, addRun: ({ deployment: name, ...run } = {}) => deployment(name).addRun(run), stop };
}

function addressed(deployment: Deployment, server: Server): SimulatedDeployment {
  const { port } = server.address() as AddressInfo;
  const { name, basePath = '' } = deployment.script;
  return {
    name,
    url: `http://${host}:${port}${basePath}`,
    get token() {
      return deployment.token;
    },
    setToken: (token) => deployment.setToken(token),
    setTrouble: (troubles) => deployment.setTrouble(troubles),
    addRun: (run) => deployment.addRun(run),
  };
}

function serverOf(deployment: Deployment, { now, speed, requests }: Time & { requests: RequestSeen[] }): Server {
  return createServer((request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    const { authorization, 'user-agent': userAgent } = request.headers;
    requests.push({
      at: now(),
      deployment: deployment.script.name,
      method,
      path,
      ...(authorization !== undefined && { authorization }),
      ...(userAgent !== undefined && { userAgent }),
    });
    bodyOf(request).then(
      (body) => reply(deployment.answer({ method, path, authorization, body }), response, { now, speed }),
      () => response.destroy(),
    );
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
