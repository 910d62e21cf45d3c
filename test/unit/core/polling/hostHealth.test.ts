import fc from 'fast-check';
import assert from 'node:assert/strict';
import { reachOf, waitsForUser, type TroubleKind } from '#core/kickoff/trouble';
import { backOff, HostHealth } from '#core/polling/hostHealth';
import { answered, deployment, unanswered } from '#test/support/builders';
import { tries } from '#test/support/fuzz';
import { start } from '#test/support/manualClock';

const second = 1_000;
const one = deployment({ key: 1, url: 'https://one.example.com' });
const sameHost = deployment({ key: 2, url: 'https://one.example.com/base' });
const other = deployment({ key: 3, url: 'https://other.example.com' });

/** Waits are as long as they can be: 5, 10, 20 … seconds. */
function health(random = () => 1): HostHealth {
  return new HostHealth(random);
}

/** Three runs that had server trouble one after the other. */
function blamed(kind: TroubleKind = 'serverTrouble'): HostHealth {
  const made = health();
  for (const run of ['a', 'b', 'c']) made.record(one, run, unanswered(kind), start);
  return made;
}

function throttled(until: number): HostHealth {
  const made = health();
  made.record(one, 'a', unanswered('throttled', { retryAt: until }), start);
  return made;
}

describe('The back-off', () => {
  it('doubles from five seconds to five minutes, and half of it is chance', () => {
    const seconds = [5, 10, 20, 40, 80, 160, 300, 300];
    seconds.forEach((most, index) => {
      assert.equal(
        backOff(index + 1, () => 0),
        (most / 2) * second,
      );
      assert.equal(
        backOff(index + 1, () => 1),
        most * second,
      );
    });
  });

  it('is never under two and a half seconds or over five minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
        const wait = backOff(failures, () => chance);
        assert.ok(wait >= 2.5 * second && wait <= 300 * second);
      }),
      tries(5_000),
    );
  }).timeout(20_000);
});

describe('A host', () => {
  it('is well until something else is heard', () => {
    assert.deepEqual([health().troubleOf(one), health().probeAt(one), health().isStopped(one)], [undefined, undefined, false]);
  });

  for (const kind of ['nameUnknown', 'unreachable', 'certificate', 'proxy'] as const) {
    it(`is in trouble at once when it is ${kind}, for all deployments there and no other`, () => {
      const found = health();
      found.record(one, 'a', unanswered(kind), start);
      assert.deepEqual(found.troubleOf(one), { kind, retryAt: start + 5 * second });
      assert.deepEqual([found.probeAt(sameHost), found.probeAt(other)], [start + 5 * second, undefined]);
      assert.equal(found.isStopped(one), false);
    });
  }

  it('is asked less and less while it brings no answer', () => {
    const found = health();
    const waits: number[] = [];
    for (let now = start, n = 0; n < 8; n++) {
      found.record(one, 'a', unanswered('unreachable'), now);
      waits.push((found.probeAt(one)! - now) / second);
      now = found.probeAt(one)!;
    }
    assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('counts the requests that were under way when it broke as one failure', () => {
    const found = health();
    for (const run of ['a', 'b', 'c', 'd']) found.record(one, run, unanswered('unreachable'), start);
    assert.equal(found.probeAt(one), start + 5 * second);
  });

  for (const kind of ['serverTrouble', 'notAnAnswer'] as const) {
    it(`is not blamed for the ${kind} of two runs, however often`, () => {
      const found = health();
      for (const run of ['a', 'b', 'a', 'b', 'a', 'b', 'b']) found.record(one, run, unanswered(kind), start);
      assert.deepEqual([found.troubleOf(one), found.probeAt(one)], [undefined, undefined]);
    });

    it(`is blamed for the ${kind} of three different runs`, () => {
      assert.deepEqual(blamed(kind).troubleOf(sameHost), { kind, retryAt: start + 5 * second });
    });
  }

  it('is blamed for runs of different deployments and different troubles of the server', () => {
    const found = health();
    found.record(one, '1/a', unanswered('serverTrouble'), start);
    found.record(sameHost, '2/a', unanswered('notAnAnswer'), start);
    found.record(one, '1/b', unanswered('serverTrouble'), start);
    assert.notEqual(found.probeAt(one), undefined);
  });

  it('is not blamed when a good answer came in between', () => {
    const found = health();
    found.record(one, 'a', unanswered('serverTrouble'), start);
    found.record(one, 'b', unanswered('serverTrouble'), start);
    found.record(one, 'd', answered('running'), start);
    found.record(one, 'c', unanswered('serverTrouble'), start);
    assert.equal(found.troubleOf(one), undefined);
  });

  for (const kind of ['notAllowed', 'tooLarge', 'refused'] as const) {
    it(`answers when it says ${kind}: that is not its trouble`, () => {
      const found = blamed();
      found.record(one, 'd', unanswered(kind), start + 5 * second);
      assert.deepEqual([found.probeAt(one), found.isStopped(one)], [undefined, false]);
    });
  }

  it('is healed by one good answer, and starts again at five seconds', () => {
    const found = blamed();
    found.record(one, 'd', answered('missing'), start + 5 * second);
    assert.deepEqual([found.troubleOf(one), found.probeAt(one)], [undefined, undefined]);
    found.record(one, 'a', unanswered('unreachable'), start + 10 * second);
    assert.equal(found.probeAt(one), start + 15 * second);
  });

  it('needs three runs again after it was healed', () => {
    const found = blamed();
    found.record(one, 'd', answered('running'), start + 5 * second);
    for (const run of ['a', 'b']) found.record(one, run, unanswered('serverTrouble'), start + 6 * second);
    assert.equal(found.probeAt(one), undefined);
  });

  it('is not blamed again for runs that had trouble before it healed', () => {
    const found = health();
    for (const run of ['a', 'b', 'c']) found.record(one, run, unanswered('serverTrouble'), start, false);
    assert.equal(found.probeAt(one), undefined);
  });

  it('is forgiven when the user asks for another try', () => {
    const found = blamed();
    found.allowRetry(sameHost, start + second);
    assert.equal(found.probeAt(one), start + second, 'by one probe, at once');
    assert.equal(found.troubleOf(one)?.kind, 'serverTrouble', 'and says what is wrong until an answer comes');
  });
});

describe('A throttled host', () => {
  it('is left in peace exactly as long as it asks', () => {
    for (const wait of [1 * second, 17 * second, 60 * second, 3_600 * second, 86_400 * second])
      assert.equal(throttled(start + wait).probeAt(one), start + wait);
  });

  it('is left in peace for a minute when it says nothing, and longer from the fifth time on', () => {
    const found = health();
    const waits: number[] = [];
    for (let now = start, n = 0; n < 7; n++) {
      found.record(one, 'a', unanswered('throttled'), now);
      waits.push((found.probeAt(one)! - now) / second);
      now = found.probeAt(one)!;
    }
    assert.deepEqual(waits, [60, 60, 60, 60, 80, 160, 300]);
  });

  it('is forgiven where only a clock that was ahead can have said so', () => {
    const found = throttled(start + 86_400 * second);
    found.allowRetry(one, start);
    assert.equal(found.probeAt(one), start + 86_400 * second);
    found.allowRetry(one, start - second);
    assert.equal(found.probeAt(one), start - second);
  });

  it('is not forgiven, but its stopped deployment is', () => {
    const found = throttled(start + 60 * second);
    found.record(other, 'x', unanswered('tokenRefused'), start);
    found.allowRetry(one, start);
    found.allowRetry(other, start);
    assert.deepEqual([found.probeAt(one), found.isStopped(other)], [start + 60 * second, false]);
  });

  const late: readonly (readonly [string, Parameters<HostHealth['record']>[2]])[] = [
    ['a good answer', answered('running')],
    ['a lost connection', unanswered('unreachable')],
    ['a server error', unanswered('serverTrouble')],
    ['a refused token', unanswered('tokenRefused')],
    ['a refusal', unanswered('refused')],
    ['a shorter wait', unanswered('throttled', { retryAt: start + 10 * second })],
    ['a wait without a time', unanswered('throttled')],
  ];
  for (const [what, seen] of late) {
    it(`waits no shorter because of ${what} to a request that was under way`, () => {
      const found = throttled(start + 3_600 * second);
      found.record(sameHost, 'b', seen, start + second);
      assert.ok((found.probeAt(one) ?? 0) >= start + 3_600 * second);
    });
  }

  it('waits longer when a later answer asks for that', () => {
    const found = throttled(start + 60 * second);
    found.record(one, 'b', unanswered('throttled', { retryAt: start + 90 * second }), start + second);
    assert.equal(found.probeAt(one), start + 90 * second);
  });

  it('is well again after a good answer when its time is over', () => {
    const found = throttled(start + 60 * second);
    found.record(one, 'a', answered('running'), start + 60 * second);
    assert.equal(found.probeAt(one), undefined);
  });

  it('is never asked early, whatever is heard meanwhile', () => {
    const seen = fc.oneof(
      fc.constant(answered('running')),
      fc
        .constantFrom<TroubleKind>('unreachable', 'serverTrouble', 'throttled', 'refused', 'tokenRefused', 'noToken')
        .map((kind) => unanswered(kind)),
      fc.integer({ min: 0, max: 7_200 }).map((wait) => unanswered('throttled', { retryAt: start + wait * second })),
    );
    const events = fc.array(fc.tuple(seen, fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 3_599 }), fc.boolean()), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(events, (all) => {
        const found = throttled(start + 3_600 * second);
        for (const [one_, run, at, isForgiven] of [...all].sort((a, b) => a[2] - b[2])) {
          if (isForgiven) found.allowRetry(one, start + at * second);
          found.record(one, run, one_, start + at * second);
          assert.ok((found.probeAt(one) ?? 0) >= start + 3_600 * second);
        }
      }),
      tries(5_000),
    );
  }).timeout(20_000);
});

describe('A deployment', () => {
  for (const kind of ['noToken', 'tokenRefused', 'moved', 'wrongAddress'] as const) {
    it(`is stopped by ${kind}, and no other is, not even on the same host`, () => {
      const found = health();
      found.record(one, 'a', unanswered(kind, { detail: 'x' }), start);
      assert.deepEqual([found.isStopped(one), found.isStopped(sameHost), found.probeAt(one)], [true, false, undefined]);
      assert.deepEqual(found.troubleOf(one), { kind, detail: 'x' });
    });
  }

  it('goes on when the user changed something, or a run of it was answered', () => {
    const found = health();
    found.record(one, 'a', unanswered('tokenRefused'), start);
    found.allowRetry(one, start);
    assert.deepEqual([found.isStopped(one), found.troubleOf(one)?.kind], [false, 'tokenRefused']);
    found.record(one, 'a', unanswered('wrongAddress'), start);
    found.record(one, 'b', answered('running'), start);
    assert.equal(found.isStopped(one), false);
  });

  for (const kind of ['unreachable', 'serverTrouble', 'throttled', 'notAllowed', 'refused'] as const) {
    it(`stays stopped when a request that was under way brings ${kind}`, () => {
      const found = health();
      found.record(one, 'a', unanswered('tokenRefused'), start);
      found.record(one, 'b', unanswered(kind), start);
      assert.equal(found.isStopped(one), true);
    });
  }

  it('stays stopped by a refused token when a request that was under way brings an answer: the next would be refused again', () => {
    const found = health();
    found.record(one, 'a', unanswered('tokenRefused'), start);
    found.record(one, 'b', answered('running'), start);
    assert.equal(found.isStopped(one), true);
    found.allowRetry(one, start);
    found.record(one, 'a', answered('running'), start);
    assert.equal(found.isStopped(one), false);
  });

  it('with a stored URL that was damaged is in trouble and takes nothing else down', () => {
    const found = health();
    const broken = { ...one, url: 'https://a.ex mple' as typeof one.url };
    assert.equal(found.troubleOf(broken)?.kind, 'wrongAddress');
    assert.equal(found.troubleOf(one), undefined);
  });

  it('without a token says nothing of its host, which was not asked', () => {
    const found = health();
    found.record(other, 'x', unanswered('unreachable'), start);
    found.record(other, 'x', unanswered('noToken'), start);
    assert.equal(found.probeAt(other), start + 5 * second);
  });
});

describe('What another window has found out', () => {
  const offlineSince = { subject: '', failures: 0, trouble: { kind: 'offline', since: start } } as const;

  it('is all that is wrong, and is so for the next', () => {
    const [found, next] = [blamed(), health()];
    found.record(other, 'x', unanswered('tokenRefused'), start);
    const all = [one, sameHost, other];
    const records = found.records(all);
    assert.deepEqual(records, [
      { subject: 'https://one.example.com', failures: 1, trouble: { kind: 'serverTrouble', retryAt: start + 5 * second } },
      { subject: '3', failures: 0, trouble: { kind: 'tokenRefused' } },
    ]);
    const told: string[] = [];
    next.onDidChange((origins) => told.push(...origins));
    for (const _ of ['once', 'again']) next.replaceWith(records, all);
    assert.deepEqual(told, ['https://one.example.com', 'https://other.example.com']);
    assert.deepEqual([next.records(all), next.isStopped(other), next.isStopped(one)], [records, true, false]);
    next.record(one, 'a', unanswered('unreachable'), start + 5 * second);
    assert.equal(next.probeAt(one), start + 15 * second, 'its failures are counted on');
    next.replaceWith([], all);
    assert.deepEqual([next.records(all), next.isStopped(other)], [[], false]);
  });

  it('may be that the machine has no network, which its own addresses do not need', () => {
    const found = health();
    const here = deployment({ key: 4, url: 'http://localhost:8000' });
    const told: string[] = [];
    found.onDidChange((origins) => told.push(...origins));
    found.replaceWith([offlineSince], [one, sameHost, here]);
    assert.deepEqual([found.isOffline, told], [true, ['https://one.example.com']]);
    assert.deepEqual([found.troubleOf(one), found.troubleOf(here)], [{ kind: 'offline', since: start }, undefined]);
    assert.deepEqual([found.isStopped(one), found.isStopped(here)], [true, false]);
    assert.deepEqual(found.records([one, here]), [offlineSince]);
  });
});

describe('A machine without a network', () => {
  const here = deployment({ key: 4, url: 'http://localhost:8000' });

  it('is offline from when that was first seen, and tells so once of all hosts but its own', () => {
    const found = health();
    const told: (readonly string[])[] = [];
    found.onDidChange((origins) => told.push(origins));
    found.wentOffline([one, sameHost, other, here], start);
    found.wentOffline([one], start + second);
    assert.deepEqual(told, [['https://one.example.com', 'https://other.example.com']]);
    assert.deepEqual(found.troubleOf(one), { kind: 'offline', since: start });
  });

  it('asks each host by one run when it is back, but none that asked for time, and its own as before', () => {
    const found = throttled(start + 60 * second);
    found.wentOffline([one, other, here], start);
    const told: string[] = [];
    found.onDidChange((origins) => told.push(...origins));
    found.cameOnline([one, other, here]);
    assert.deepEqual(told, ['https://one.example.com', 'https://other.example.com']);
    assert.deepEqual(
      [one, other, here].map((of) => found.probeAt(of)),
      [start + 60 * second, 0, undefined],
    );
    assert.equal(found.isOffline, false);
    found.record(other, 'x', answered('running'), start);
    assert.equal(found.probeAt(other), undefined);
  });
});

describe('A time of day that is set back', () => {
  it('leaves all waits as long as they were', () => {
    const found = throttled(start + 60 * second);
    found.record(other, 'x', answered('running'), start);
    found.wentOffline([one], start);
    found.shiftTimes(40 * second);
    assert.deepEqual(found.troubleOf(one), { kind: 'offline', since: start - 40 * second });
    found.cameOnline([other]);
    assert.deepEqual(found.troubleOf(one), { kind: 'throttled', retryAt: start + 20 * second });
    found.shiftTimes(second);
    assert.deepEqual([found.isOffline, found.troubleOf(other)], [false, undefined]);
  });
});

describe('Whoever shows the health', () => {
  it('is told when something changed, and only then', () => {
    const found = health();
    let told = 0;
    found.onDidChange(() => told++);
    found.record(one, 'a', answered('running'), start);
    found.record(one, 'a', unanswered('serverTrouble'), start);
    found.allowRetry(one, start);
    assert.equal(told, 0);
    found.record(one, 'a', unanswered('unreachable'), start);
    assert.equal(told, 1);
    found.record(sameHost, 'b', answered('running'), start + 5 * second);
    assert.equal(told, 2);
    found.record(one, 'a', unanswered('tokenRefused'), start);
    assert.equal(told, 3);
    found.allowRetry(one, start);
    found.record(one, 'a', unanswered('tokenRefused'), start);
    assert.equal(told, 3, 'the same trouble again is no news');
    found.allowRetry(one, start);
    found.record(one, 'a', answered('running'), start);
    assert.equal(told, 4);
  });

  it('is told when a stopped deployment brings news of the host that others share', () => {
    const found = health();
    found.record(one, 'a', unanswered('tokenRefused'), start);
    let told = 0;
    found.onDidChange(() => told++);
    found.record(one, 'b', unanswered('unreachable'), start);
    assert.deepEqual([found.probeAt(sameHost) !== undefined, told > 0], [true, true]);
  });
});

describe('A trouble', () => {
  it('that stops a deployment, or is the same for every try, waits for the user', () => {
    for (const kind of ['noToken', 'tokenRefused', 'moved', 'wrongAddress', 'notAllowed', 'tooLarge', 'refused'] as const)
      assert.equal(waitsForUser(kind), true, kind);
    for (const kind of ['throttled', 'serverTrouble', 'notAnAnswer', 'nameUnknown', 'unreachable', 'certificate', 'proxy'] as const) {
      assert.equal(waitsForUser(kind), false, kind);
      assert.notEqual(reachOf(kind), 'deployment', kind);
    }
  });
});
