import type { Random } from '#core/lib/types';
import { hour, type ManualClock, minute, second } from '#test/support/manualClock';
import type { Neighbor } from '#test/support/neighbors';
import { seeded } from './paceWorkloads';

/** Windows open, close, and get the focus 20 times as often as on a usual day, so that a few simulated hours are enough. */
const restless = 20;
/** The mean time for which a window is open. */
const lifeMs = (3 * hour) / restless;
/** The mean time for which a window is closed. */
const goneMs = (20 * minute) / restless;
/** The time until a reloaded or crashed window is open again. */
const backMs = 4 * second;
/** While no window is focused: the probability that an action happens in another window than the polling one. */
const elsewhereShare = 0.05;

interface DayWindowsParts {
  readonly clock: ManualClock;
  readonly seed: number;
  readonly open: (name: string) => Promise<Neighbor>;
  /** Called when a window was closed, because no window may poll for a while after that. */
  readonly onClose: () => void;
}

/** The windows of a day, which are opened, closed, killed, and focused. A single window opens again immediately. */
export class DayWindows {
  readonly #slots: (Neighbor | undefined)[];
  #focused: Neighbor | undefined;
  #wanted: number | undefined;
  readonly #hand: Random;
  #opened = 0;

  constructor(
    count: number,
    private readonly parts: DayWindowsParts,
  ) {
    this.#slots = Array.from({ length: count }, () => undefined);
    this.#hand = seeded(parts.seed);
    for (let slot = 0; slot < count; slot++) void this.#begin(slot, seeded(parts.seed + 1 + slot));
    this.#turn();
  }

  get all(): readonly Neighbor[] {
    return this.#slots.filter((window) => window !== undefined);
  }

  /** Returns the focused window. Without a focused window, usually returns the polling window, and sometimes a random window. */
  inUse(random: Random): Neighbor | undefined {
    const { all } = this;
    const any = all[Math.floor(random() * all.length)];
    return this.#focused ?? (random() < elsewhereShare ? any : (all.find(({ isPolling }) => isPolling) ?? any));
  }

  async #begin(slot: number, life: Random): Promise<void> {
    const window = await this.parts.open(`window ${++this.#opened}`);
    this.#slots[slot] = window;
    if (this.#wanted === slot) this.#focus(slot);
    this.parts.clock.after(around(lifeMs, life), () => void this.#end(slot, window, life));
  }

  async #end(slot: number, window: Neighbor, life: Random): Promise<void> {
    const how = (['killed', 'closed', 'reloaded'] as const)[Math.floor(3 * life())] ?? 'killed';
    const isLong = how === 'closed' && this.#slots.length > 1;
    this.parts.clock.after(isLong ? around(goneMs, life) : backMs, () => void this.#begin(slot, life));
    this.#slots[slot] = undefined;
    if (this.#focused === window) this.#focused = undefined;
    if (isLong && this.#wanted === slot) this.#choose(life());
    this.parts.onClose();
    if (how === 'killed') window.kill();
    else await window.close();
  }

  /** Moves the focus to another window or away, for minutes or for a moment. */
  #turn(): void {
    const [kind, which, long] = [this.#hand(), this.#hand(), this.#hand()];
    const isFlash = kind < 0.15;
    const isAway = kind > 0.85;
    if (isAway) this.#focus(undefined);
    else this.#choose(which);
    const stays = isFlash ? 200 + 2_800 * long : around((isAway ? 20 * minute : 6 * minute) / restless, () => long);
    this.parts.clock.after(stays, () => this.#turn());
  }

  #choose(which: number): void {
    const there = this.#slots.flatMap((window, slot) => (window ? [slot] : []));
    this.#focus(there[Math.floor(which * there.length)] ?? 0);
  }

  #focus(slot: number | undefined): void {
    this.#wanted = slot;
    const next = slot === undefined ? undefined : this.#slots[slot];
    if (next === this.#focused) return;
    this.#focused?.focus(false);
    this.#focused = next;
    next?.focus(true);
  }
}

/** Returns a random time with this mean. */
function around(milliseconds: number, random: Random): number {
  return -milliseconds * Math.log(1 - random());
}
