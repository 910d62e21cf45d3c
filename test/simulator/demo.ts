import { chineseFindings, chineseReport, lead } from './outputs';
import type { RunScript } from './runScript';
import { dense, documentedCrew, failing, huge, liveCrew, liveFlow, waitsForHuman } from './scripts';
import { startSimulator } from './server';

const research: RunScript = { queueSeconds: 2 };
const chinese: RunScript = {
  tasks: [
    { name: 'research_task', agent: '旅行研究员', seconds: 6, output: chineseFindings },
    { name: 'planning_task', agent: '行程规划师', seconds: 6, output: chineseReport },
  ],
};

/** Returns a run whose ID begins with these eight characters. */
function run(short: string, shows: string, script: RunScript, isOver = false) {
  return { id: `${short}-5b1e-4f44-a3b9-f1fc22a90d${short.slice(-2)}`, shows, script, isOver };
}

const crewRuns = [
  run('c0ffee01', 'three tasks, a Markdown report after 26 s', research),
  run('c0ffee02', 'fails after 12 s: SERPER_API_KEY is not set', failing),
  run('c0ffee03', 'succeeded an hour ago', research, true),
  run('c0ffee04', 'a JSON output', { output: JSON.stringify(lead) }),
  run('c0ffee05', 'returns 429 with Retry-After twice', { trouble: [{ from: 6, requests: 2, kind: 'throttled', retryAfter: 8 }] }),
  run('c0ffee06', 'returns 500 for 10 s, then continues', { trouble: [{ from: 5, seconds: 10, kind: 'serverError' }] }),
  run('c0ffee07', 'returns HTML instead of JSON twice', {
    trouble: [
      { from: 5, requests: 1, kind: 'html' },
      { from: 10, requests: 1, kind: 'html', status: 200 },
    ],
  }),
  run('c0ffee08', 'returns NOT FOUND for 8 s, then continues', { trouble: [{ from: 6, seconds: 8, kind: 'notFound' }] }),
  run('c0ffee09', 'reports the unknown status REHYDRATING for 9 s', {
    trouble: [{ from: 4, seconds: 9, kind: 'word', word: 'REHYDRATING' }],
  }),
  run('c0ffee0a', 'stops progressing after 12 s', { endsWith: 'never', endsAfter: 12 }),
  run('c0ffee0b', 'a report of 2 MB', huge(2)),
  run('c0ffee0c', 'responds 4 s late, then in small pieces, then normally', {
    trouble: [
      { from: 0, seconds: 8, kind: 'slow', latency: 4 },
      { from: 8, seconds: 10, kind: 'slow', drip: { pieces: 12, every: 0.5 } },
    ],
  }),
  run('c0ffee0d', 'a report of 10 MB', huge(10)),
  run('c0ffee0e', '10 MB of JSON, mostly brackets', dense(10)),
  run('c0ffee0f', 'a report of 70 MB, which is too large to store', huge(70)),
];

const documentedRuns = [
  { ...run('', "the ID from CrewAI's documentation: three tasks, a report", research), id: 'abcd1234-5678-90ef-ghij-klmnopqrstuv' },
  run('decade01', 'a Chinese report after 12 s', chinese),
  run('decade02', 'returns 401 after 8 s; set the token again to continue', { trouble: [{ from: 8, requests: 1, kind: 'unauthorized' }] }),
];

const flowRuns = [
  run('f10f0001', 'four steps without a total', research),
  run('f10f0002', 'waits for human input after 17 s', waitsForHuman),
  run('f10f0003', 'an output that is an object', { output: lead }),
];

const inputs = { topic: 'AI agents', audience: 'engineers' };

/** Starts the deployments of the demo. Their prepared runs start at their first status request. */
export async function startDemo(options: { port?: number; speed?: number; now?: () => number } = {}) {
  const { now = Date.now } = options;
  const simulator = await startSimulator({ ...options, deployments: [liveCrew, documentedCrew, liveFlow], startsWhenPolled: true });
  const runs = new Map([
    [liveCrew.name, crewRuns],
    [documentedCrew.name, documentedRuns],
    [liveFlow.name, flowRuns],
  ]);
  for (const [deployment, ready] of runs)
    for (const { id, script, isOver } of ready)
      simulator.addRun({ deployment, id, script, inputs, ...(isOver && { startedAt: now() - 3_600_000 }) });
  return { simulator, runs };
}

/** Returns URLs, tokens, and runs as text, for a first try. */
export function listing({ simulator, runs }: Awaited<ReturnType<typeof startDemo>>): string {
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
