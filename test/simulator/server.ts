import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listen } from '#test/support/localServer';
import { Deployment, type DeploymentScript, type ScriptedRun } from './deployment';
import { reply } from './reply';
import type { Time } from './run';

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

export type SimulatedDeployment = ReturnType<typeof withUrl>;

export type Simulator = Awaited<ReturnType<typeof startSimulator>>;

/** Starts one server for each deployment, so that each deployment has its own origin. */
export async function startSimulator(options: SimulatorOptions) {
  const { now = Date.now, speed = 1, startsWhenPolled = false, port = 0 } = options;
  const requests: RequestSeen[] = [];
  const servers: Server[] = [];
  const deployments: SimulatedDeployment[] = [];
  /** Stops the servers and closes all connections, including stalled connections. */
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

  /** Returns the deployment with this name, by default the first deployment. */
  const deployment = (name = deployments[0]?.name): SimulatedDeployment => {
    const found = deployments.find((one) => one.name === name);
    if (!found) throw new Error(`There is no deployment ${name}.`);
    return found;
  };
  /** Adds a run to the named deployment, by default the first deployment. Returns the ID of the run. */
  const addRun = ({ deployment: name, ...run }: ScriptedRun & { readonly deployment?: string } = {}) => deployment(name).addRun(run);
  return { deployments, requests, deployment, addRun, stop };
}

function withUrl(deployment: Deployment, url: string) {
  const { script, setToken, setTrouble, addRun } = deployment;
  return {
    ...{ name: script.name, url, setToken, setTrouble, addRun },
    get token() {
      return deployment.token;
    },
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
