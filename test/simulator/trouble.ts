import type { Slowness } from './answer';

/** The start of a fault, as a time or as a request number from 1, and its duration. The default duration is unlimited. */
type When = ({ readonly from: number } | { readonly fromRequest: number }) & {
  readonly seconds?: number;
  readonly requests?: number;
  /** Only requests to this route count, for example `kickoff`. */
  readonly route?: string;
};

type What =
  /** The normal response, late or in pieces. */
  | ({ readonly kind: 'slow' } & Slowness)
  | { readonly kind: 'unauthorized' | 'forbidden' | 'notFound' | 'stall' | 'reset' }
  | { readonly kind: 'serverError' | 'html'; readonly status?: number }
  /** `retryAfter` is a number of seconds. */
  | { readonly kind: 'throttled'; readonly retryAfter?: number }
  /** A rejection with a message. */
  | { readonly kind: 'refused'; readonly sentence: string; readonly status?: number }
  /** A response of this many mebibytes, compressed to a few kilobytes per mebibyte. */
  | { readonly kind: 'huge'; readonly mebibytes: number }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  | { readonly kind: 'word'; readonly word: string }
  /** The server acts on the request, but its response is lost, late without end, or replaced by a gateway's status. */
  | { readonly kind: 'lost'; readonly response: 'reset' | 'stall' | number };

/** A fault that changes or replaces the normal response, with its duration. */
export type Trouble = What & When;

interface Spell {
  readonly trouble: Trouble;
  beganAt: number | undefined;
  /** The number of requests that count, and of those that met the fault. */
  seen: number;
  requests: number;
}

/** The faults of a run or a deployment. Selects the fault that applies to a request. */
export class Troubles {
  readonly #spells: readonly Spell[];

  constructor(troubles: readonly Trouble[] = []) {
    this.#spells = troubles.map((trouble) => ({ trouble, beganAt: undefined, seen: 0, requests: 0 }));
  }

  /** Counts a request that arrives `elapsed` seconds after the start. Returns its fault, if any. */
  met(elapsed: number, route = ''): Trouble | undefined {
    const spells = this.#spells.filter(({ trouble }) => trouble.route === undefined || trouble.route === route);
    for (const spell of spells) {
      spell.seen += 1;
      spell.beganAt ??= beginning(spell.trouble, elapsed, spell.seen);
    }

    const spell = spells.find((one) => isOn(one, elapsed));
    if (spell) spell.requests += 1;
    return spell?.trouble;
  }
}

function beginning(trouble: Trouble, elapsed: number, request: number): number | undefined {
  if ('from' in trouble) return elapsed >= trouble.from ? trouble.from : undefined;
  return request >= trouble.fromRequest ? elapsed : undefined;
}

function isOn({ trouble, beganAt, requests }: Spell, elapsed: number): boolean {
  if (beganAt === undefined) return false;
  return requests < (trouble.requests ?? Infinity) && elapsed < beganAt + (trouble.seconds ?? Infinity);
}
