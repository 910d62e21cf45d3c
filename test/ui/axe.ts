import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { paintBackground } from '../support/host/rendered.mjs';
import { until, useTheme, type Stage } from './stage';
import type { Workbench } from '../support/host/window.mjs';

const report = ['iframe.webview.ready', 'iframe#active-frame'];
/** Elements of the oldest VS Code that break rules. */
const partsOfVSCode = ['.codicon-toolbar-more', '.codicon-notifications-configure', '.monaco-progress-container'];
/** Code in a report, whose colors are VS Code's, and texts in pictures, whose background axe can't determine. */
const withoutContrast = ['pre code span', 'svg text'].map((part) => [...report, part]);
/** Links are underlined in previews only with VS Code's setting `accessibility.underlineLinks`. */
const rulesOfPreviews = ['link-in-text-block'];

const isContrast = ({ id }: { readonly id: string }): boolean => id === 'color-contrast';

/** Fails if a part of the window breaks a rule with serious or critical impact. Returns the results of axe. */
export async function checkPart(
  { page }: Workbench,
  selector: string | string[],
  disabledRules: readonly string[] = [],
  excluded: readonly (string | string[])[] = partsOfVSCode,
) {
  const axe = new AxeBuilder({ page });
  for (const part of excluded) axe.exclude(part);
  axe.include(selector).disableRules([...disabledRules]);
  // A preview that is still loading has no text to check.
  const results = await until('axe to find a text', async () => {
    const found = await axe.analyze();
    return [...found.passes, ...found.violations, ...found.incomplete].some(isContrast) ? found : undefined;
  });
  const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`)),
    [],
  );
  return results;
}

/** Checks a part of the window in each theme, and returns the results in the last theme, which is dark. */
export async function checkPartInThemes(stage: Stage, selector: string, disabledRules?: readonly string[]) {
  for (const theme of ['vs', 'hc-black', 'hc-light'] as const) {
    await useTheme(stage, theme);
    await checkPart(stage.window, selector, disabledRules);
  }
  await useTheme(stage, 'vs-dark');
  return checkPart(stage.window, selector, disabledRules);
}

/** Fails if the visible report breaks a rule, or if axe can't decide whether a text has the minimum contrast. */
export async function checkReport(window: Workbench): Promise<void> {
  await paintBackground(window.preview().locator('body'));
  const { passes, incomplete } = await checkPart(window, [...report, 'body'], rulesOfPreviews, withoutContrast);
  const undecided = incomplete.filter(isContrast).flatMap(({ nodes }) => nodes.map(({ html }) => html));
  assert.deepEqual(undecided, []);
  const texts = passes.find(isContrast)?.nodes.length ?? 0;
  assert.ok(texts > 3, `${texts} texts with enough contrast`);
}
