import assert from 'node:assert/strict';
import { renderOutputs, reportOutput } from '#present/documents/reportOutput';
import { figure } from '#test/support/fuzz';
import { t } from '#test/unit/present/documents/hostile';
import { page, rendered } from '#test/unit/present/documents/preview';

const shown = (text: string) => page(reportOutput(`# a\n\n${text}`, t));

/** Returns the LaTeX of the formulas that the preview draws. */
const drawn = (text: string): readonly string[] => shown(text).texts('annotation');

describe('A formula', () => {
  it('is drawn in each notation', () => {
    assert.deepEqual(drawn('With \\( v_0 \\) and \\(x\\), $a < b$ and $\\alpha$.'), ['v_0', 'x', 'a \\lt b', '\\alpha']);
    assert.deepEqual(drawn('**$x^2$** is <sub>$y^2$</sub> or [$z^2$](https://h.example): $a_1$\\(b_1\\)'), [
      'x^2',
      'y^2',
      'z^2',
      'a_1',
      'b_1',
    ]);
    assert.deepEqual(drawn('**Energy: $x^2$ or** *so $y^2$* and $z^2$'), ['x^2', 'y^2', 'z^2']);
    assert.deepEqual(drawn('\\[\nR = \\frac{a}{b}\n\\]'), ['R = \\frac{a}{b}']);
    assert.deepEqual(drawn('- so\n  $$x^2$$\n- $y^2$\n\n> | a |\n> |---|\n> | $z^2$ |'), ['x^2', 'y^2', 'z^2']);
    assert.deepEqual(drawn('\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}'), ['\\begin{align} a &= b \\\\ c &= d \\end{align}']);
  });

  for (const [reason, text] of [
    ['looks like a price', 'It costs $45 (or $50), the budget ($) is $200, price ($) too.'],
    ['defines a macro', 'So $\\def\\a{x}\\a^2$ and \\(\\newcommand{\\b}{x}\\b_1\\).'],
    ['contains a link or image', 'So $\\href{https://h.example}{x^2}$, $\\url{x}_1$, and $\\includegraphics{x}_1$.'],
    ['is too long', `So $x^{2}${'+x^{2}'.repeat(400)}$.`],
    ['is unfinished', 'So $x^2'],
  ] as const)
    it(`is shown as text if it ${reason}`, () => {
      assert.deepEqual(drawn(text), []);
      if (!text.includes('\\(')) assert.ok(shown(text).lines().includes(text));
    });

  it('is drawn only if it fits within the limits for all outputs of a report together', () => {
    const drawnIn = (...outputs: readonly string[]): readonly number[] => {
      const { taskOutputs } = renderOutputs(
        { output: undefined, taskOutputs: new Map(outputs.map((text, index) => [index, `# a\n\n${text}`])) },
        false,
        t,
      );
      return [...taskOutputs.values()].map((text) => page(text).all('annotation').length);
    };
    assert.deepEqual(drawnIn('$x$ '.repeat(1_500), '$x$ '.repeat(1_500)), [1_500, 500]);
    const long = `$x^{2}${'+1'.repeat(900)}$\n\n`;
    assert.deepEqual(drawnIn(long.repeat(8), long.repeat(8), '$x$'), [8, 3, 1]);
    assert.equal(shown(long.repeat(20)).text().split('x^{2}').length - 1, 20, 'the others are text');
  });

  it('never makes a report larger than 10 MB, for 300 kB of macros, matrices, or terms', () => {
    const units: Readonly<Record<string, (length: number) => string>> = {
      macros: (length) => `$$\n\\def\\a{xxxxxxxxxx}\\def\\b{${'\\a'.repeat(50)}}${'\\b'.repeat(50)}\n$$\n\n`.repeat(length / 280),
      'renamed macros': (length) => `$\\gdef\\a{x^2}\\a\\a$ $\\let\\b\\a \\b^2$ $\\newcommand\\c{\\b}\\c^2$\n\n`.repeat(length / 70),
      'a matrix': (length) => `$$\n\\begin{matrix}\n${'1 & 2 \\\\\n'.repeat(length / 9)}\\end{matrix}\n$$`,
      matrices: (length) => `$$\n\\begin{matrix}\n${'1&2\\\\'.repeat(300)}\n\\end{matrix}\n$$\n\n`.repeat(length / 1_850),
      symbols: (length) => '$x$ '.repeat(length / 4),
      'a sum': (length) => `$x^{2}${'+x^{2}'.repeat(length / 6)}$`,
      sums: (length) => `$x^{2}${'+x^{2}'.repeat(300)}$\n\n`.repeat(length / 1_810),
      fractions: (length) => `$${'\\frac{a}{'.repeat(150)}b${'}'.repeat(150)}$\n\n`.repeat(length / 1_650),
    };
    const sizes = Object.entries(units).map(([what, made]) => {
      const before = process.cpuUsage();
      const html = rendered(reportOutput(`# a\n\n${made(300_000)}`, t));
      const { user, system } = process.cpuUsage(before);
      return { what, megabytes: html.length / 1e6, milliseconds: (user + system) / 1e3 };
    });
    for (const { what, megabytes } of sizes) assert.ok(megabytes <= 10, `${what}: ${megabytes} MB`);
    const most = (of: 'megabytes' | 'milliseconds'): string => Math.max(...sizes.map((one) => one[of])).toFixed(1);
    figure(27, `300 kB of formulas of ${sizes.length} kinds: at most ${most('megabytes')} MB of HTML, ${most('milliseconds')} ms of CPU`);
  }).timeout(120_000);

  it("adds no links, images, code, or HTML if the preview doesn't draw formulas", () => {
    const formulas = ['$[a](command:y)_1$', '$![a](rel)_1$', '$[a]:b^2$', '$x<b>^2$', '$a<ftp:x>_1$', '$$\n[a](rel)_1\n<b>\n    x\n$$'];
    const text = reportOutput(`# a\n\n${formulas.join('\n\n')}`, t);
    assert.equal(page(text).all('annotation').length, formulas.length);
    const tags = page(text, 'without formulas')
      .all()
      .map(({ tagName }) => tagName);
    assert.deepEqual([...new Set(tags)], ['div', 'h3', 'p']);
  });
});
