import fc from 'fast-check';
import assert from 'node:assert/strict';
import { scopeOf, type Trouble, type TroubleKind } from '#core/kickoff/trouble';
import { backOffMs } from '#core/lib/backOff';
import { healthyHost, nextHostState, type HostState } from '#core/polling/hostState';
import { always } from '#test/support/checks';
import { minute, second, start } from '#test/support/manualClock';

interface Result {
  readonly run: string | undefined;
  readonly trouble: Trouble | undefined;
}

/** The longest waits: 5, 10, 20 … seconds. */
const longest = () => 1;
const serverErrors: readonly TroubleKind[] = ['serverTrouble', 'notAnAnswer'];
const ofHosts: readonly TroubleKind[] = ['throttled', 'nameUnknown', 'unreachable', 'certificate', 'proxy'];
/** More of them, because only they have a time. */
const throttled = Array<TroubleKind>(5).fill('throttled');
const others: readonly TroubleKind[] = ['tokenRefused', 'moved', 'wrongAddress', 'notAllowed', 'tooLarge', 'refused'];

const kinds = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...serverErrors) },
  { weight: 2, arbitrary: fc.constantFrom(...ofHosts, ...throttled) },
  { weight: 1, arbitrary: fc.constantFrom(...others, undefined) },
);
const waits = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 7_200 }));
const results = fc.array(fc.tuple(kinds, waits, fc.constantFrom('a', 'b', 'c', 'd', undefined)), { maxLength: 12 });

/** Polls a host with these results, each at the time of the next probe. A wait is the seconds of `Retry-After`. */
function polled(all: readonly (readonly [kind: TroubleKind | undefined, wait?: number | undefined, run?: string | undefined])[]) {
  let state: HostState = healthyHost;
  let now = start;
  const seen: Result[] = [];
  for (const [kind, wait, runKey] of all) {
    if (state.kind === 'failing') now = state.trouble.retryAt;
    const trouble = kind && { kind, ...(wait !== undefined && kind === 'throttled' && { retryAt: now + wait * second }) };
    seen.push({ run: runKey, trouble });
    state = nextHostState(state, { runKey, trouble, now }, longest);
  }
  return { state, seen, now };
}

/** Counts the failures in a row since the host had a problem: of the host, or server errors of three different runs. */
function failuresIn(seen: readonly Result[]): number {
  const isError = ({ trouble }: Result) => trouble !== undefined && serverErrors.includes(trouble.kind);
  const isOfHost = ({ trouble }: Result) => trouble !== undefined && scopeOf(trouble.kind) === 'host';
  const last = seen.slice(seen.findLastIndex((one) => !isError(one) && !isOfHost(one)) + 1);
  const blames = (_: Result, index: number) => {
    const until = last.slice(0, index + 1);
    return until.some(isOfHost) || new Set(until.flatMap(({ run }) => run ?? [])).size >= 3;
  };
  const first = last.findIndex(blames);
  return first < 0 ? 0 : last.length - first;
}

describe('The state of a host', () => {
  always(
    'is failing after a problem of the host or server errors of three runs, until the next response without such a failure',
    5_000,
    [results],
    (all) => {
      const { state, seen } = polled(all);
      assert.equal(state.kind === 'failing' ? state.failures : 0, failuresIn(seen));
    },
  );

  always('has the last problem, with a retry time from Retry-After or a growing back-off, while it is failing', 5_000, [results], (all) => {
    const { state, seen, now } = polled(all);
    const failures = failuresIn(seen);
    const last = seen.at(-1)?.trouble;
    if (state.kind !== 'failing' || !last) return;

    const wait = backOffMs(failures, longest);
    const own = now + (last.kind === 'throttled' && last.retryAt === undefined ? Math.max(minute, wait) : wait);
    const isObeyed = last.retryAt !== undefined && (failures <= 2 || last.retryAt > own);
    assert.deepEqual(state.trouble, { ...last, retryAt: isObeyed ? last.retryAt : own });
  });

  const late = fc.tuple(fc.constantFrom(...serverErrors, ...ofHosts, ...others, undefined), waits);
  always('changes before the retry time only to throttled or healthy, for any result', 2_000, [results, late], (all, [kind, wait]) => {
    const { state, now } = polled(all);
    if (state.kind !== 'failing' || state.trouble.retryAt === now) return;
    const retryAt = wait === undefined ? undefined : now + wait * second;
    const trouble = kind && { kind, ...(kind === 'throttled' && retryAt !== undefined && { retryAt }) };
    const after = nextHostState(state, { runKey: 'e', trouble, now }, longest);
    const isThrottled = state.trouble.kind === 'throttled';
    if (trouble?.kind === 'throttled') {
      const least = trouble.retryAt ?? now + minute;
      const expected = isThrottled ? Math.max(state.trouble.retryAt, least) : least;
      assert.deepEqual(after.kind === 'failing' && [after.trouble.kind, after.trouble.retryAt], ['throttled', expected]);
    } else if (isThrottled || (kind && !others.includes(kind))) assert.equal(after, state);
    else assert.equal(after, healthyHost);
  });
});
