import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from '#test/support/localServer';
import { Deployment, type AcceptedStart, type DeploymentScript, type ScriptedRun } from './deployment';
import { reply } from './reply';
import type { Time } from './run';
import type { Trouble } from './trouble';

export interface SimulatorOptions {
  readonly deployments: readonly DeploymentScript[];
  /** The port of the first deployment. The other deployments use the next ports. The default 0 means free ports. */
  readonly port?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Script seconds per clock second. */
  readonly speed?: number;
  /** Whether added runs start at their first status request. */
  readonly startsWhenPolled?: boolean;
}

interface RequestSeen {
  readonly at: number;
  readonly deployment: string;
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
}

/** A deployment with its own URL. */
export interface SimulatedDeployment {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  /** Sets the token. The old token is rejected from the next request on. */
  readonly setToken: (token: string) => void;
  /** Replaces the faults of all requests. The times of the new faults count from now. An empty list ends all faults. */
  readonly setTrouble: (troubles: readonly Trouble[]) => void;
  /** The runs that POST /kickoff started, with the request bodies. */
  readonly starts: readonly AcceptedStart[];
  /** Adds a run and returns its ID. */
  readonly addRun: (run?: ScriptedRun) => string;
}

export interface Simulator {
  readonly deployments: readonly SimulatedDeployment[];
  /** All requests to all deployments, in order. */
  readonly requests: readonly RequestSeen[];
  /** Returns the deployment with this name, by default the first deployment. */
  readonly deployment: (name?: string) => SimulatedDeployment;
  /** Adds a run to the named deployment, by default the first deployment. Returns the ID of the run. */
  readonly addRun: (run?: ScriptedRun & { readonly deployment?: string }) => string;
  /** Stops the servers and closes all connections, including stalled connections. */
  readonly stop: () => Promise<void>;
}

/** Starts one server for each deployment, so that each deployment has its own origin. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { now = Date.now, speed = 1, startsWhenPolled = false, port = 0 } = options;
  const requests: RequestSeen[] = [];
  const servers: Server[] = [];
  const deployments: SimulatedDeployment[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
  };

  try {
    for (const [index, script] of options.deployments.entries()) {
      const deployment = new Deployment(script, { now, speed, startsWhenPolled });
      const server = serverOf(deployment, { now, speed, requests });
      const url = await listen(server, port === 0 ? 0 : port + index);
      servers.push(server);
      deployments.push(withUrl(deployment, url));
    }
  } catch (error) {
    await stop();
    throw error;
  }

  const deployment = (name = deployments[0]?.name): SimulatedDeployment => {
    const found = deployments.find((one) => one.name === name);
    if (!found) throw new Error(`There is no deployment ${name}.`);
    return found;
  };
  return { deployments, requests, deployment, addRun: ({ deployment: name, ...run } = {}) => deployment(name).addRun(run), stop };
}

function withUrl(deployment: Deployment, url: string): SimulatedDeployment {
  return {
    name: deployment.script.name,
    url,
    get token() {
      return deployment.token;
    },
    starts: deployment.starts,
    setToken: (token) => deployment.setToken(token),
    setTrouble: (troubles) => deployment.setTrouble(troubles),
    addRun: (run) => deployment.addRun(run),
  };
}

function serverOf(deployment: Deployment, { now, speed, requests }: Time & { requests: RequestSeen[] }): Server {
  return createServer((request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    const { authorization } = request.headers;
    const seen = { at: now(), deployment: deployment.script.name, method, path };
    requests.push({ ...seen, ...(authorization !== undefined && { authorization }) });
    text(request)
      .then((body) => reply(deployment.answer({ method, path, authorization, body }), response, { now, speed }))
      .catch(() => response.destroy());
  });
}
