import type { DeploymentScript } from './deployment';
import { analysis, denseRows, findings, longReport, report } from './outputs';
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

export const liveCrew: DeploymentScript = {
  name: 'research-crew',
  token: 'tok-demo-crew',
  dialect: 'live',
  kind: 'crew',
  tasks: researchTasks,
  inputs: ['topic', 'audience'],
  kickoff: { queueSeconds: 2 },
};

export const documentedCrew: DeploymentScript = { ...liveCrew, name: 'documented-crew', token: 'tok-demo-page', dialect: 'documented' };

/** A flow, with steps instead of tasks and without a total. */
export const liveFlow: DeploymentScript = {
  name: 'article-flow',
  token: 'tok-demo-flow',
  dialect: 'live',
  kind: 'flow',
  tasks: articleSteps,
  inputs: ['topic', 'id'],
  defaults: { topic: 'the default topic' },
  kickoff: { queueSeconds: 1 },
};

export const failing: RunScript = { queueSeconds: 1, endsWith: 'failure', endsAfter: 11, reason: 'ValueError: SERPER_API_KEY is not set' };

/** A run of a flow that waits for human input. A waiting crew reports NOT FOUND. */
export const waitsForHuman: RunScript = { endsWith: 'waiting' };

/** Returns a run with a report of about this many megabytes. */
export function huge(megabytes: number): RunScript {
  return { output: once(() => longReport(megabytes)) };
}

/** Returns a run with about this many megabytes of JSON that is mostly brackets. */
export function dense(megabytes: number): RunScript {
  return { output: once(() => denseRows(megabytes)) };
}

function once(make: () => Json): () => Json {
  let made: Json | undefined;
  return () => (made ??= make());
}
