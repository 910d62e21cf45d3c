import fc from 'fast-check';
import assert from 'node:assert/strict';
import { times, tries } from './fuzz';

/** Adds a property test: `holds` must not throw or reject for any generated values. Makes `count` runs in `npm test`, more in a long run. */
export function always<Values extends [unknown, ...unknown[]]>(
  title: string,
  count: number,
  values: { readonly [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  holds: (...values: Values) => void | Promise<void>,
): void {
  it(title, () =>
    fc.assert(
      fc.asyncProperty(fc.tuple<Values>(...values), async (all) => holds(...all)),
      tries(count),
    ),
  ).timeout(times(60_000));
}

/** Fails if an item is wrong, and names the wrong items. */
export function assertNone<Item>(items: Iterable<Item>, isWrong: (item: Item) => boolean): void {
  assert.deepEqual([...items].filter(isWrong), []);
}
