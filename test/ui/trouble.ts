import assert from 'node:assert/strict';
import path from 'node:path';
import { reachOf, type TroubleKind } from '../../src/core/trouble';
import { rowThatSays, versionAsked, type Stage } from './stage';

/** One line of the table of troubles: what the user sees, and the one thing to do about it. */
export interface Shown {
  readonly kind: TroubleKind;
  /** What the rows say, as the source of a pattern. */
  readonly says: string;
  /** The one button. */
  readonly button: string;
}

/** A run in trouble, and the label of its deployment. */
export interface Patient extends Shown {
  readonly id: string;
  readonly label: string;
}

/** A time of day, as the rows say it. */
export const aTime = '\\d\\d:\\d\\d';

/** How the row of a run begins. */
export function shortOf({ id }: Pick<Patient, 'id'>): string {
  return id.slice(0, 8);
}

/** Waits until the rows say what is wrong, each with its one button; leaves a picture of it, called like the trouble or as it is named. */
export async function seenInTrouble({ window }: Stage, patient: Patient, picture: string = patient.kind): Promise<void> {
  const { kind, says, label, button } = patient;
  await rowThatSays(window, new RegExp(`^${shortOf(patient)} ${says}( · |$)`), 30_000);
  if (['host', 'deployment', 'all'].includes(reachOf(kind))) await rowThatSays(window, new RegExp(`^${label} ${says}$`));
  assert.deepEqual(await window.rowButtons(new RegExp(shortOf(patient))), [button]);
  await window.tooltip(new RegExp(says));
  await window.screenshot(path.join('dist/gallery', versionAsked(), `${picture}.png`));
  await window.hideTooltip();
}

/** Waits until the run is heard again; whoever tries by himself may have waited longer and longer before, on a slow machine. */
export async function seenHealed({ window }: Stage, { id, label }: Pick<Patient, 'id' | 'label'>): Promise<void> {
  await rowThatSays(window, new RegExp(`^${shortOf({ id })} \\d/3 · \\w+_task`), 180_000);
  await rowThatSays(window, new RegExp(`^${label} 1 open$`));
}
