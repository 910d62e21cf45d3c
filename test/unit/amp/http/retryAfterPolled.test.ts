import fc from 'fast-check';
import assert from 'node:assert/strict';
import { AmpSource } from '#amp/source';
import type { Source } from '#core/polling/ports';
import { answered, kickoff } from '#test/support/builders';
import { figure, tries } from '#test/support/fuzz';
import { shared, Window } from '#test/support/polling';
import { canary, replying } from './asking';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What a server sends, and how many seconds that means; undefined: nothing that can be obeyed. */
interface Asked {
  readonly value: string;
  /** By how many seconds the server's clock is wrong. */
  readonly skew?: number;
  readonly seconds: number | undefined;
}

const numbers: readonly (readonly [string, number])[] = [
  ...(['1', '2', '5', '17', '60', '61', '119', '600', '3600', '43200', '86399', '86400'] as const).map(
    (text) => [text, Number(text)] as const,
  ),
  ...(['86401', '99999', '31536000', '4294967296', '9007199254740993', '9'.repeat(400)] as const).map((text) => [text, 86_400] as const),
  ['007', 7],
  [' 90 ', 90],
  ['0.2', 1],
  ['1.5', 2],
];

const nonsense = [
  ...['', '0', '0.0', '-0', '-1', '-86400', '+5', '1e3', '1e400', '0x10', '5s', '5 s', '5, 10', '5;', '1_000', '.5', '5.', '5,5'],
  ...['Infinity', '-Infinity', 'NaN', 'null', 'undefined', 'true', 'now', 'soon', '[5]', '{"seconds":5}'],
  ...['2025-06-01T13:00:00Z', '2025-06-01', '1748782800000ms', 'Sun, 99 Jun 2025 13:00:00 GMT', 'Sun', 'tomorrow'],
];

/** Dates: so many seconds after the answer's own, by a clock that is wrong by so much. */
const dates: readonly (readonly [number, number])[] = [
  [1, 0],
  [90, 0],
  [600, -3_600],
  [600, 3_600],
  [3_600, 86_400 * 400],
  [86_400, 0],
  [10 * 86_400, 0],
  [0, 0],
  [-60, 0],
  [-86_400, 3_600],
];

/** When the clock of the tests begins; a date in a header has no milliseconds. */
const table: readonly ((now: number) => Asked)[] = [
  ...numbers.map(([value, seconds]) => () => ({ value, seconds })),
  ...nonsense.map((value) => () => ({ value, seconds: undefined })),
  ...dates.map(([seconds, skew]) => (now: number) => ({
    value: new Date(now + (seconds + skew) * second).toUTCString(),
    skew,
    seconds: seconds > 0 ? Math.min(86_400, seconds) : undefined,
  })),
];

const body = JSON.stringify({ state: 'RUNNING' });

/** A window that polls one run of a server that always answers so, and when it asked. */
async function polled(status: number, of: (now: number) => Asked) {
  const parts = shared({ script: answered('running') });
  const { clock } = parts;
  const asked: { readonly at: number; readonly seconds: number | undefined }[] = [];
  const source: Source = {
    observe: (deployment, id, signal) => {
      const now = Math.floor(clock.now() / second) * second;
      const { value, skew = 0, seconds } = of(now);
      asked.push({ at: clock.elapsed, seconds });
      assert.ok(asked.length < 1_000, 'a hot loop');
      const headers = { 'retry-after': value, date: new Date(now + skew * second).toUTCString() };
      const client = { get: replying(status, headers, body) };
      return new AmpSource({ get: () => Promise.resolve(canary) }, client, clock).observe(deployment, id, signal);
    },
  };
  const window = new Window({ ...parts, source });
  await window.tracker.load();
  return { clock, window, asked };
}

/** What was asked before its time; a good answer that asks for nothing leaves the run its own pace. */
function early(asked: readonly { readonly at: number; readonly seconds: number | undefined }[], status: number): readonly string[] {
  const own = status === 200 ? 3 : 60;
  return asked.slice(1).flatMap(({ at }, index) => {
    const before = asked[index]!;
    const least = before.at + (before.seconds ?? own) * second - (before.seconds === undefined ? 0 : second);
    return at >= least ? [] : [`${at} after ${before.at}, which asked for ${before.seconds ?? 'nothing'}`];
  });
}

describe('Retry-After, as it is polled by', () => {
  let requests = 0;

  for (const status of [200, 429, 503]) {
    it(`is obeyed in full and never early, whatever stands there, with ${status}`, async () => {
      assert.ok(table.length >= 60, String(table.length));
      for (const of of table) {
        const { clock, window, asked } = await polled(status, of);
        const { value, seconds } = of(clock.now());
        await clock.advance(0);
        // To the second: what a date leaves out of the time it is sent at is less.
        if (seconds !== undefined) {
          await clock.advance((seconds - 1) * second);
          assert.equal(asked.length, 1, value.slice(0, 40));
          await clock.advance(2 * minute + 2 * second);
          assert.notEqual(asked.length, 1, `${value.slice(0, 40)} is asked again`);
        }
        await clock.advance(5 * minute);
        window.poller.askNow([kickoff()]);
        await clock.advance(5 * minute);
        if (status !== 200) assert.deepEqual(early(asked, status), [], value.slice(0, 40));
        requests += asked.length;
        window.poller.dispose();
      }
    }).timeout(20_000);
  }

  it('makes no hot loop where it means nothing: one request in a minute at most', async () => {
    for (const value of nonsense) {
      for (const status of [429, 503]) {
        const { clock, window, asked } = await polled(status, () => ({ value, seconds: undefined }));
        await clock.advance(day);
        const gaps = asked.slice(1).map(({ at }, index) => at - asked[index]!.at);
        assert.ok(asked.length >= 2 && Math.min(...gaps) >= minute, `${value}: ${Math.min(...gaps)}`);
        window.poller.dispose();
      }
    }
    figure(8, `${3 * table.length} cases of a table of ${table.length} values: 0 of ${requests} requests early`);
  }).timeout(20_000);

  it('is never disobeyed, by any header', async () => {
    const number = fc.oneof(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: 80_000, max: 10 ** 9 }));
    const header = fc.oneof(
      number.map((seconds) => () => ({ value: String(seconds), seconds: Math.min(86_400, seconds) })),
      fc
        .tuple(fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: -(10 ** 8), max: 10 ** 8 }))
        .map(([seconds, skew]) => (now: number) => ({
          value: new Date(now + (seconds + skew) * second).toUTCString(),
          skew,
          seconds: seconds > 0 ? seconds : undefined,
        })),
      // A text that holds a digit may be one that can be obeyed; those are above.
      fc.stringMatching(/^[ -~]{0,12}$/).map((text) => {
        const value = text.replaceAll(/\d/g, 'x');
        return () => ({ value, seconds: undefined });
      }),
    );
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(header, { minLength: 1, maxLength: 5 }), fc.constantFrom(429, 503, 502), async (headers, status) => {
        let turn = 0;
        const polling = await polled(status, (now) => headers[turn++ % headers.length]!(now));
        await polling.clock.advance(4 * hour);
        assert.deepEqual(early(polling.asked, status), []);
        asked += polling.asked.length;
        polling.window.poller.dispose();
      }),
      tries(300),
    );
    figure(8, `fuzzed headers: 0 of ${asked} requests early`);
  }).timeout(60_000);
});
