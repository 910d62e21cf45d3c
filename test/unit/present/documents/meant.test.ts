import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { reportOutput } from '#present/documents/reportOutput';
import { attribute, Page } from '#test/support/page';
import { t } from './hostile';
import { rendered } from './preview';

/** How the report of a text must look. Each text is in `test/texts/outputs`. */
interface Meant {
  /** All headings, list items (without nested lists), quotations, code spans, link targets, and tables by rows. */
  readonly headings?: readonly string[];
  readonly items?: readonly string[];
  readonly quotations?: readonly string[];
  readonly codeSpans?: readonly string[];
  readonly links?: readonly string[];
  readonly tables?: readonly (readonly (readonly string[])[])[];
  /** Whole lines, in this order. Other lines may be between them. */
  readonly lines?: readonly string[];
  /** Lines that must be preformatted, with their exact spaces, directly below each other. */
  readonly preformatted?: readonly string[];
  /** Texts in a fold, which a reader can open. */
  readonly folded?: readonly string[];
  /** Texts that must not be shown. */
  readonly without?: readonly string[];
  /** Whether the tables run from right to left. */
  readonly isRightToLeft?: boolean;
}

const folder = path.resolve('test/texts/outputs');
const expected = JSON.parse(readFileSync('test/texts/meant.json', 'utf8')) as Readonly<Record<string, Meant>>;
const files = new Map(readdirSync(folder).map((file) => [file.split('.')[0] ?? file, file]));

describe('The realistic output', () => {
  for (const [name, meant] of Object.entries(expected))
    it(`${name} is shown with the structure and texts that meant.json lists`, () => {
      const text = readFileSync(path.join(folder, files.get(name) ?? name), 'utf8');
      const page = new Page(rendered(reportOutput(text, t)));
      const faults = [...faultsOfParts(page, meant), ...faultsOfTexts(page, meant)];
      assert.deepEqual(faults, []);
    });
});

function faultsOfParts(page: Page, meant: Meant): readonly unknown[] {
  const shown = {
    headings: page.texts('h1', 'h2', 'h3', 'h4', 'h5', 'h6'),
    items: page.items(),
    quotations: page.texts('blockquote'),
    codeSpans: page.codeSpans(),
    links: page.links(),
    tables: page.tables(),
  };
  return Object.entries(shown).flatMap(([part, found]) => {
    const wanted = meant[part as keyof typeof shown];
    return wanted === undefined || JSON.stringify(wanted) === JSON.stringify(found) ? [] : [{ part, found, wanted }];
  });
}

function faultsOfTexts(page: Page, meant: Meant): readonly unknown[] {
  const lines = page.lines();
  const all = lines.join('\n');
  const folds = page.texts('details').join('\n');
  const preformatted = page.preformatted();
  const block = meant.preformatted?.join('\n');
  const isRightToLeft = page.all('div').some((one) => attribute(one, 'dir') === 'rtl');
  let at = -1;
  const missing = (meant.lines ?? []).filter((line) => {
    const next = lines.indexOf(line, at + 1);
    if (next >= 0) at = next;
    return next < 0;
  });
  return [
    ...missing.map((line) => ({ part: 'lines', line, near: lines.slice(at + 1, at + 4) })),
    ...(block === undefined || preformatted.some((one) => `\n${one}\n`.includes(`\n${block}\n`)) ? [] : [{ preformatted: block }]),
    ...(meant.folded ?? []).filter((one) => !folds.includes(one)).map((folded) => ({ folded })),
    ...(meant.without ?? []).filter((one) => all.includes(one)).map((without) => ({ without })),
    ...((meant.isRightToLeft ?? isRightToLeft) === isRightToLeft ? [] : [{ isRightToLeft }]),
    // Copied text would contain an invisible joiner.
    ...(/[\u2060\ufeff]/.test(all) ? ['invisible characters'] : []),
  ];
}
