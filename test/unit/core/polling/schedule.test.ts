import fc from 'fast-check';
import assert from 'node:assert/strict';
import { HostHealth } from '#core/polling/hostHealth';
import { RateLimiter } from '#core/polling/rateLimiter';
import { gateOf, planRequests, type DeploymentGate } from '#core/polling/schedule';
import { ScheduledRun } from '#core/polling/scheduledRun';
import { deployment, id, key, unanswered } from '#test/support/builders';
import { always } from '#test/support/checks';

const now = 1_000_000;
let made = 0;

interface Fields extends Partial<DeploymentGate> {
  readonly due?: number | undefined;
  readonly polledAt?: number;
  readonly interval?: number;
  readonly isUrgent?: boolean;
  readonly isInFlight?: boolean;
}

class Placed extends ScheduledRun {
  readonly gate: DeploymentGate;

  constructor(fields: Fields) {
    const { origin = 'https://one', isBlocked = false, probeAt, due, interval, polledAt, isUrgent = false, isInFlight = false } = fields;
    super({ deployment: key(++made), id: id() }, due ?? now, interval);
    this.gate = { origin, isBlocked, probeAt };
    if (polledAt !== undefined) this.poll(polledAt);
    if (isUrgent) this.makeDue(now, true);
    if ('due' in fields && due === undefined) this.reschedule(now, undefined);
    if (isInFlight) this.startRequest(now);
  }

  poll(at: number): void {
    this.startRequest(at);
    this.endRequest();
  }
}

function scheduled(fields: Fields = {}): Placed {
  return new Placed(fields);
}

function many(count: number, fields: (index: number) => Fields = () => ({})): readonly Placed[] {
  return Array.from({ length: count }, (_, index) => scheduled(fields(index)));
}

const inFlight = () => ({ isInFlight: true });

function requestsOf(all: readonly Placed[], rateLimiter = new RateLimiter(), at = now) {
  const gates = new Map(all.map((one) => [one.ref.deployment, one.gate]));
  return planRequests(all, { gates, rateLimiter, now: at });
}

describe('The gate of a deployment', () => {
  const crew = deployment();

  it('is blocked only if the deployment is stopped', () => {
    const health = new HostHealth(() => 1);
    assert.deepEqual(gateOf(crew, health), { origin: crew.url, isBlocked: false, probeAt: undefined });
    health.record(crew, 'a', unanswered('noToken'), now);
    assert.deepEqual(gateOf(crew, health), { origin: crew.url, isBlocked: true, probeAt: undefined });
  });

  it("contains the time of the next probe of the deployment's host, even if the deployment is stopped", () => {
    const health = new HostHealth(() => 1);
    health.record(crew, 'a', unanswered('unreachable'), now);
    health.record(crew, 'a', unanswered('noToken'), now);
    assert.deepEqual(gateOf(crew, health), { origin: crew.url, isBlocked: true, probeAt: now + 5_000 });
  });

  it('permits no polls if the URL of the deployment is damaged', () => {
    const stopped = { origin: '', isBlocked: true, probeAt: undefined };
    const damaged = { ...deployment(), url: 'https://a.ex mple' as ReturnType<typeof deployment>['url'] };
    assert.deepEqual(gateOf(damaged, new HostHealth(() => 1)), stopped);
  });

  it('permits no polls if the deployment is unknown', () => {
    assert.deepEqual(planRequests([scheduled()], { gates: new Map(), rateLimiter: new RateLimiter(), now }).runsToPoll, []);
  });
});

describe('The next requests', () => {
  for (const [what, fields] of [
    ['has a request in flight', inFlight()],
    ["isn't polled automatically", { due: undefined }],
  ] as const)
    it(`include none for a run that ${what}`, () => {
      assert.deepEqual(requestsOf([scheduled(fields)]), { runsToPoll: [], nextAt: Infinity });
    });

  it('are never for a run of a stopped deployment', () => {
    const fine = scheduled();
    const stopped = [now - 100, now + 1].map((due) => scheduled({ isBlocked: true, due }));
    assert.deepEqual(requestsOf([...stopped, fine]), { runsToPoll: [fine], nextAt: Infinity });
  });

  it('are at most four for a host, including requests in flight', () => {
    assert.equal(requestsOf(many(50)).runsToPoll.length, 4);
    assert.equal(requestsOf([...many(3, inFlight), ...many(50)]).runsToPoll.length, 1);
    assert.equal(requestsOf([...many(4, inFlight), ...many(50)]).runsToPoll.length, 0);
  });

  for (const [count, more] of [
    [0, 16],
    [14, 2],
    [16, 0],
    [18, 0],
  ] as const)
    it(`are ${more} if ${count} requests to other hosts are in flight and 60 runs are due`, () => {
      const others = many(count, (index) => ({ origin: `https://other${index}`, ...inFlight() }));
      const spread = many(60, (index) => ({ origin: `https://host${index % 20}` }));
      assert.equal(requestsOf([...others, ...spread]).runsToPoll.length, more);
    });

  it('are for the most overdue runs of all hosts if more runs are due than requests are allowed', () => {
    const spread = many(40, (index) => ({ origin: `https://host${index % 10}`, due: now - index }));
    const latest = Array.from({ length: 16 }, (_, index) => spread[39 - index]);
    assert.deepEqual(requestsOf(spread).runsToPoll, latest);
  });

  it('start with the run whose delay is longest relative to its interval, so that young runs are polled in time', () => {
    const old = many(20, () => ({ due: now - 30_000, interval: 60_000 }));
    const young = scheduled({ due: now - 2_000, interval: 3_000 });
    assert.equal(requestsOf([...old, young]).runsToPoll[0], young);
    assert.notEqual(requestsOf([...old, scheduled({ due: now - 1_000, interval: 3_000 })]).runsToPoll[0]?.intervalMs, 3_000);
  });
});

describe('The next requests at the request limit of a host', () => {
  const spent = () => {
    const rateLimiter = new RateLimiter();
    for (let n = 0; n < 8; n++) rateLimiter.spend('https://one', now);
    return rateLimiter;
  };

  it('wait until the limit permits another request', () => {
    const rateLimiter = spent();
    assert.deepEqual(requestsOf(many(3), rateLimiter), { runsToPoll: [], nextAt: now + 500 });
    assert.equal(requestsOf(many(3), rateLimiter, now + 499).runsToPoll.length, 0);
    assert.equal(requestsOf(many(3), rateLimiter, now + 500).runsToPoll.length, 1);
  });

  it('use the reserve for urgent requests only for urgent runs', () => {
    const [other, urgent] = [scheduled({ due: now - 1_000_000 }), scheduled({ isUrgent: true })];
    assert.deepEqual(requestsOf([other, urgent], spent()), { runsToPoll: [urgent], nextAt: now + 1_000 });
  });

  it('include the runs of another host', () => {
    const fine = scheduled({ origin: 'https://two' });
    assert.deepEqual(requestsOf([scheduled(), fine], spent()), { runsToPoll: [fine], nextAt: now + 500 });
  });

  it('need no timer while the host has four requests in flight', () => {
    assert.deepEqual(requestsOf([...many(4, inFlight), ...many(9)], spent()), { runsToPoll: [], nextAt: Infinity });
  });

  it('include no probe of a failing host, except for an urgent run', () => {
    const [other, urgent] = [scheduled({ probeAt: now }), scheduled({ probeAt: now, polledAt: 9, isUrgent: true })];
    assert.deepEqual(requestsOf([other], spent()), { runsToPoll: [], nextAt: now + 500 });
    assert.deepEqual(requestsOf([other, urgent], spent()), { runsToPoll: [urgent], nextAt: Infinity });
  });
});

describe('A failing host', () => {
  it('gets its probes for each of its runs in turn', () => {
    const all = many(5, () => ({ probeAt: now }));
    const probed = Array.from({ length: 10 }, (_, index) => {
      const [probe] = requestsOf(all).runsToPoll;
      all.find((one) => one === probe)?.poll(index + 1);
      return probe;
    });
    assert.deepEqual(probed, [...all, ...all]);
  });

  it('gets no probe while a request to it is in flight', () => {
    const [pending, ...others] = [scheduled({ probeAt: now, ...inFlight() }), ...many(3, () => ({ probeAt: now }))];
    assert.deepEqual(requestsOf([pending, ...others]), { runsToPoll: [], nextAt: Infinity });
  });

  it("gets no probe for a run before the run's Retry-After time", () => {
    assert.deepEqual(requestsOf([scheduled({ probeAt: now, due: now + 3_600_000 })]), { runsToPoll: [], nextAt: now + 3_600_000 });
    const fine = scheduled({ probeAt: now, polledAt: 9 });
    assert.deepEqual(requestsOf([scheduled({ probeAt: now, due: now + 3_600_000 }), fine]).runsToPoll, [fine]);
  });

  it("doesn't delay the runs of other hosts", () => {
    const fine = scheduled({ origin: 'https://two' });
    const soon = [now + 3, now + 5].map((due) => scheduled({ origin: 'https://two', due }));
    assert.deepEqual(requestsOf([scheduled({ probeAt: now + 9 }), fine, ...soon]), { runsToPoll: [fine], nextAt: now + 3 });
  });
});

describe('Any set of scheduled runs', () => {
  const anyRun = fc.record({
    host: fc.nat({ max: 5 }),
    due: fc.option(fc.integer({ min: now - 5, max: now + 5 }), { nil: undefined }),
    polledAt: fc.nat({ max: 9 }),
    isInFlight: fc.boolean(),
    isBlocked: fc.boolean(),
  });
  const hosts = fc.array(fc.option(fc.integer({ min: now - 3, max: now + 3 }), { nil: undefined }), { minLength: 6, maxLength: 6 });

  const title = 'leads only to permitted requests';
  always(title, 5_000, [fc.array(anyRun, { maxLength: 60 }), hosts], (specs, probes) => {
    const busy = new Map<number, number>();
    const all = specs.map(({ host, isInFlight, ...fields }) => {
      const count = busy.get(host) ?? 0;
      const hasRequest = isInFlight && count < 2;
      if (hasRequest) busy.set(host, count + 1);
      return scheduled({ ...fields, origin: String(host), probeAt: probes[host], isInFlight: hasRequest });
    });
    const { runsToPoll, nextAt } = requestsOf(all);
    assert.equal(new Set(runsToPoll).size, runsToPoll.length);
    assert.ok(nextAt > now);
    const flying = all.filter((one) => one.isInFlight || runsToPoll.includes(one));
    assert.ok(flying.length <= 16);
    for (const host of new Set(all.map(({ gate }) => gate.origin))) {
      const there = flying.filter(({ gate }) => gate.origin === host);
      assert.ok(there.length <= 4);
      for (const { gate, dueAt, isInFlight } of there.filter((one) => runsToPoll.includes(one))) {
        assert.ok(!gate.isBlocked && dueAt !== undefined && dueAt <= now && !isInFlight);
        if (gate.probeAt !== undefined) assert.ok(gate.probeAt <= now && there.length === 1);
      }
    }
  });
});
