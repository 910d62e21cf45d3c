import type { DeploymentScript } from './deployment';
import { analysis, chineseFindings, chineseReport, denseRows, findings, lead, longReport, report } from './outputs';
import type { Json, RunScript, Task } from './runScript';

const researchTasks: readonly Task[] = [
  {
    name: 'research_task',
    agent: 'Senior Researcher',
    seconds: 9,
    output: findings,
    description: 'Find what is known about the topic.',
    steps: [
      {
        thought: 'I should look for recent sources',
        tool: 'search_the_internet',
        input: { q: 'AI agents survey' },
        result: '1. A survey …',
      },
      {
        thought: 'The survey looks sound, I will read it',
        tool: 'read_website_content',
        input: { url: 'https://example.com/survey' },
        result: '412 engineers …',
      },
    ],
  },
  { name: 'analysis_task', agent: 'Data Analyst', seconds: 8, output: analysis, description: 'Compare the frameworks.' },
  { name: 'reporting_task', agent: 'Reporting Analyst', seconds: 7, output: report, description: 'Write the report.' },
];

const articleSteps: readonly Task[] = [
  { name: 'choose_topic', agent: '', seconds: 3, output: '{topic}' },
  { name: 'write_article', agent: '', seconds: 9, output: findings },
  { name: 'summarize', agent: '', seconds: 5, output: report },
  { name: 'review_article', agent: '', seconds: 4, output: report },
];

/** A crew of three tasks with the live dialect. */
export const liveCrew: DeploymentScript = {
  name: 'research-crew',
  token: 'tok-demo-crew',
  dialect: 'live',
  kind: 'crew',
  tasks: researchTasks,
  inputs: ['topic', 'audience'],
  kickoff: { queueSeconds: 2 },
};

/** The same crew with the documented dialect. */
export const documentedCrew: DeploymentScript = { ...liveCrew, name: 'documented-crew', token: 'tok-demo-page', dialect: 'documented' };

/** A flow, with steps instead of tasks and without a total. */
export const liveFlow: DeploymentScript = {
  name: 'article-flow',
  token: 'tok-demo-flow',
  dialect: 'live',
  kind: 'flow',
  tasks: articleSteps,
  inputs: ['topic', 'id'],
  kickoff: { queueSeconds: 1 },
};

/** A successful run of about 25 seconds with a short wait in the queue. */
export const research: RunScript = { queueSeconds: 2 };

export const failing: RunScript = { queueSeconds: 1, endsWith: 'failure', endsAfter: 11, reason: 'ValueError: SERPER_API_KEY is not set' };

/** A run whose deployment rejects the token once during the run. The run continues when the user sets a valid token. */
export const refusedInMidRun: RunScript = { trouble: [{ from: 8, requests: 1, kind: 'unauthorized' }] };

/** A run with two throttled requests. */
export const throttled: RunScript = { trouble: [{ from: 6, requests: 2, kind: 'throttled', retryAfter: 8 }] };

export const serverSpell: RunScript = { trouble: [{ from: 5, seconds: 10, kind: 'serverError' }] };

/** A run with a gateway's 502 page, then an HTML page with 200. */
export const gatewayPages: RunScript = {
  trouble: [
    { from: 5, requests: 1, kind: 'html' },
    { from: 10, requests: 1, kind: 'html', status: 200 },
  ],
};

export const notFoundForAWhile: RunScript = { trouble: [{ from: 6, seconds: 8, kind: 'notFound' }] };

export const chinese: RunScript = {
  tasks: [
    { name: 'research_task', agent: '旅行研究员', seconds: 6, output: chineseFindings },
    { name: 'planning_task', agent: '行程规划师', seconds: 6, output: chineseReport },
  ],
};

export const unknownWord: RunScript = { trouble: [{ from: 4, seconds: 9, kind: 'word', word: 'REHYDRATING' }] };

/** A run of a flow that waits for human input. A waiting crew reports NOT FOUND. */
export const waitsForHuman: RunScript = { endsWith: 'waiting' };

export const jsonResult: RunScript = { output: JSON.stringify(lead) };

/** A run whose result is an object. */
export const objectResult: RunScript = { output: lead };

/** A run whose worker died, so that the run stays RUNNING. */
export const stuck: RunScript = { endsWith: 'never', endsAfter: 12 };

/** Returns a run with a report of about this many megabytes. */
export function huge(megabytes = 2): RunScript {
  return { output: once(() => longReport(megabytes)) };
}

/** Returns a run with about this many megabytes of JSON that is mostly brackets. */
export function dense(megabytes: number): RunScript {
  return { output: once(() => denseRows(megabytes)) };
}

/** A run whose responses are first 4 s late, then come in pieces, then are normal. */
export const slow: RunScript = {
  trouble: [
    { from: 0, seconds: 8, kind: 'slow', latency: 4 },
    { from: 8, seconds: 10, kind: 'slow', drip: { pieces: 12, every: 0.5 } },
  ],
};

function once(make: () => Json): () => Json {
  let made: Json | undefined;
  return () => (made ??= make());
}
