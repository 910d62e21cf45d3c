import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { paintBackground } from '../support/host/rendered.mjs';
import { until } from './stage';
import type { Workbench } from '../support/host/window.mjs';

const report = ['iframe.webview.ready', 'iframe#active-frame'];
/** Elements of the oldest VS Code that break rules. */
const partsOfVSCode = ['.codicon-toolbar-more', '.codicon-notifications-configure', '.monaco-progress-container'];
/** Code in a report, whose colors are VS Code's. */
const coloredCode = [...report, 'pre code span'];
/** Links are underlined in previews only with VS Code's setting `accessibility.underlineLinks`. */
const rulesOfPreviews = ['link-in-text-block'];

/** Fails if a part of the window breaks a rule with serious or critical impact. */
export async function checkPart(
  { page }: Workbench,
  selector: string | string[],
  disabledRules: readonly string[] = [],
  excluded: readonly (string | string[])[] = partsOfVSCode,
): Promise<void> {
  const axe = new AxeBuilder({ page });
  for (const part of excluded) axe.exclude(part);
  axe.include(selector).disableRules([...disabledRules]);
  // A preview that is still loading has nothing to check.
  const { violations } = await until('axe to check something', async () => {
    const results = await axe.analyze();
    return results.passes.length > 0 ? results : undefined;
  });
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`)),
    [],
  );
}

/** Fails if the visible report breaks a rule, for example the minimum contrast of texts. */
export async function checkReport(window: Workbench): Promise<void> {
  await paintBackground(window.preview().locator('body'));
  await checkPart(window, [...report, 'body'], rulesOfPreviews, [coloredCode]);
}
