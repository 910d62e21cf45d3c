import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff, Phase, TaskSeen } from '#core/kickoff/kickoff';
import type { Language } from '#core/output/languages';
import { renderOutputs } from '#present/documents/renderOutputs';
import { report, type ReportParts } from '#present/documents/report';
import { lowerHeadings } from '#present/markdown/lowerHeadings';
import { deployment, kickoff } from '#test/support/builders';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';
import { start } from '#test/support/manualClock';
import { disguise, formatDate, hostileMarkdown, hostileTexts, onlyValues, t } from './hostile';
import { dangers, flat, isOfOutput, parsed, type Token } from './preview';

const tasks: readonly TaskSeen[] = [
  { position: 1, name: 'research', agent: 'Researcher', executionSeconds: 42, hasOutput: true },
  { position: 2, name: 'write', hasOutput: false },
];

const timed: readonly TaskSeen[] = tasks.map((task) => ({ ...task, executionSeconds: 42 }));

const done = kickoff({ label: 'My run', phase: { kind: 'succeeded' }, checkedAt: start, finishedAt: start, executionSeconds: 250 });

/** Other parts of a report, and its outputs before they are rendered. */
interface Known extends Partial<ReportParts> {
  readonly output?: { readonly text: string; readonly language: Language } | undefined;
  readonly taskOutputs?: ReadonlyMap<number, string>;
}

/** Returns the report of a succeeded run, with some of its fields replaced. */
function shown(fields: Partial<Kickoff> = {}, { output, taskOutputs = new Map(), ...known }: Known = {}, translate = t): string {
  const run = known.kickoff ?? { ...done, ...fields };
  const outputs = renderOutputs({ output: output?.text, tasks: taskOutputs }, run.phase.kind === 'failed', translate);
  return report({ deployment: deployment(), trouble: undefined, kickoff: run, outputs, now: start, formatDate, ...known }, translate);
}

/** Returns the report of a succeeded run with this output. */
function withOutput(text: string, language: Language = 'markdown'): string {
  return shown({}, { output: { text, language } });
}

function headings(text: string): readonly string[] {
  const tokens = parsed(text);
  return tokens.flatMap(({ type, tag }, index) => (type === 'heading_open' ? [`${tag} ${tokens[index + 1]?.content ?? ''}`] : []));
}

/** Whether the token is HTML that the report itself writes. */
function isOurs({ type, content }: Token): boolean {
  return (
    type === 'html_block' &&
    (/^(?:<details id="task:\d+"><summary>[^<>]*<\/summary>|<\/details>|<div id="report:\w+">|<\/div>)\n?$/.test(content) ||
      isPicture(content))
  );
}

/** Whether the HTML is the picture of the tasks, with only its own tags and attributes. */
function isPicture(content: string): boolean {
  const tag =
    /<\/?(?:div|svg|title|desc|g|text|rect|path)(?: (?:role|viewBox|width|height|style|font-size|fill|x|y|rx|d|(?:fill|stroke)-\w+|stroke)="[^"<>]*")*\/?>/g;
  return content.startsWith('<div style="overflow-x: auto">\n<svg role="img"') && !/[<>]/.test(content.replace(tag, ''));
}

describe('A report', () => {
  it('shortens many large task outputs to less than 1.5 million characters in total, and marks shortened outputs', () => {
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

  it('lowers the level of 200,000 headings without an exception', () => {
    const lines = 200_000;
    assert.ok(lowerHeadings('# a\n'.repeat(lines)).startsWith('### a\n### a\n'));
  });

  it('shows name, status, times, output, and each task', () => {
    const output = { text: '## Findings\n\n- a', language: 'markdown' } as const;
    const text = shown({ tasks, totalTokens: 1_234_567 }, { output, taskOutputs: new Map([[1, 'It *was* seen.']]) });
    assert.deepEqual(headings(text), ['h1 My run', 'h2 Output', 'h3 Findings', 'h2 Tasks']);
    assert.match(
      text,
      /^# My run\n\n\*\*Succeeded\*\* · 4m 10s · 1,234,567 tokens used {2}\nStarted: &#126;Jun 1, 2025, 11:55 UTC · Finished: &#126;Jun 1, 2025, 12:00 UTC {2}\nDeployment: crew \(https:.*\) · Kickoff ID: 0{8}-/,
    );
    assert.match(
      text,
      /<summary>1\. research · Researcher · 42s<\/summary>\n\n<pre class="kickoffs-text">\nIt &#42;was&#42; seen\.\n<\/pre>\n\n<\/details>/,
    );
    assert.match(text, /<summary>2\. write<\/summary>\n\n\*Output not captured\.\*/);
  });

  it('reports that the response was lost, when the stored output is missing', () => {
    assert.match(shown({ output: 'markdown' }), /\*This run's response was lost when an earlier history file was damaged or deleted\.\*/);
  });

  it('of a failed run shows the reason of the failure before the output and the tasks', () => {
    const failed = { phase: { kind: 'failed', reason: 'No key.\n# not a heading' }, tasks } as const;
    const text = shown(failed, { output: { text: 'half', language: 'plain' } });
    assert.deepEqual(headings(text), ['h1 My run', 'h2 Error', 'h2 Output', 'h2 Tasks']);
    assert.ok(text.includes('```text\nNo key.\n# not a heading\n```'));
    assert.deepEqual(headings(shown({ phase: { kind: 'failed' }, tasks })), ['h1 My run', 'h2 Tasks']);
  });

  it('shows when the run started and finished, and has no line for unknown times', () => {
    assert.match(shown({ startedAt: start - 250_000 }), /\nStarted: Jun 1, [^·\n]* · Finished: Jun 1, [^·~\n]* {2}\n/);
    assert.match(shown({}, { kickoff: kickoff({ phase: { kind: 'running' }, checkedAt: start }) }), /so far {2}\nDeployment/);
  });

  it('of a running run shows its progress and no output', () => {
    const progress = { completed: 2, total: 3, current: 'research' };
    const run = kickoff({ phase: { kind: 'running' }, checkedAt: start, startedAt: start, progress });
    const text = shown({}, { kickoff: run, trouble: { kind: 'unreachable' }, now: start + 60_000 });
    assert.match(text, /\*\*Running · can&#39;t reach server\*\* · 2\/3 · research · 1m so far {2}\n/);
    assert.deepEqual(headings(text), ['h1 00000000']);
  });

  it('of a running run shows agent, last thought, and last tool as plain text', () => {
    const progress = { completed: 1, current: 'write', agent: 'Writer', thought: '# I <b>should</b>\n![x](y)', tool: 'search' };
    const run = kickoff({ phase: { kind: 'running' }, checkedAt: start, progress, totalTokens: 1_234 });
    const text = shown({}, { kickoff: run, stall: { seconds: 1_900, usualSeconds: 360 } });
    assert.match(text, / · no progress for 30 min \(task usually takes 6 min\) · 1,234 tokens used {2}\n/);
    const contents = flat(parsed(text)).map(({ content }) => content);
    for (const line of ['Agent: Writer', 'Last thought: # I <b>should</b> ![x](y)', 'Last tool: search'])
      assert.ok(contents.includes(line), line);
    assert.deepEqual(headings(text), ['h1 00000000']);
    assert.deepEqual(dangers(parsed(text).filter((token) => !isOurs(token))), []);
    assert.doesNotMatch(shown({ ...run, phase: { kind: 'failed' } }), /Writer|search/);
  });

  it('explains the statuses not found, waiting for human input, and unknown', () => {
    const said = (phase: Phase) => shown({}, { kickoff: kickoff({ phase, checkedAt: start }) });
    assert.match(said({ kind: 'running', stateText: 'REHYDRATING' }), /\*\*REHYDRATING\*\*[\s\S]*#39;t know/);
    assert.match(said({ kind: 'missing' }), /\*\*Not found or waiting for human input\*\*[\s\S]*only when you select Refresh/);
    assert.match(said({ kind: 'waiting' }), /\*\*Waiting for human input\*\*[\s\S]*someone provides the input/);
  });

  it('has one section and one timeline row for consecutive tasks without any information', () => {
    const unknown = [1, 2, 3].map((position) => ({ position, name: '', hasOutput: false, isUnseen: true }));
    const list = [...unknown, ...timed.map((task) => ({ ...task, position: task.position + 3, seenAt: start + task.position * 42_000 }))];
    const text = shown({ tasks: list });
    const summaries = [...text.matchAll(/<summary>([^<]*)<\/summary>/g)].map(([, summary]) => summary);
    assert.deepEqual(summaries, ['Tasks 1–3', '4. research · Researcher · 42s', '5. write · 42s']);
    assert.match(text, /<details id="task:1"><summary>Tasks 1–3<\/summary>\n\n\*Output not captured\.\*/);
    const rows = [...text.matchAll(/<text y="16">([^<]*)<\/text>/g)].map(([, row]) => row);
    assert.deepEqual(rows, ['Tasks 1–3', '4. research', '5. write']);
  });

  it('shows the timeline of up to eight tasks before the output, and of more tasks after the output', () => {
    const kinds = (list: readonly TaskSeen[]) => {
      const text = shown({ tasks: list }, { output: { text: 'x', language: 'plain' } });
      return parsed(text).flatMap(({ type, content }) => (type === 'heading_open' ? [type] : isPicture(content) ? ['picture'] : []));
    };
    assert.deepEqual(kinds(timed), ['heading_open', 'picture', 'heading_open', 'heading_open']);
    assert.deepEqual(kinds(timed.slice(1)), ['heading_open', 'heading_open', 'heading_open']);
    const many = Array.from({ length: 9 }, (_, index) => ({ ...tasks[0], position: index + 1, name: 'x', hasOutput: true }));
    assert.deepEqual(kinds(many.slice(0, 8)), ['heading_open', 'picture', 'heading_open', 'heading_open']);
    assert.deepEqual(kinds(many), ['heading_open', 'heading_open', 'heading_open', 'picture']);
  });

  it('shows “No output” for a succeeded run, and never a failed run’s last task as its output', () => {
    assert.match(shown(), /## Output\n\n\*No output\.\*/);
    const half = { output: { text: 'half', language: 'plain' }, taskOutputs: new Map([[1, 'half']]) } as const;
    assert.deepEqual(headings(shown({ tasks }, half)), ['h1 My run', 'h2 Output', 'h2 Tasks']);
    assert.deepEqual(headings(shown({ tasks, phase: { kind: 'failed' } }, half)), ['h1 My run', 'h2 Tasks']);
  });

  it('contains no color codes of a terminal', () => {
    const red = '\u001b[1;31mred\u001b[0m \u009b4mline';
    const text = shown({ label: red, phase: { kind: 'failed', reason: red } }, { output: { text: red, language: 'plain' } });
    assert.equal(text.match(/red line/g)?.length, 3);
  });

  it('explains how to fix a failure with a known cause', () => {
    const failed = (reason: string) => shown({ phase: { kind: 'failed', reason } });
    assert.match(failed('SERPER_API_KEY is not set'), /not set\n```\n\nAn API key or environment variable seems to be missing\. /);
    assert.match(failed('No idea'), /No idea\n```\n\n<\/div>\n\n$/);
  });

  it('gives the headings of outputs a lower level than its own headings', () => {
    const inside = (text: string) => headings(withOutput(text)).slice(2).join(', ');
    assert.equal(inside('# a\n\n## b\n\n###### c\n\n ## d'), 'h3 a, h4 b, h6 c, h4 d');
    assert.equal(inside('## a\n\n# b'), 'h4 a, h3 b');
    assert.equal(inside('### a\n\n#### b'), 'h3 a, h4 b');
    assert.equal(inside('#### a'), 'h4 a');
    assert.equal(inside('```md\n# a\n```\n\n# b\n\n#c #\n#'), 'h3 b, h3 ');
    assert.equal(inside('```markdown\n# a\n```'), 'h3 a');
    const code = '```sh\n# a\n```\n\n~~~\n# b\n```\n# c\n~~~';
    assert.ok(withOutput(`# t\n\n${code}`).includes(`### t\n\n${code}`));
  });

  it('has no text for unknown values', () => {
    assert.doesNotMatch(shown({}, { kickoff: kickoff(), deployment: undefined }), /undefined|NaN|Tokens|So far|Deployment/);
  });

  it('shows JSON as one code block, and shows the content of a Markdown fence as Markdown', () => {
    const one = (text: string) =>
      parsed(withOutput(text)).flatMap(({ type, info, content }) => (type === 'fence' ? [`${info}: ${content}`] : []));
    const json = 'json: {\n  "a": 1.0\n}\n';
    assert.deepEqual(one('{"a":1.0}'), [json]);
    assert.deepEqual(one('{"a":\n1.0}'), ['json: {"a":\n1.0}\n'], 'is indented already');
    assert.deepEqual(one('```json\n{"a":1.0}\n```\n'), [json]);
    assert.deepEqual(one('```\n{"a":1.0}\n```\n'), [json]);
    assert.deepEqual(one('```json\n{"a":1.0\n```\n'), ['json: {"a":1.0\n']);
    assert.deepEqual(one('{"a":1.0'), ['text: {"a":1.0\n']);
    assert.deepEqual(one('```markdown\n# Title\n```'), []);
    assert.deepEqual(one('```markdown\n# Title\n\n```js\na\n```\n\nand\n\n```\nb\n```\n```'), ['js: a\n', ': b\n']);
    assert.deepEqual(one('```js\na\n```\n\nand\n\n```js\nb\n```'), ['js: a\n', 'js: b\n']);
    assert.deepEqual(one('```md\na\n```\n\nand\n\n```md\nb\n```'), ['md: a\n', 'md: b\n']);
    assert.deepEqual(one('~~~py\na\n~~~'), ['py: a\n']);
  });

  it('shows the JSON of a task as a code block, and only the start of large JSON', () => {
    const text = (output: string) => shown({ tasks }, { taskOutputs: new Map([[1, output]]) });
    assert.ok(text('[12345678901234567890]').includes('```json\n[\n  12345678901234567890\n]\n```'));
    const large = text(`[${'1,'.repeat(5_000_000)}1]`);
    assert.ok(large.includes('```\n[\n  1,\n') && large.length < 2_000_000);
    assert.match(large, /Truncated\. Open the output to see all of it\./);
  });

  it('contains no hard-coded text, except units of time', () => {
    const run: Partial<Kickoff> = {
      label: '7',
      phase: { kind: 'failed', reason: '7' },
      tasks: [{ position: 1, name: '7', hasOutput: false }],
    };
    const text = shown(run, { deployment: undefined, formatDate: String }, onlyValues);
    const words = text.replace(done.id, '').replace(/<[^>]*>|```text|\d+[hms]/g, '');
    assert.doesNotMatch(words, /\p{L}/u);
  });

  const shortNames = fc.constantFrom(...hostileTexts.filter(({ length }) => length < 10_000));
  always(
    'keeps its sections, and has only web and mail links, no image, and no foreign HTML',
    1_000,
    [hostileMarkdown, hostileMarkdown, shortNames],
    (one, other, name) => {
      const run = { ...done, label: name, phase: { kind: 'failed', reason: one } } as const;
      const text = shown(
        { ...run, tasks: timed.map((task) => ({ ...task, name, agent: name })) },
        {
          deployment: deployment({ label: name }),
          output: { text: one, language: 'markdown' },
          taskOutputs: new Map([other, one].map((output, index) => [index + 1, output])),
        },
      );
      const tokens = parsed(text);
      const foreign = dangers(tokens, (token) => isOurs(token) || isOfOutput(token));
      assert.deepEqual(foreign, []);
      assert.equal(tokens.filter((token) => isOurs(token) && !isOfOutput(token)).length, 5);
      const count = (tag: RegExp): number => tokens.filter(({ type, content }) => type === 'html_block' && tag.test(content)).length;
      for (const tag of ['div', 'details'])
        assert.equal(count(new RegExp(`^<${tag}\\b(?![^]*</${tag}>)`)), count(new RegExp(`^</${tag}>`)), tag);
      assert.ok(tokens.filter(isOurs).every(({ level }) => level === 0));
      const isTitle = ({ type, level }: Token, index: number) =>
        type === 'heading_open' && level === 0 && tokens[index + 1]?.content === 'Tasks';
      assert.equal(tokens.filter(isTitle).length, 1);
    },
  );

  it('contains no control characters or images from names', () => {
    for (const text of hostileTexts) {
      const named = shown({ label: text, tasks: [{ position: 1, name: text, agent: text, hasOutput: false }] });
      for (const line of named.split('\n')) assert.doesNotMatch(line, disguise);
      assert.ok(flat(parsed(named)).every(({ type }) => type !== 'image'));
    }
  });

  it('of a large output is made in linear time', function () {
    this.timeout(60_000);
    const outputs: readonly ((length: number) => string)[] = [
      (length) => `# a\n${'word '.repeat(length)}`,
      (length) => '- `<b>` [x](y)\n'.repeat(length / 5),
      (length) => `\`\`\`\n${' '.repeat(length)}\n${'\n'.repeat(length)}x`,
    ];
    for (const made of outputs) assertLinear((length) => withOutput(made(length)), 60_000, made(5).slice(0, 10));
  });
});
