import fc from 'fast-check';
import assert from 'node:assert/strict';
import { Amp } from '#amp/amp';
import type { StatusSource } from '#core/polling/pollerParts';
import { answered, kickoff } from '#test/support/builders';
import { readingHere } from '#test/support/threads';
import { figure, tries } from '#test/support/fuzz';
import { day, hour, minute, second } from '#test/support/manualClock';
import { shared, Window } from '#test/support/polling';
import { canary, onlyPolling, replying } from './testPoll';

/** A Retry-After value and its meaning in seconds. `undefined` means that the value is invalid. */
interface RetryAfter {
  readonly value: string;
  /** Error of the server's clock, in seconds. */
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

/** Dates, as seconds after the response's own Date, with the error of the server's clock in seconds. */
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

const table: readonly ((now: number) => RetryAfter)[] = [
  ...numbers.map(([value, seconds]) => () => ({ value, seconds })),
  ...nonsense.map((value) => () => ({ value, seconds: undefined })),
  ...dates.map(([seconds, skew]) => (now: number) => ({
    value: new Date(now + (seconds + skew) * second).toUTCString(),
    skew,
    seconds: seconds > 0 ? Math.min(86_400, seconds) : undefined,
  })),
];

const body = JSON.stringify({ state: 'RUNNING' });

/** Starts a window that polls one run, whose server always sends the header of `headerOf`. `requests` contains the times of the polls. */
async function startPolling(status: number, headerOf: (now: number) => RetryAfter) {
  const parts = shared({ script: answered('running') });
  const { clock } = parts;
  const requests: { readonly at: number; readonly seconds: number | undefined }[] = [];
  const source: StatusSource = {
    observe: (deployment, id, signal) => {
      // A date in a header has no milliseconds.
      const now = Math.floor(clock.now() / second) * second;
      const { value, skew = 0, seconds } = headerOf(now);
      requests.push({ at: clock.elapsed, seconds });
      assert.ok(requests.length < 1_000, 'a hot loop');
      const headers = { 'retry-after': value, date: new Date(now + skew * second).toUTCString() };
      const client = onlyPolling({ get: replying(status, headers, body) });
      return new Amp({ get: () => Promise.resolve(canary) }, client, clock, readingHere).observe(deployment, id, signal);
    },
  };
  const window = new Window({ ...parts, source });
  await window.tracker.load();
  return { clock, window, requests };
}

/** Describes the requests that came too early. Without a valid Retry-After, the usual interval applies. */
function early(requests: readonly { readonly at: number; readonly seconds: number | undefined }[], status: number): readonly string[] {
  const usual = status === 200 ? 3 : 60;
  return requests.slice(1).flatMap(({ at }, index) => {
    const before = requests[index]!;
    const least = before.at + (before.seconds ?? usual) * second - (before.seconds === undefined ? 0 : second);
    return at >= least ? [] : [`${at} after ${before.at}, Retry-After: ${before.seconds ?? 'none'}`];
  });
}

describe('The Retry-After header', () => {
  let total = 0;

  const isValid = (headerOf: (now: number) => RetryAfter): boolean => headerOf(0).seconds !== undefined;

  for (const status of [200, 429, 503]) {
    it(`with HTTP ${status} delays the next poll until the given time`, () => assertNoneEarly(status, table.filter(isValid))).timeout(
      20_000,
    );

    it(`with an invalid value and HTTP ${status} allows no poll before the usual interval`, () =>
      assertNoneEarly(
        status,
        table.filter((headerOf) => !isValid(headerOf)),
      )).timeout(20_000);
  }

  async function assertNoneEarly(status: number, headers: typeof table): Promise<void> {
    assert.ok(headers.length >= 25, String(headers.length));
    for (const headerOf of headers) {
      const { clock, window, requests } = await startPolling(status, headerOf);
      const { value, seconds } = headerOf(clock.now());
      await clock.advance(0);
      // A date has a precision of one second.
      if (seconds !== undefined) {
        await clock.advance((seconds - 1) * second);
        assert.equal(requests.length, 1, value.slice(0, 40));
        await clock.advance(2 * minute + 2 * second);
        assert.notEqual(requests.length, 1, `no second request after ${value.slice(0, 40)}`);
      }
      await clock.advance(5 * minute);
      // After HTTP 200, only a valid header delays a poll that the user asks for.
      if (status !== 200 || seconds !== undefined) window.poller.pollNow([kickoff()]);
      await clock.advance(5 * minute);
      assert.deepEqual(early(requests, status), [], value.slice(0, 40));
      total += requests.length;
      window.poller.dispose();
    }
  }

  it('with an invalid value allows at most one request a minute after HTTP 429 or 503', async () => {
    for (const value of nonsense) {
      for (const status of [429, 503]) {
        const { clock, window, requests } = await startPolling(status, () => ({ value, seconds: undefined }));
        await clock.advance(day);
        const gaps = requests.slice(1).map(({ at }, index) => at - requests[index]!.at);
        assert.ok(requests.length >= 2 && Math.min(...gaps) >= minute, `${value}: ${Math.min(...gaps)}`);
        window.poller.dispose();
      }
    }
    figure(8, `${table.length} values with 3 statuses: 0 of ${total} requests early`);
  }).timeout(20_000);

  it('with random values never allows an early poll, in any order of the values', async () => {
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
      // Texts without digits are never valid.
      fc.stringMatching(/^[ -~]{0,12}$/).map((text) => {
        const value = text.replaceAll(/\d/g, 'x');
        return () => ({ value, seconds: undefined });
      }),
    );
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(header, { minLength: 1, maxLength: 5 }), fc.constantFrom(429, 503, 502), async (headers, status) => {
        let turn = 0;
        const polling = await startPolling(status, (now) => headers[turn++ % headers.length]!(now));
        await polling.clock.advance(4 * hour);
        assert.deepEqual(early(polling.requests, status), []);
        count += polling.requests.length;
        polling.window.poller.dispose();
      }),
      tries(300),
    );
    figure(8, `random values: 0 of ${count} requests early`);
  }).timeout(60_000);
});
