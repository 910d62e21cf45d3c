import fc from 'fast-check';
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { serializeOuter } from 'parse5';
import { renderOutputs } from '#present/documents/reportOutput';
import { report } from '#present/documents/report';
import { deployment, kickoff } from '#test/support/builders';
import { figure, times, tries } from '#test/support/fuzz';
import { start } from '#test/support/manualClock';
import { attribute, Page, parentOf, type Element } from '#test/support/page';
import { faultsOf } from './faults';
import { hostileMarkdown, hostileTexts, t } from './hostile';
import { rendered, settings } from './preview';

const cells = (texts: readonly string[]): string => texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');

/** A hostile text in each form of an output. */
const outputs = fc.oneof(
  { weight: 4, arbitrary: hostileMarkdown.map((text) => `# Title\n\n**bold** text\n\n${text}`) },
  { weight: 2, arbitrary: hostileMarkdown },
  { weight: 1, arbitrary: hostileMarkdown.map((text) => JSON.stringify(text)) },
  {
    weight: 1,
    arbitrary: fc.tuple(hostileMarkdown, hostileMarkdown).map(([a, b]) => JSON.stringify({ raw: `# Title\n\n${a}`, [b]: `${b}\n\nx` })),
  },
  { weight: 1, arbitrary: hostileMarkdown.map((text) => `Here:\n\n\`\`\`markdown\n# a\n\n${text}\n\`\`\``) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(hostileMarkdown, hostileMarkdown, hostileMarkdown)
      .map(([a, b, c]) => `a,b\n${cells([a, b])}\n${cells([c, a])}\n1,2`),
  },
  { weight: 1, arbitrary: hostileMarkdown.map((text) => `# שלום עולם\n\n- **שלום**\n\n${text}`) },
  { weight: 1, arbitrary: hostileMarkdown.map((text) => `# a\n\n${text.split('\n').join('\n> ')}\n\n${text.split('\n').join('\n  ')}`) },
  { weight: 1, arbitrary: fc.tuple(hostileMarkdown, fc.nat(70)).map(([text, depth]) => `# a\n\n${'> - '.repeat(depth)}${text}`) },
);
const names = fc.oneof(hostileMarkdown, fc.constantFrom(...hostileTexts.filter(({ length }) => length < 10_000)));

/** Returns the report of a failed run with these texts. */
function reportOf(output: string, tasks: readonly string[], name: string): string {
  const phase = { kind: 'failed', reason: output } as const;
  const each = tasks.map((_, index) => ({ position: index + 1, name, agent: name, hasOutput: true, executionSeconds: 42 }));
  const progress = { completed: 1, total: 2, agent: name, thought: name, tool: name };
  const run = kickoff({ label: name, phase, checkedAt: start, finishedAt: start, tasks: each, progress });
  const shown = renderOutputs({ output, taskOutputs: new Map(tasks.map((text, index) => [index + 1, text])) }, false, t);
  const parts = { deployment: deployment({ label: name }), trouble: undefined, kickoff: run, outputs: shown, now: start };
  return report(parts, t);
}

/** Describes elements by their tags and IDs. */
function described(elements: readonly (Element | undefined)[]): readonly string[] {
  return elements.map((one) => (one ? [one.tagName, attribute(one, 'id') ?? []].flat().join(' ') : ''));
}

/** Returns the HTML of outputs that are Markdown or tables. */
function outputsOf(shown: Page): readonly string[] {
  return shown.all('div').flatMap((one) => (/output|wide/.test(attribute(one, 'class') ?? '') ? serializeOuter(one) : []));
}

/** The elements of each report, which a text must neither end nor swallow. */
const top = ['h1', 'p', 'div report:inputs', 'div report:above', 'h2', 'div report:picture', 'details task:1', 'details task:2', 'style'];

describe("A server's text in a report", () => {
  // KaTeX warns about unusual characters.
  before(() => mock.method(console, 'warn', () => undefined));
  after(() => mock.restoreAll());

  it("leaves the report's own elements unchanged, and adds no foreign tags, attributes, or links", function () {
    this.timeout(times(600_000));
    const safe = fc.property(outputs, outputs, outputs, names, (output, first, second, name) => {
      const text = reportOf(output, [first, second], name);
      const usual = rendered(text);
      for (const setting of settings) {
        const html = rendered(text, setting);
        if (html === usual && setting !== 'usual') continue;
        const shown = new Page(html);
        assert.deepEqual(faultsOf(shown), [], setting);
        assert.deepEqual(described(shown.top()), top, setting);
        assert.deepEqual(described(shown.all('h2').map(parentOf)), ['div report:above', 'div report:above', ''], setting);
        if (setting !== 'without formulas') assert.deepEqual(outputsOf(shown), outputsOf(new Page(usual)), setting);
      }
    });
    fc.assert(safe, tries(1_000));
    figure(20, `${times(3_000)} random outputs: 0 foreign tags, attributes, links, or IDs`);
  });
});
