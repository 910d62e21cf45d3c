import fc from 'fast-check';
import assert from 'node:assert/strict';
import { HostHealth } from '#core/polling/hostHealth';
import { RateLimiter } from '#core/polling/rateLimiter';
import { gateOf, nextRequests, type HostGate } from '#core/polling/schedule';
import type { ScheduledRun } from '#core/polling/scheduledRun';
import { deployment, id, key, unanswered } from '#test/support/builders';
import { tries } from '#test/support/fuzz';

const now = 1_000_000;
let made = 0;

interface Placed extends ScheduledRun {
  readonly gate: HostGate;
}

function watched(fields: Partial<ScheduledRun> & Partial<HostGate> = {}): Placed {
  const { origin = 'https://one', isStopped = false, probeAt, ...rest } = fields;
  const ref = { deployment: key(++made), id: id() };
  return { ref, due: now, askedAt: 0, interval: 60_000, failures: 0, ...rest, gate: { origin, isStopped, probeAt } };
}

function many(count: number, fields: (index: number) => Parameters<typeof watched>[0] = () => ({})): readonly Placed[] {
  return Array.from({ length: count }, (_, index) => watched(fields(index)));
}

function inFlight(): { readonly request: ScheduledRun['request'] } {
  return { request: { dispose: () => undefined } };
}

function turn(all: readonly Placed[], rateLimiter = new RateLimiter(), at = now) {
  const gates = new Map(all.map((one) => [one.ref.deployment, one.gate]));
  return nextRequests(all, { gateOf: (of) => gates.get(of)!, rateLimiter, now: at });
}

describe('Whether a run may be asked', () => {
  it('is up to the host and the deployment that it is asked at', () => {
    const health = new HostHealth(() => 1);
    const crew = deployment();
    assert.deepEqual(gateOf(crew, health), { origin: crew.url, isStopped: false, probeAt: undefined });
    health.record(crew, 'a', unanswered('unreachable'), now);
    health.record(crew, 'a', unanswered('noToken'), now);
    assert.deepEqual(gateOf(crew, health), { origin: crew.url, isStopped: true, probeAt: now + 5_000 });
  });

  it('is not where there is no such deployment, or its stored URL was damaged', () => {
    const health = new HostHealth(() => 1);
    const stopped = { origin: '', isStopped: true, probeAt: undefined };
    const damaged = { ...deployment(), url: 'https://a.ex mple' as ReturnType<typeof deployment>['url'] };
    for (const of of [undefined, damaged]) assert.deepEqual(gateOf(of, health), stopped);
  });
});

describe('A turn', () => {
  it('is nobody’s when nobody is there', () => {
    assert.deepEqual(turn([]), { ask: [], next: Infinity });
  });

  it('is the turn of those who are due, the longest due first', () => {
    const [late, later, early] = [watched({ due: now - 1 }), watched({ due: now }), watched({ due: now - 5 })];
    assert.deepEqual(turn([late, later, early]).ask, [early, late, later]);
  });

  it('comes next when the first of the others is due', () => {
    assert.deepEqual(turn([watched({ due: now + 9 }), watched({ due: now + 7 })]), { ask: [], next: now + 7 });
  });

  it('is not the turn of one that is asked already, or not by itself any more', () => {
    assert.deepEqual(turn([watched(inFlight()), watched({ due: undefined })]), { ask: [], next: Infinity });
  });

  it('is never that of a run whose deployment is stopped', () => {
    const fine = watched();
    assert.deepEqual(turn([watched({ isStopped: true, due: now - 100 }), fine, watched({ isStopped: true, due: now + 1 })]), {
      ask: [fine],
      next: Infinity,
    });
  });

  it('goes to four of a host at most, those in flight among them', () => {
    assert.equal(turn(many(50)).ask.length, 4);
    assert.equal(turn([...many(3, inFlight), ...many(50)]).ask.length, 1);
    assert.equal(turn([...many(4, inFlight), ...many(50)]).ask.length, 0);
  });

  it('goes to sixteen in all at most, those in flight among them', () => {
    const spread = many(60, (index) => ({ origin: `https://host${index % 20}` }));
    assert.equal(turn(spread).ask.length, 16);
    assert.equal(turn([...many(14, (index) => ({ origin: `https://other${index}`, ...inFlight() })), ...spread]).ask.length, 2);
    assert.equal(turn([...many(16, (index) => ({ origin: `https://other${index}`, ...inFlight() })), ...spread]).ask.length, 0);
  });

  it('goes to nobody while more than sixteen are in flight', () => {
    assert.equal(turn([...many(18, (index) => ({ origin: `https://other${index}`, ...inFlight() })), ...many(4)]).ask.length, 0);
  });

  it('goes to the longest due of all hosts when not all can have it', () => {
    const spread = many(40, (index) => ({ origin: `https://host${index % 10}`, due: now - index }));
    assert.deepEqual(
      turn(spread).ask.map(({ due }) => due),
      Array.from({ length: 16 }, (_, index) => now - 39 + index),
    );
  });
});

describe('A turn that the budget limits', () => {
  const spent = () => {
    const rateLimiter = new RateLimiter();
    for (let n = 0; n < 8; n++) rateLimiter.spend('https://one', now);
    return rateLimiter;
  };

  it('is that of nobody before there is a token again, and comes then', () => {
    const rateLimiter = spent();
    assert.deepEqual(turn(many(3), rateLimiter), { ask: [], next: now + 500 });
    assert.equal(turn(many(3), rateLimiter, now + 499).ask.length, 0);
    assert.equal(turn(many(3), rateLimiter, now + 500).ask.length, 1);
  });

  it('is that of who is asked for by hand, out of what is kept, before all others', () => {
    const [other, urgent] = [watched({ due: now - 1_000_000 }), watched({ isUrgent: true })];
    assert.deepEqual(turn([other, urgent], spent()), { ask: [urgent], next: now + 1_000 });
  });

  it('is that of another host', () => {
    const fine = watched({ origin: 'https://two' });
    assert.deepEqual(turn([watched(), fine], spent()), { ask: [fine], next: now + 500 });
  });

  it('goes to the latest by his own interval, so that a young run is not starved by old ones', () => {
    const old = many(20, () => ({ due: now - 30_000, interval: 60_000 }));
    const young = watched({ due: now - 2_000, interval: 3_000 });
    assert.equal(turn([...old, young]).ask[0], young);
    assert.notEqual(turn([...old, watched({ due: now - 1_000, interval: 3_000 })]).ask[0]?.interval, 3_000);
  });

  it('sets no timer for a run that waits for a request to end', () => {
    assert.deepEqual(turn([...many(4, inFlight), ...many(9)], spent()), { ask: [], next: Infinity });
  });

  it('is no probe’s either, and the run asked for by hand is the probe', () => {
    const [other, urgent] = [watched({ probeAt: now }), watched({ probeAt: now, askedAt: 9, isUrgent: true })];
    assert.deepEqual(turn([other], spent()), { ask: [], next: now + 500 });
    assert.deepEqual(turn([other, urgent], spent()), { ask: [urgent], next: Infinity });
  });
});

describe('A host in trouble', () => {
  it('is asked by nobody before its time, and then wakes', () => {
    assert.deepEqual(turn(many(5, () => ({ probeAt: now + 7 }))), { ask: [], next: now + 7 });
  });

  it('is asked by one run alone, the one that was asked longest ago', () => {
    const all = many(5, (index) => ({ probeAt: now, askedAt: now - 100 + ((index + 2) % 5) }));
    assert.deepEqual(turn(all), { ask: [all[3]], next: Infinity });
  });

  it('is asked by a different run each time', () => {
    const all = many(5, () => ({ probeAt: now }));
    const asked = Array.from({ length: 10 }, (_, index) => {
      const [probe] = turn(all).ask;
      probe!.askedAt = index + 1;
      return probe;
    });
    assert.deepEqual(asked, [...all, ...all]);
  });

  it('is asked by nobody while a request to it is under way', () => {
    assert.deepEqual(turn([watched({ probeAt: now, ...inFlight() }), ...many(3, () => ({ probeAt: now }))]), { ask: [], next: Infinity });
  });

  it('is not probed by a run that is stopped, or not asked by itself any more', () => {
    const fine = watched({ probeAt: now, askedAt: 9 });
    assert.deepEqual(turn([watched({ probeAt: now, isStopped: true }), watched({ probeAt: now, due: undefined }), fine]).ask, [fine]);
    assert.deepEqual(turn([watched({ probeAt: now, due: undefined })]), { ask: [], next: Infinity });
  });

  it('is not probed by a run that the server asked to leave in peace for longer', () => {
    assert.deepEqual(turn([watched({ probeAt: now, due: now + 3_600_000 })]), { ask: [], next: now + 3_600_000 });
    const fine = watched({ probeAt: now, askedAt: 9 });
    assert.deepEqual(turn([watched({ probeAt: now, due: now + 3_600_000 }), fine]).ask, [fine]);
  });

  it('does not keep the others waiting', () => {
    const fine = watched({ origin: 'https://two' });
    const soon = watched({ origin: 'https://two', due: now + 3 });
    assert.deepEqual(turn([watched({ probeAt: now + 9 }), fine, soon]), { ask: [fine], next: now + 3 });
  });
});

describe('Whoever is watched', () => {
  const someone = fc.record({
    host: fc.nat({ max: 5 }),
    due: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
    askedAt: fc.nat({ max: 9 }),
    isAsked: fc.boolean(),
    isStopped: fc.boolean(),
  });
  const hosts = fc.array(fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }), { minLength: 6, maxLength: 6 });

  it('keeps the caps, asks nobody twice or before the time, and wakes later than now', () => {
    fc.assert(
      fc.property(fc.array(someone, { maxLength: 60 }), hosts, (people, probes) => {
        const busy = new Map<number, number>();
        const all = people.map(({ host, due, askedAt, isAsked, isStopped }) => {
          const count = busy.get(host) ?? 0;
          const hasRequest = isAsked && count < 2;
          if (hasRequest) busy.set(host, count + 1);
          const probeAt = probes[host];
          return watched({
            origin: String(host),
            due: due === undefined ? undefined : now + due,
            askedAt,
            isStopped,
            probeAt: probeAt === undefined ? undefined : now + probeAt,
            ...(hasRequest && inFlight()),
          });
        });
        const { ask, next } = turn(all);
        assert.equal(new Set(ask).size, ask.length);
        assert.ok(next > now);
        const flying = all.filter((one) => one.request !== undefined || ask.includes(one));
        assert.ok(flying.length <= 16);
        for (const host of new Set(all.map(({ gate }) => gate.origin))) {
          const there = flying.filter(({ gate }) => gate.origin === host);
          const asked = there.filter((one) => ask.includes(one));
          assert.ok(there.length <= 4);
          for (const { gate, due, request } of asked) {
            assert.ok(!gate.isStopped && due !== undefined && !request);
            if (gate.probeAt === undefined) assert.ok(due <= now);
            else assert.ok(gate.probeAt <= now && there.length === 1);
          }
        }
      }),
      tries(5_000),
    );
  }).timeout(20_000);
});
