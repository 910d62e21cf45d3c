import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { paintBackground, transitionsEnd } from '../support/host/rendered.mjs';
import { until } from './stage';
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

/** Settings with which VS Code follows the color scheme that the browser reports. */
export const followsScheme = { 'window.autoDetectColorScheme': true, 'window.autoDetectHighContrast': true };

/** The color schemes by the class of VS Code's window. The default is the last one. A change keeps an open box, but not a tooltip. */
const schemes = {
  vs: { colorScheme: 'light', forcedColors: 'none' },
  'hc-black': { colorScheme: 'dark', forcedColors: 'active' },
  'hc-light': { colorScheme: 'light', forcedColors: 'active' },
  'vs-dark': { colorScheme: 'dark', forcedColors: 'none' },
} as const;

/** Calls `check` in a light theme, both high-contrast themes, and a dark theme. Requires `followsScheme`. */
export async function inEachTheme({ page }: Workbench, check: () => Promise<unknown>): Promise<void> {
  for (const [theme, scheme] of Object.entries(schemes)) {
    await page.emulateMedia(scheme);
    const workbench = page.locator(`.monaco-workbench.${theme}`);
    await workbench.waitFor();
    await transitionsEnd(workbench);
    await check();
  }
}

/**
 * Fails if the visible report breaks a rule, or if axe can't decide whether a text has the minimum contrast. Tries again, because a preview
 * that VS Code reloads after a change of the theme loses its background.
 */
export async function checkReport(window: Workbench): Promise<void> {
  await until('axe to decide about each text of the report', async () => {
    await paintBackground(window.preview().locator('body'));
    const { passes, incomplete } = await checkPart(window, [...report, 'body'], rulesOfPreviews, withoutContrast);
    const undecided = incomplete.filter(isContrast).flatMap(({ nodes }) => nodes.map(({ html }) => html));
    assert.deepEqual(undecided, []);
    const texts = passes.find(isContrast)?.nodes.length ?? 0;
    assert.ok(texts > 3, `${texts} texts with enough contrast`);
    return true;
  });
}
