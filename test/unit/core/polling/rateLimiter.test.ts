import fc from 'fast-check';
import assert from 'node:assert/strict';
import { RateLimiter } from '#core/polling/rateLimiter';
import { aHost, excess, inAll } from '#test/support/ceiling';
import { always } from '#test/support/checks';

const now = 1_000_000;
const one = 'https://one';

function sentAt(rateLimiter: RateLimiter, { origin = one, isUrgent = false }, at: number): boolean {
  if (rateLimiter.readyAt({ origin, isUrgent }, at) > at) return false;
  rateLimiter.spend(origin, at);
  return true;
}

function burst(rateLimiter: RateLimiter, request: { readonly origin?: string; readonly isUrgent?: boolean }, at = now): number {
  let count = 0;
  // No bucket has 100 tokens. A broken limiter fails the test instead of looping forever.
  while (count < 100 && sentAt(rateLimiter, request, at)) count++;
  return count;
}

describe('The request limit of a host', () => {
  it('is two per second after a burst of ten, including two that only urgent requests can use', () => {
    const rateLimiter = new RateLimiter();
    assert.equal(burst(rateLimiter, {}), 8);
    assert.equal(burst(rateLimiter, { isUrgent: true }), 2);
    assert.equal(burst(rateLimiter, { isUrgent: true }, now + 500), 1);
    assert.equal(burst(rateLimiter, {}, now + 2_000), 1);
    assert.equal(burst(rateLimiter, { isUrgent: true }, now + 3_600_000), 10);
  });

  it('permits one normal request every 500 ms after a burst', () => {
    const rateLimiter = new RateLimiter();
    burst(rateLimiter, {});
    for (let at = now + 500; at < now + 60_000; at += 500) assert.equal(burst(rateLimiter, {}, at), 1);
  });

  it('is ten requests in the 10 s after the host recovered, unlike the limit of another host', () => {
    const rateLimiter = new RateLimiter();
    rateLimiter.beginSlowStart(one, now);
    let count = 0;
    for (let at = now; at <= now + 10_000; at += 50) count += burst(rateLimiter, { isUrgent: true }, at);
    assert.equal(count, 10);
    assert.equal(burst(rateLimiter, { origin: 'https://two' }, now + 20_000), 8);
  });

  it('is the usual limit again 10 s after the host recovered', () => {
    const rateLimiter = new RateLimiter();
    rateLimiter.beginSlowStart(one, now);
    assert.equal(burst(rateLimiter, {}, now + 10_001), 8);
    assert.equal(burst(rateLimiter, { isUrgent: true }, now + 10_001), 2);
    assert.equal(burst(rateLimiter, { isUrgent: true }, now + 10_501), 1);
  });
});

describe('The total request limit', () => {
  it('is five per second after a burst of 20, including four that only urgent requests can use', () => {
    const rateLimiter = new RateLimiter();
    const over = (isUrgent: boolean, at: number) =>
      [1, 2, 3, 4].reduce((count, host) => count + burst(rateLimiter, { origin: String(host), isUrgent }, at), 0);
    assert.equal(over(false, now), 16);
    assert.equal(over(true, now), 4);
    assert.equal(over(true, now + 200), 1);
  });

  it("isn't reduced if a timer is only two seconds late", () => {
    const rateLimiter = new RateLimiter();
    rateLimiter.expectWakeAt(now + 60_000);
    rateLimiter.emptyAfterSleep(now + 62_000);
    assert.equal(burst(rateLimiter, { origin: 'https://two' }, now + 62_000), 8);
  });

  it('is two per second without a burst for 10 s after sleep', () => {
    const rateLimiter = new RateLimiter();
    burst(rateLimiter, { isUrgent: true });
    rateLimiter.expectWakeAt(now + 60_000);
    rateLimiter.emptyAfterSleep(now + 62_001);
    let count = 0;
    for (let at = now + 62_001; at <= now + 72_001; at += 50)
      count += burst(rateLimiter, { isUrgent: true }, at) + burst(rateLimiter, { origin: 'https://two', isUrgent: true }, at);
    assert.equal(count, 20);
  });

  it('is the usual limit again 10 s after sleep', () => {
    const rateLimiter = new RateLimiter();
    rateLimiter.expectWakeAt(now);
    rateLimiter.emptyAfterSleep(now + 2_001);
    const counts = ['1', '2', '3'].map((origin) => burst(rateLimiter, { origin, isUrgent: true }, now + 12_002));
    assert.deepEqual(counts, [10, 10, 0]);
  });
});

describe('The request limits', () => {
  const request = fc.record({
    after: fc.integer({ min: 0, max: 700 }),
    host: fc.nat({ max: 4 }),
    isUrgent: fc.boolean(),
    eases: fc.nat({ max: 40 }).map((n) => n === 0),
  });
  const requests = fc.array(request, { maxLength: 300 });

  /** Sends as many requests as the limits permit. Returns them, and the longest wait for another request. */
  function send(wanted: readonly { after: number; host: number; isUrgent: boolean; eases: boolean }[]) {
    const rateLimiter = new RateLimiter();
    const sent: { readonly at: number; readonly host: number }[] = [];
    let longest = 0;
    let at = now;
    for (const { after, host, isUrgent, eases } of wanted) {
      at += after;
      if (eases) rateLimiter.beginSlowStart(String(host), at);
      const count = burst(rateLimiter, { origin: String(host), isUrgent }, at);
      for (let n = 0; n < count; n++) sent.push({ at, host });
      longest = Math.max(longest, rateLimiter.readyAt({ origin: String(host), isUrgent }, at) - at);
    }
    return { sent, longest };
  }

  always('delay no request for more than two seconds, for any sequence of requests', 300, [requests], (wanted) => {
    assert.ok(send(wanted).longest <= 2_000);
  });

  always('are never exceeded by any sequence of requests', 300, [requests], (wanted) => {
    const { sent } = send(wanted);
    const times = (only?: number) => sent.filter(({ host }) => only === undefined || host === only).map((one) => one.at);
    assert.ok(excess(times(), inAll) <= 0);
    for (let host = 0; host < 5; host++) assert.ok(excess(times(host), aHost) <= 0);
  });
});
