import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { TroubleKind } from '#core/kickoff/trouble';
import { HostHealth } from '#core/polling/hostHealth';
import { answered, deployment, unanswered } from '#test/support/builders';
import { always } from '#test/support/checks';
import { second, start } from '#test/support/manualClock';

const one = deployment({ key: 1, url: 'https://one.example.com' });
const sameHost = deployment({ key: 2, url: 'https://one.example.com/base' });
const other = deployment({ key: 3, url: 'https://other.example.com' });
const here = deployment({ key: 4, url: 'http://localhost:8000' });

/** Creates a `HostHealth` with the longest possible waits: 5, 10, 20 … seconds. */
function health(): HostHealth {
  return new HostHealth(() => 1);
}

/** Returns the health after server errors of three runs in a row. */
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

describe('A host', () => {
  it('that is unreachable has one problem and one probe time for all its deployments, but none of them is stopped', () => {
    const found = health();
    found.record(one, 'a', unanswered('unreachable'), start);
    assert.deepEqual(found.troubleOf(sameHost), { kind: 'unreachable', retryAt: start + 5 * second });
    assert.deepEqual([found.probeAt(sameHost), found.probeAt(other)], [start + 5 * second, undefined]);
    assert.equal(found.isBlocked(one), false);
  });

  it('has a problem because of server errors only if three runs had them, even in different deployments', () => {
    const found = health();
    found.record(one, '1/a', unanswered('serverTrouble'), start);
    found.record(sameHost, '2/a', unanswered('notAnAnswer'), start);
    assert.equal(found.probeAt(one), undefined);
    found.record(one, '1/b', unanswered('serverTrouble'), start);
    assert.notEqual(found.probeAt(one), undefined);
  });

  it('keeps its problem if a deployment has no token, because nothing was sent', () => {
    const found = blamed();
    found.record(one, 'a', unanswered('noToken'), start + 60 * second);
    assert.deepEqual(found.troubleOf(sameHost), { kind: 'serverTrouble', retryAt: start + 5 * second });
  });

  it('that returned server errors is probed immediately on Refresh, and keeps its problem until the probe', () => {
    const found = blamed();
    found.allowRetry(sameHost, start + second);
    assert.deepEqual([found.probeAt(one), found.troubleOf(one)?.kind], [start + second, 'serverTrouble']);
  });
});

describe('A throttled host', () => {
  it('is probed on Refresh only if its Retry-After time is more than a day away, as after a clock change', () => {
    const found = throttled(start + 86_400 * second);
    found.allowRetry(one, start);
    assert.equal(found.probeAt(one), start + 86_400 * second);
    found.allowRetry(one, start - second);
    assert.equal(found.probeAt(one), start - second);
  });

  it('is throttled until the latest Retry-After time, even if a later response contains an earlier time', () => {
    const found = throttled(start + 60 * second);
    for (const [wait, until] of [
      [90, 90],
      [70, 90],
    ] as const) {
      found.record(one, 'b', unanswered('throttled', { retryAt: start + wait * second }), start + second);
      assert.equal(found.probeAt(one), start + until * second);
    }
  });

  const observations = fc.oneof(
    fc.constant(answered('running')),
    fc
      .constantFrom<TroubleKind>('unreachable', 'serverTrouble', 'throttled', 'refused', 'tokenRefused', 'noToken')
      .map((kind) => unanswered(kind)),
    fc.integer({ min: 0, max: 7_200 }).map((wait) => unanswered('throttled', { retryAt: start + wait * second })),
  );
  const event = fc.record({
    observation: observations,
    of: fc.constantFrom(one, sameHost),
    run: fc.constantFrom('a', 'b', 'c', 'd'),
    at: fc.integer({ min: 0, max: 3_599 }).map((seconds) => start + seconds * second),
    isRefresh: fc.boolean(),
  });

  always(
    'is never probed before its Retry-After time, for any sequence of responses',
    5_000,
    [fc.array(event, { maxLength: 10 })],
    (events) => {
      const found = throttled(start + 3_600 * second);
      for (const { observation, of, run, at, isRefresh } of events.toSorted((a, b) => a.at - b.at)) {
        if (isRefresh) found.allowRetry(of, at);
        found.record(of, run, observation, at);
        assert.ok((found.probeAt(one) ?? 0) >= start + 3_600 * second);
      }
    },
  );
});

describe('A deployment', () => {
  for (const kind of ['noToken', 'tokenRefused', 'moved', 'wrongAddress'] as const)
    it(`is stopped by the problem ${kind}, unlike another deployment on the same host`, () => {
      const found = health();
      found.record(one, 'a', unanswered(kind, { detail: 'x' }), start);
      assert.deepEqual([found.isBlocked(one), found.isBlocked(sameHost), found.probeAt(one)], [true, false, undefined]);
      assert.deepEqual(found.troubleOf(one), { kind, detail: 'x' });
    });

  it('with a rejected token is no longer stopped when the user retries, but keeps its problem', () => {
    const found = health();
    found.record(one, 'a', unanswered('tokenRefused'), start);
    found.allowRetry(one, start);
    assert.deepEqual([found.isBlocked(one), found.troubleOf(one)?.kind], [false, 'tokenRefused']);
  });

  it('is no longer stopped by the problem wrongAddress after a successful poll', () => {
    const found = health();
    found.record(one, 'a', unanswered('wrongAddress'), start);
    found.record(one, 'b', answered('running'), start);
    assert.equal(found.isBlocked(one), false);
  });

  it('stays stopped by a rejected token for any result of a pending request, until the user retries', () => {
    const found = health();
    found.record(one, 'a', unanswered('tokenRefused'), start);
    const failed = (['unreachable', 'serverTrouble', 'throttled', 'notAllowed', 'refused'] as const).map((kind) => unanswered(kind));
    for (const observation of [...failed, answered('running')]) {
      found.record(one, 'b', observation, start);
      assert.equal(found.isBlocked(one), true);
    }
    found.allowRetry(one, start);
    found.record(one, 'a', answered('running'), start);
    assert.equal(found.isBlocked(one), false);
  });

  it('with a damaged URL has the problem wrongAddress, unlike other deployments', () => {
    const found = health();
    const broken = { ...one, url: 'https://a.ex mple' as typeof one.url };
    assert.equal(found.troubleOf(broken)?.kind, 'wrongAddress');
    assert.equal(found.troubleOf(one), undefined);
  });

  it('without runs has the problem noToken until it has a token, with one event for each change', () => {
    const found = health();
    let events = 0;
    found.onDidChange(() => events++);
    for (const hasToken of [true, false, false]) found.recordToken(one, hasToken);
    assert.deepEqual([found.troubleOf(one), events], [{ kind: 'noToken' }, 1]);
    found.recordToken(one, true);
    assert.deepEqual([found.troubleOf(one), events], [undefined, 2]);
  });
});

describe('The health that the polling window stored', () => {
  const offlineSince = { subject: '', failures: 0, trouble: { kind: 'offline', since: start } } as const;

  const all = [one, sameHost, other];

  function storedRecords() {
    const found = blamed();
    found.record(other, 'x', unanswered('tokenRefused'), start);
    return found.healthRecords(all);
  }

  it('contains the problems of all hosts and deployments', () => {
    assert.deepEqual(storedRecords(), [
      { subject: 'https://one.example.com', failures: 1, trouble: { kind: 'serverTrouble', retryAt: start + 5 * second } },
      { subject: '3', failures: 0, trouble: { kind: 'tokenRefused' } },
    ]);
  });

  it('causes an event in another window for exactly the hosts whose health changes', () => {
    const [records, next] = [storedRecords(), health()];
    const changes: string[] = [];
    next.onDidChange((origins) => changes.push(...origins));
    for (const _ of ['once', 'again']) next.replaceWith(records, all);
    assert.deepEqual(changes, ['https://one.example.com', 'https://other.example.com']);
  });

  it('continues the back-off of a host in another window', () => {
    const next = health();
    next.replaceWith(storedRecords(), all);
    next.record(one, 'a', unanswered('unreachable'), start + 5 * second);
    assert.equal(next.probeAt(one), start + 15 * second);
  });

  it('replaces the health of another window', () => {
    const [records, next] = [storedRecords(), health()];
    next.replaceWith(records, all);
    assert.deepEqual([next.healthRecords(all), next.isBlocked(other), next.isBlocked(one)], [records, true, false]);
    next.replaceWith([], all);
    assert.deepEqual([next.healthRecords(all), next.isBlocked(other)], [[], false]);
  });

  it('can contain the problem offline, which affects all hosts except localhost', () => {
    const found = health();
    const changes: string[] = [];
    found.onDidChange((origins) => changes.push(...origins));
    found.replaceWith([offlineSince], [one, sameHost, here]);
    assert.deepEqual([found.isOffline, changes], [true, ['https://one.example.com']]);
    assert.deepEqual([found.troubleOf(one), found.troubleOf(here)], [{ kind: 'offline', since: start }, undefined]);
    assert.deepEqual([found.isBlocked(one), found.isBlocked(here)], [true, false]);
    assert.deepEqual(found.healthRecords([one, here]), [offlineSince]);
  });
});

describe('A machine without a network', () => {
  it('counts as offline from its first failed check, with one event for all hosts except localhost', () => {
    const found = health();
    const changes: (readonly string[])[] = [];
    found.onDidChange((origins) => changes.push(origins));
    found.startOffline([one, sameHost, other, here], start);
    found.startOffline([one], start + second);
    assert.deepEqual(changes, [['https://one.example.com', 'https://other.example.com']]);
    assert.deepEqual(found.troubleOf(one), { kind: 'offline', since: start });
  });

  it('shows the problem of a deployment instead of the problem offline', () => {
    const found = health();
    found.record(sameHost, 'x', unanswered('noToken'), start);
    found.startOffline([one, sameHost], start);
    assert.equal(found.troubleOf(sameHost)?.kind, 'noToken');
  });

  /** Returns the health of a throttled host and two other hosts after an offline period. Counts the events at its end. */
  function afterOffline() {
    const found = throttled(start + 60 * second);
    found.startOffline([one, other, here], start);
    const changes: string[] = [];
    found.onDidChange((origins) => changes.push(...origins));
    found.endOffline([one, other, here]);
    return { found, changes };
  }

  it('causes an event for all hosts except localhost when the network is back', () => {
    const { found, changes } = afterOffline();
    assert.deepEqual([found.isOffline, changes], [false, ['https://one.example.com', 'https://other.example.com']]);
  });

  it('probes each host except localhost and throttled hosts when the network is back, until the host responds', () => {
    const { found } = afterOffline();
    const probes = [one, other, here].map((of) => found.probeAt(of));
    assert.deepEqual(probes, [start + 60 * second, 0, undefined]);
    found.record(other, 'x', answered('running'), start);
    assert.equal(found.probeAt(other), undefined);
  });
});

describe('A system clock that is set back', () => {
  it("doesn't change the remaining waits of hosts or the length of the offline period", () => {
    const found = throttled(start + 60 * second);
    found.record(other, 'x', answered('running'), start);
    found.startOffline([one], start);
    found.shiftTimes(40 * second);
    assert.deepEqual(found.troubleOf(one), { kind: 'offline', since: start - 40 * second });
    found.endOffline([other]);
    assert.deepEqual(found.troubleOf(one), { kind: 'throttled', retryAt: start + 20 * second });
    found.shiftTimes(second);
    assert.deepEqual([found.isOffline, found.troubleOf(other)], [false, undefined]);
  });
});

describe('HostHealth.onDidChange', () => {
  it('fires only when a problem changes', () => {
    const found = health();
    let changes = 0;
    found.onDidChange(() => changes++);
    found.record(one, 'a', answered('running'), start);
    found.record(one, 'a', unanswered('serverTrouble'), start);
    found.allowRetry(one, start);
    assert.equal(changes, 0);
    found.record(one, 'a', unanswered('unreachable'), start);
    assert.equal(changes, 1);
    found.record(sameHost, 'b', answered('running'), start + 5 * second);
    assert.equal(changes, 2);
    found.record(one, 'a', unanswered('tokenRefused'), start);
    assert.equal(changes, 3);
    found.allowRetry(one, start);
    found.record(one, 'a', unanswered('tokenRefused'), start);
    assert.equal(changes, 3, 'the same problem again is no change');
    found.allowRetry(one, start);
    found.record(one, 'a', answered('running'), start);
    assert.equal(changes, 4);
  });

  it('fires when a request of a stopped deployment changes the health of its host', () => {
    const found = health();
    found.record(one, 'a', unanswered('tokenRefused'), start);
    let changes = 0;
    found.onDidChange(() => changes++);
    found.record(one, 'b', unanswered('unreachable'), start);
    assert.deepEqual([found.probeAt(sameHost) !== undefined, changes > 0], [true, true]);
  });
});
