import assert from 'node:assert/strict';
import type { Kickoff, FinishedTask } from '#core/kickoff/kickoff';
import type { OutputFormat } from '#core/output/outputFormats';
import { renderOutputs } from '#present/documents/reportOutput';
import { report, type ReportParts } from '#present/documents/report';
import { deployment, kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { attribute } from '#test/support/page';
import { faultsOf } from './faults';
import { disguise, hostileTexts, onlyValues, t } from './hostile';
import { page } from './preview';

const tasks: readonly FinishedTask[] = [
  { position: 1, name: 'research', agent: 'Researcher', executionSeconds: 42, hasOutput: true },
  { position: 2, name: 'write', hasOutput: false },
];

const timed: readonly FinishedTask[] = tasks.map((task) => ({ ...task, executionSeconds: 42 }));

const done = kickoff({ label: 'My run', phase: { kind: 'succeeded' }, checkedAt: start, finishedAt: start, executionSeconds: 250 });

/** Other parts of a report, and its outputs before they are rendered. */
interface Known extends Partial<ReportParts> {
  readonly output?: { readonly text: string; readonly language: OutputFormat } | undefined;
  readonly taskOutputs?: ReadonlyMap<number, string>;
}

/** Returns the report of a succeeded run, with some of its fields replaced. */
function shown(fields: Partial<Kickoff> = {}, { output, taskOutputs = new Map(), ...known }: Known = {}, translate = t): string {
  const run = known.kickoff ?? { ...done, ...fields };
  const outputs = renderOutputs({ output: output?.text, taskOutputs }, run.phase.kind === 'failed', translate);
  return report({ deployment: deployment(), trouble: undefined, kickoff: run, outputs, now: start, ...known }, translate);
}

/** Returns the report of a succeeded run with this output. */
function withOutput(text: string, language: OutputFormat = 'markdown'): string {
  return shown({}, { output: { text, language } });
}

function headings(text: string): readonly string[] {
  return page(text).named('h1', 'h2', 'h3', 'h4', 'h5', 'h6');
}

describe('A report', () => {
  it('truncates large task outputs to stay below 1.5 million characters', () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ position: index + 1, name: `t${index}`, hasOutput: true }));
    const run = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, tasks: many });
    for (const unit of ['Some **text** and <b> more\n', '{"a":[1,2]}']) {
      const output = unit.repeat(250_000 / unit.length);
      const text = shown({}, { kickoff: run, taskOutputs: new Map(many.map(({ position }) => [position, output])) });
      assert.ok(text.length < 1_500_000, `${text.length}`);
      assert.equal(text.split('<details id=').length, 201);
      assert.ok(text.split('Truncated. Open the output to see all of it.').length > 190);
    }
  });

  it('of a flow speaks of steps', () => {
    const text = shown({ isFlow: true, tasks: [{ position: 1, name: '', hasOutput: false }] });
    assert.deepEqual(headings(text), ['h1 My run', 'h2 Output', 'h2 Steps']);
    assert.match(text, /<summary>Step 1</);
  });

  it('names the run whose state it continues, with a link to its report, if that run is tracked', () => {
    const continued = kickoff({ label: 'Weekly *plan*' });
    const shownPage = page(shown({ continues: continued.id }, { continuedRun: continued }));
    assert.deepEqual(shownPage.texts('a'), [`Weekly *plan* (${continued.id})`]);
    assert.deepEqual(
      shownPage.all('a').map((one) => attribute(one, 'href')),
      [`../${continued.id}/Weekly%20plan.report.md`],
    );
    assert.match(shown({ continues: continued.id }), /Continues from: [^( ]+ ·/);
  });

  it('shows the output, the tasks, and the other known facts of a succeeded run', () => {
    const output = { text: '## Findings\n\n- a', language: 'markdown' } as const;
    const text = shown({ tasks, totalTokens: 1_234_567 }, { output, taskOutputs: new Map([[1, 'It *was* seen.']]) });
    assert.deepEqual(headings(text), ['h1 My run', 'h2 Output', 'h3 Findings', 'h2 Tasks']);
    assert.match(
      text,
      /^# My run\n\n\*\*Succeeded\*\* · 4m 10s · 1,234,567 tokens used {2}\nStarted: about Jun 1, 2025, 11:55 UTC · Finished: about Jun 1, 2025, 12:00 UTC {2}\nDeployment: crew \(`https:[^`]*`\) · Kickoff ID: 0{8}-/,
    );
    assert.deepEqual(page(text).texts('details'), ['1. research · Researcher · 42s\nIt *was* seen.', '2. write\nOutput not captured.']);
  });

  it('explains why the last check failed', () => {
    const run = kickoff({ phase: { kind: 'running' }, checkedAt: start });
    const lines = page(shown({}, { kickoff: run, trouble: { kind: 'notAllowed', failedAt: start, code: 'HTTP 403' } })).lines();
    assert.match(
      lines.join('\n'),
      /has no access.*\n.* Set the deployment's Bearer Token\.\nLast check failed: Jun 1, 2025, 12:00 UTC \(HTTP 403\)\n/,
    );
  });

  it('shows that the response was lost if the stored output is missing', () => {
    assert.match(shown({ output: 'markdown' }), /\*This run's response was lost when an earlier history file was damaged or deleted\.\*/);
  });

  it('of a failed run shows the reason for the failure as code above the output', () => {
    const failed = { phase: { kind: 'failed', reason: 'No key.\n# not a heading' }, tasks } as const;
    const text = shown(failed, { output: { text: 'half', language: 'plain' } });
    assert.deepEqual(headings(text), ['h1 My run', 'h2 Error', 'h2 Output', 'h2 Tasks']);
    assert.ok(text.includes('```text\nNo key.\n# not a heading\n```'));
  });

  it('of a failed run without a reason has no heading for the error', () => {
    assert.deepEqual(headings(shown({ phase: { kind: 'failed' }, tasks })), ['h1 My run', 'h2 Tasks']);
  });

  it('shows when the run started and finished', () => {
    assert.match(shown({ startedAt: start - 250_000 }), /\nStarted: Jun 1, [^·\n]* · Finished: Jun 1, [^·~\n]* {2}\n/);
  });

  it('has no line for unknown times', () => {
    assert.match(shown({}, { kickoff: kickoff({ phase: { kind: 'running' }, checkedAt: start }) }), /so far {2}\nDeployment/);
  });

  it("of a running run shows the run's problem and progress instead of an output", () => {
    const progress = { completed: 2, total: 3, current: 'research' };
    const run = kickoff({ phase: { kind: 'running' }, checkedAt: start, startedAt: start, progress });
    const text = shown({}, { kickoff: run, trouble: { kind: 'unreachable' }, now: start + 60_000 });
    assert.match(text, /\*\*Running · can&#39;t reach server\*\* · 2\/3 · research · 1m so far {2}\n/);
    assert.deepEqual(headings(text), ['h1 00000000']);
  });

  const progress = {
    completed: 1,
    current: 'write',
    agent: 'Writer',
    thought: '# I <b>should</b>\n![x](y) https://h.example/?a=1&b=2',
    tool: 'search',
  };
  const working = kickoff({ phase: { kind: 'running' }, checkedAt: start, progress, totalTokens: 1_234 });

  it('of a running run shows the time without progress and the number of tokens used', () => {
    const text = shown({}, { kickoff: working, stall: { seconds: 1_900, usualSeconds: 360 } });
    assert.match(text, / · no progress for 30 min \(task usually takes 6 min\) · 1,234 tokens used {2}\n/);
  });

  it("of a running run shows the current agent's work as plain text", () => {
    const text = shown({}, { kickoff: working });
    for (const line of ['Agent: Writer', 'Last thought: # I <b>should</b> ![x](y) https://h.example/?a=1&b=2', 'Last tool: search'])
      assert.ok(page(text).lines().includes(line), line);
    assert.deepEqual(headings(text), ['h1 00000000']);
    assert.equal(page(text).links()[0], 'https://h.example/?a=1&b=2');
    assert.deepEqual(faultsOf(page(text)), []);
  });

  it("of a failed run doesn't show the last agent's work", () => {
    assert.doesNotMatch(shown({ ...working, phase: { kind: 'failed' } }), /Writer|search/);
  });

  for (const [status, phase, text] of [
    ['unknown', { kind: 'running', stateText: 'REHYDRATING' }, /\*\*REHYDRATING\*\*[\s\S]*#39;t know/],
    ['not found', { kind: 'missing' }, /\*\*Not found or waiting for human input\*\*[\s\S]*only when you select Refresh/],
    ['waiting for human input', { kind: 'waiting' }, /\*\*Waiting for human input\*\*[\s\S]*someone provides the input/],
  ] as const)
    it(`explains the status “${status}”`, () => assert.match(shown({}, { kickoff: kickoff({ phase, checkedAt: start }) }), text));

  it('has a link to the page in AMP only if the run is waiting for human input', () => {
    const linksOf = (kind: 'waiting' | 'running', more: object) =>
      page(shown({}, { kickoff: kickoff({ phase: { kind }, checkedAt: start }), deployment: { ...deployment(), ...more } })).links();
    const ofTeam = 'https://amp.example.com/teams%2Fa/42?tab=a&b=%20';
    assert.deepEqual(linksOf('waiting', { page: ofTeam }), [ofTeam]);
    assert.deepEqual(linksOf('waiting', { url: 'https://my-crew-1a2b3c4d.crewai.com' }), ['https://app.crewai.com/']);
    assert.deepEqual(linksOf('waiting', {}), []);
    assert.deepEqual(linksOf('running', { page: ofTeam }), []);
  });

  it('combines consecutive tasks without any information into one entry', () => {
    const unknown = [1, 2, 3].map((position) => ({ position, name: '', hasOutput: false, isUnseen: true }));
    const list = [...unknown, ...timed.map((task) => ({ ...task, position: task.position + 3, seenAt: start + task.position * 42_000 }))];
    const text = shown({ tasks: list });
    const summaries = [...text.matchAll(/<summary>([^<]*)<\/summary>/g)].map(([, summary]) => summary);
    assert.deepEqual(summaries, ['Tasks 1–3', '4. research · Researcher · 42s', '5. write · 42s']);
    assert.match(text, /<details id="task:1"><summary>Tasks 1–3<\/summary>\n\n\*Output not captured\.\*/);
    const rows = [...text.matchAll(/<text y="16">([^<]*)<\/text>/g)].map(([, row]) => row);
    assert.deepEqual(rows, ['Tasks 1–3', '4. research', '5. write']);
  });

  /** Returns the headings and the timeline of a report with these tasks, in their order. */
  const kinds = (list: readonly FinishedTask[]) => {
    const text = shown({ tasks: list }, { output: { text: 'x', language: 'plain' } });
    const parts = page(text).all('h1', 'h2', 'svg');
    return parts.flatMap((one) => (one.tagName !== 'svg' || attribute(one, 'role') === 'img' ? [one.tagName] : []));
  };

  it('has no timeline for a single task', () => {
    assert.deepEqual(kinds(timed.slice(1)), ['h1', 'h2', 'h2']);
  });

  it('shows the timeline above the output for two to eight tasks, and at the end for more', () => {
    assert.deepEqual(kinds(timed), ['h1', 'svg', 'h2', 'h2']);
    const many = Array.from({ length: 9 }, (_, index) => ({ ...tasks[0], position: index + 1, name: 'x', hasOutput: true }));
    assert.deepEqual(kinds(many.slice(0, 8)), ['h1', 'svg', 'h2', 'h2']);
    assert.deepEqual(kinds(many), ['h1', 'h2', 'h2', 'svg']);
  });

  it('shows “No output.” for a succeeded run without an output', () => {
    assert.ok(page(shown()).lines().join('\n').includes('Output\nNo output.'));
  });

  it("shows the last task's output as the output of the run only if the run didn't fail", () => {
    const half = { output: { text: 'half', language: 'plain' }, taskOutputs: new Map([[1, 'half']]) } as const;
    assert.deepEqual(headings(shown({ tasks }, half)), ['h1 My run', 'h2 Output', 'h2 Tasks']);
    assert.deepEqual(headings(shown({ tasks, phase: { kind: 'failed' } }, half)), ['h1 My run', 'h2 Tasks']);
  });

  it('contains no terminal color codes', () => {
    const red = '\u001b[1;31mred\u001b[0m \u009b4mline';
    const text = shown({ label: red, phase: { kind: 'failed', reason: red } }, { output: { text: red, language: 'plain' } });
    assert.equal(text.match(/red line/g)?.length, 3);
  });

  it('explains how to fix a failure only if the cause is known', () => {
    const failed = (reason: string) => shown({ phase: { kind: 'failed', reason } });
    assert.match(failed('SERPER_API_KEY is not set'), /not set\n```\n\nAn API key or environment variable seems to be missing\. /);
    assert.match(failed('No idea'), /No idea\n```\n\n<\/div>\n\n<style>/);
  });

  it('gives the headings of an output a lower level than the headings of the report', () => {
    const inside = (text: string) => headings(withOutput(text)).slice(2).join(', ');
    assert.equal(inside('# a\n\n## b\n\n###### c\n\n ## d'), 'h3 a, h4 b, h6 c, h4 d');
    assert.equal(inside('## a\n\n# b'), 'h4 a, h3 b');
    assert.equal(inside('### a\n\n#### b'), 'h3 a, h4 b');
    assert.equal(inside('#### a'), 'h3 a');
    assert.equal(inside('```md\n# a\n```\n\n# b\n\n#c #\n#'), 'h3 b, h3 ');
    assert.equal(inside('```markdown\n# a\n```'), 'h3 a');
    assert.equal(inside('# t\n\n```sh\n# a\n```\n\n~~~\n# b\n```\n# c\n~~~'), 'h3 t');
  });

  it('has no text for unknown values', () => {
    assert.doesNotMatch(shown({}, { kickoff: kickoff(), deployment: undefined }), /undefined|NaN|Tokens|So far|Deployment/);
  });

  const codeBlocks = (text: string) => page(withOutput(text)).codeBlocks();

  it('shows JSON as one code block, which is indented if the JSON has one line', () => {
    const json = 'json: {\n  "a": 1.0\n}';
    assert.deepEqual(codeBlocks('{"a":1.0}'), [json]);
    assert.deepEqual(codeBlocks('{"a":\n1.0}'), ['json: {"a":\n1.0}'], 'is indented already');
    assert.deepEqual(codeBlocks('```json\n{"a":1.0}\n```\n'), [json]);
    assert.deepEqual(codeBlocks('```\n{"a":1.0}\n```\n'), [json]);
  });

  it('shows invalid JSON unchanged in a code block', () => {
    assert.deepEqual(codeBlocks('```json\n{"a":1.0\n```\n'), ['json: {"a":1.0']);
    assert.deepEqual(codeBlocks('{"a":1.0'), ['text: {"a":1.0']);
  });

  it('shows the content of a Markdown fence as Markdown only if the fence contains the whole output', () => {
    assert.deepEqual(codeBlocks('```markdown\n# Title\n```'), []);
    assert.deepEqual(codeBlocks('```markdown\n# Title\n\n```js\na\n```\n\nand\n\n```\nb\n```\n```'), ['js: a', ': b']);
    assert.deepEqual(codeBlocks('```js\na\n```\n\nand\n\n```js\nb\n```'), ['js: a', 'js: b']);
    assert.deepEqual(codeBlocks('```md\na\n```\n\nand\n\n```md\nb\n```'), ['md: a', 'md: b']);
    assert.deepEqual(codeBlocks('~~~py\na\n~~~'), ['py: a']);
  });

  const withTaskOutput = (output: string) => shown({ tasks }, { taskOutputs: new Map([[1, output]]) });

  it('shows the JSON of a task as a code block', () => {
    assert.ok(withTaskOutput('[12345678901234567890]').includes('```json\n[\n  12345678901234567890\n]\n```'));
  });

  it("shows only the start of a task's large JSON", () => {
    const large = withTaskOutput(`[${'1,'.repeat(5_000_000)}1]`);
    assert.ok(large.includes('```\n[\n  1,\n') && large.length < 2_000_000);
    assert.match(large, /Truncated\. Open the output to see all of it\./);
  });

  it('contains no hard-coded text, except units of time', () => {
    const run: Partial<Kickoff> = {
      label: '7',
      phase: { kind: 'failed', reason: '7' },
      tasks: [{ position: 1, name: '7', hasOutput: false }],
    };
    const text = shown(run, { deployment: undefined }, onlyValues);
    const words = text.replace(done.id, '').replace(/<style>[^]*<\/style>|<[^>]*>|```text|\d+[hms]/g, '');
    assert.doesNotMatch(words, /\p{L}/u);
  });

  it('contains no control characters, HTML, or links from names', () => {
    for (const text of hostileTexts) {
      const named = shown({ label: text, tasks: [{ position: 1, name: text, agent: text, hasOutput: false }] });
      for (const line of named.split('\n')) assert.doesNotMatch(line, disguise);
      assert.deepEqual(faultsOf(page(named)), []);
    }
  });
});
