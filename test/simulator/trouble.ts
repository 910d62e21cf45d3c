import type { Slowness } from './answer';

/** When a trouble begins, by time or by the number of the request (from 1 on), and how long it lasts: for ever when nothing is said. */
type When = ({ readonly from: number } | { readonly fromRequest: number }) & { readonly seconds?: number; readonly requests?: number };

type What =
  /** The good answer, late or drop by drop. */
  | ({ readonly kind: 'slow' } & Slowness)
  | { readonly kind: 'unauthorized' | 'forbidden' | 'notFound' | 'stall' | 'reset' }
  | { readonly kind: 'serverError' | 'html'; readonly status?: number }
  /** `retryAfter` is seconds, a date that many seconds ahead, or the header's text as it is. */
  | { readonly kind: 'throttled'; readonly retryAfter?: number | { readonly dateIn: number } | string; readonly status?: number }
  /** A sentence about the request, or an answer of that many mebibytes, compressed to a few. */
  | { readonly kind: 'refused'; readonly sentence: string; readonly status?: number }
  | { readonly kind: 'huge'; readonly mebibytes: number }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  | { readonly kind: 'word'; readonly word: string };

/** What goes wrong with a good answer or comes in its place, and for how long. */
export type Trouble = What & When;

interface Spell {
  readonly trouble: Trouble;
  beganAt: number | undefined;
  requests: number;
}

/** Decides, request by request, which trouble an asker runs into. */
export class Troubles {
  #asked = 0;
  readonly #spells: readonly Spell[];

  constructor(troubles: readonly Trouble[] = []) {
    this.#spells = troubles.map((trouble) => ({ trouble, beganAt: undefined, requests: 0 }));
  }

  /** Counts one request that arrives `elapsed` seconds after the start. */
  met(elapsed: number): Trouble | undefined {
    this.#asked += 1;
    for (const spell of this.#spells) spell.beganAt ??= beginning(spell.trouble, elapsed, this.#asked);

    const spell = this.#spells.find((one) => isOn(one, elapsed));
    if (spell) spell.requests += 1;
    return spell?.trouble;
  }
}

function beginning(trouble: Trouble, elapsed: number, asked: number): number | undefined {
  if ('from' in trouble) return elapsed >= trouble.from ? trouble.from : undefined;
  return asked >= trouble.fromRequest ? elapsed : undefined;
}

function isOn({ trouble, beganAt, requests }: Spell, elapsed: number): boolean {
  if (beganAt === undefined) return false;
  return requests < (trouble.requests ?? Infinity) && elapsed < beganAt + (trouble.seconds ?? Infinity);
}
