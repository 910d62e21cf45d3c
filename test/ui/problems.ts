import assert from 'node:assert/strict';
import path from 'node:path';
import { scopeOf, waitsForUser, type TroubleKind } from '#core/kickoff/trouble';
import { rowThatSays, versionAsked, type Stage } from './stage';

export interface ExpectedProblem {
  readonly kind: TroubleKind;
  /** The source of a pattern for the row text. */
  readonly says: string;
  readonly button: string;
  /** The HTTP status in the tooltip. */
  readonly code?: string;
}

export interface AffectedRun extends ExpectedProblem {
  readonly id: string;
  readonly label: string;
}

export const aTime = '\\d\\d:\\d\\d';

/** Returns the short ID of a run, which is the beginning of its row. */
export function shortOf({ id }: Pick<AffectedRun, 'id'>): string {
  return id.slice(0, 8);
}

/** Returns a pattern for the row that shows a problem. If a problem affects only a run, the run's row shows it. */
export function rowOf({ kind, id, label }: Pick<AffectedRun, 'kind' | 'id' | 'label'>): RegExp {
  return new RegExp(`^${isShared(kind) ? label : shortOf({ id })}`);
}

function isShared(kind: TroubleKind): boolean {
  return ['host', 'deployment', 'all'].includes(scopeOf(kind));
}

/**
 * Waits until the row of a problem shows the problem with its only button. Checks that runs show a problem of their deployment only if it
 * waits for the user, and that a deployment shows the problem of its run. Takes a picture, which has the name of the problem by default.
 */
export async function expectProblem({ window }: Stage, affectedRun: AffectedRun, picture: string = affectedRun.kind): Promise<void> {
  const { kind, says, label, button, code = '' } = affectedRun;
  const short = shortOf(affectedRun);
  if (isShared(kind)) {
    await rowThatSays(window, new RegExp(`^${label} ${says}$`), 30_000);
    const isEach = waitsForUser(kind);
    const run = await rowThatSays(window, new RegExp(isEach ? `^${short} ${says}( · |$)` : `^${short} (?!.*${says})`));
    assert.equal(/codicon-warning/.test(run.iconClass), isEach, run.description);
    assert.doesNotMatch(run.iconClass, /codicon-modifier-spin/, run.description);
    assert.deepEqual(await window.rowButtons(new RegExp(`^${short}`)), isEach ? [button] : []);
  } else {
    await rowThatSays(window, new RegExp(`^${short} ${says}( · |$)`), 30_000);
    const deployment = await rowThatSays(window, new RegExp(`^${label} 1 active · \\w`));
    assert.match(deployment.iconClass, /codicon-warning/);
  }
  assert.deepEqual(await window.rowButtons(rowOf(affectedRun)), [button]);
  await window.hover(window.row(rowOf(affectedRun)), new RegExp(`${says}[^]*${code}`));
  await window.screenshot(path.join('dist/gallery', versionAsked(), `${picture}.png`));
  await window.hideTooltip();
}

/** Waits until a poll of the run succeeds. Failed polls on a slow machine may have increased the polling interval. */
export async function expectRecovery({ window }: Stage, { id, label }: Pick<AffectedRun, 'id' | 'label'>): Promise<void> {
  await rowThatSays(window, new RegExp(`^${shortOf({ id })} \\d/3 · .*\\w+_task`), 180_000);
  await rowThatSays(window, new RegExp(`^${label} 1 active$`));
}
