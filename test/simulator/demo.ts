import type { Breakage } from './breakage';
import type { RunScript } from './runScript';
import * as scripts from './scripts';
import { startSimulator, type Simulator } from './server';

/** A prepared run, and a description of its behavior. */
interface ReadyRun {
  readonly id: string;
  readonly shows: string;
}

export interface Demo {
  readonly simulator: Simulator;
  readonly runs: ReadonlyMap<string, readonly ReadyRun[]>;
}

type Ready = ReadyRun & { readonly script: RunScript; readonly isOver?: true };

const ready: Readonly<Record<string, readonly Ready[]>> = {
  [scripts.liveCrew.name]: [
    { id: 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01', script: scripts.research, shows: 'three tasks, a Markdown report after 26 s' },
    { id: 'c0ffee02-5b1e-4f44-a3b9-f1fc22a90d02', script: scripts.failing, shows: 'fails after 12 s: SERPER_API_KEY is not set' },
    { id: 'c0ffee03-5b1e-4f44-a3b9-f1fc22a90d03', script: scripts.research, shows: 'succeeded an hour ago', isOver: true },
    { id: 'c0ffee04-5b1e-4f44-a3b9-f1fc22a90d04', script: scripts.jsonResult, shows: 'a JSON output' },
    { id: 'c0ffee05-5b1e-4f44-a3b9-f1fc22a90d05', script: scripts.throttled, shows: 'returns 429 with Retry-After twice' },
    { id: 'c0ffee06-5b1e-4f44-a3b9-f1fc22a90d06', script: scripts.serverSpell, shows: 'returns 500 for 10 s, then continues' },
    { id: 'c0ffee07-5b1e-4f44-a3b9-f1fc22a90d07', script: scripts.gatewayPages, shows: 'returns HTML instead of JSON twice' },
    { id: 'c0ffee08-5b1e-4f44-a3b9-f1fc22a90d08', script: scripts.notFoundForAWhile, shows: 'returns NOT FOUND for 8 s, then continues' },
    { id: 'c0ffee09-5b1e-4f44-a3b9-f1fc22a90d09', script: scripts.unknownWord, shows: 'reports the unknown status REHYDRATING for 9 s' },
    { id: 'c0ffee0a-5b1e-4f44-a3b9-f1fc22a90d0a', script: scripts.stuck, shows: 'stops progressing after 12 s' },
    { id: 'c0ffee0b-5b1e-4f44-a3b9-f1fc22a90d0b', script: scripts.huge(), shows: 'a report of 2 MB' },
    { id: 'c0ffee0c-5b1e-4f44-a3b9-f1fc22a90d0c', script: scripts.slow, shows: 'responds 4 s late, then in small pieces, then normally' },
    { id: 'c0ffee0d-5b1e-4f44-a3b9-f1fc22a90d0d', script: scripts.huge(10), shows: 'a report of 10 MB' },
    { id: 'c0ffee0e-5b1e-4f44-a3b9-f1fc22a90d0e', script: scripts.dense(10), shows: '10 MB of JSON, mostly brackets' },
    { id: 'c0ffee0f-5b1e-4f44-a3b9-f1fc22a90d0f', script: scripts.huge(70), shows: 'a report of 70 MB, which is too large to store' },
  ],
  [scripts.documentedCrew.name]: [
    {
      id: 'abcd1234-5678-90ef-ghij-klmnopqrstuv',
      script: scripts.research,
      shows: "the ID from CrewAI's documentation: three tasks, a report",
    },
    { id: 'decade01-5b1e-4f44-a3b9-f1fc22a90d01', script: scripts.chinese, shows: 'a Chinese report after 12 s' },
    {
      id: 'decade02-5b1e-4f44-a3b9-f1fc22a90d02',
      script: scripts.refusedInMidRun,
      shows: 'returns 401 after 8 s; set the token again to continue',
    },
  ],
  [scripts.liveFlow.name]: [
    { id: 'f10f0001-5b1e-4f44-a3b9-f1fc22a90d01', script: scripts.research, shows: 'four steps without a total' },
    { id: 'f10f0002-5b1e-4f44-a3b9-f1fc22a90d02', script: scripts.waitsForHuman, shows: 'waits for human input after 17 s' },
    { id: 'f10f0003-5b1e-4f44-a3b9-f1fc22a90d03', script: scripts.objectResult, shows: 'an output that is an object' },
  ],
};

const inputs = { topic: 'AI agents', audience: 'engineers' };

/** Starts the deployments of the demo. Their prepared runs start at their first status request. */
export async function startDemo(options: { port?: number; speed?: number; breaks?: Breakage; now?: () => number } = {}): Promise<Demo> {
  const { now = Date.now } = options;
  const deployments = [scripts.liveCrew, scripts.documentedCrew, scripts.liveFlow];
  const simulator = await startSimulator({ ...options, deployments, startsWhenPolled: true });

  for (const [deployment, runs] of Object.entries(ready))
    for (const { id, script, isOver } of runs)
      simulator.addRun({ deployment, id, script, inputs, ...(isOver && { startedAt: now() - 3_600_000 }) });
  return { simulator, runs: new Map(Object.entries(ready)) };
}

/** Returns URLs, tokens, and runs as text, for a first try. */
export function listing({ simulator, runs }: Demo): string {
  const parts = simulator.deployments.map(({ name, url, token }) => {
    const ids = runs.get(name) ?? [];
    return [name, `  URL    ${url}`, `  token  ${token}`, ...ids.map(({ id, shows }) => `  ${id}  ${shows}`)].join('\n');
  });
  const { url, token } = simulator.deployment();
  return [
    ...parts,
    'Start a new run:',
    `curl -s -X POST ${url}/kickoff -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${JSON.stringify({ inputs })}'`,
  ].join('\n\n');
}
