import assert from 'node:assert/strict';
import { isBackInUse, LeaderElection } from '#core/windows/leaderElection';
import type { Lease, LeaseClaim, Leases } from '#core/windows/lease';
import { ManualClock } from '#test/support/manualClock';

/** The lease that all windows share, in memory. */
class SharedLease implements Leases {
  row: Lease = { epoch: 0, beat: 0, at: 0 };
  writes = 0;
  isFull = false;
  /** Called just before a window takes the lease. */
  before: () => void = () => undefined;
  /** Whether a heartbeat waits forever, as for a lock. */
  isLocked = false;

  async takeLease(holder: string, nextBeatMs: number | undefined, only?: Lease): Promise<LeaseClaim> {
    await this.#ready();
    this.before();
    const before = this.row;
    const promised = nextBeatMs ?? before.nextBeatMs;
    if (!only || (only.epoch === before.epoch && only.beat === before.beat))
      this.row = {
        holder,
        epoch: before.epoch + 1,
        beat: before.beat + 1,
        at: this.writes,
        ...(promised !== undefined && { nextBeatMs: promised }),
      };
    return { lease: this.row, before };
  }

  async keepLease({ holder, epoch }: Lease, nextBeatMs: number | undefined): Promise<Lease> {
    if (this.isLocked) return new Promise(() => undefined);
    await this.#ready();
    const { beat } = this.row;
    if (holder !== undefined && this.row.holder === holder && this.row.epoch === epoch)
      this.row = { holder, epoch, beat: beat + 1, at: this.writes, ...(nextBeatMs !== undefined && { nextBeatMs }) };
    return this.row;
  }

  async releaseLease({ holder, epoch }: Lease): Promise<void> {
    await this.#ready();
    if (this.row.holder === holder && this.row.epoch === epoch) this.row = { epoch, beat: this.row.beat + 1, at: this.writes };
  }

  async #ready(): Promise<void> {
    await Promise.resolve();
    if (this.isFull) throw new Error('disk full');
    this.writes += 1;
  }
}

/** Creates a window with its own clock. A test kills the window by not advancing its clock anymore. */
function windowOn(leases: SharedLease, holder: string, clock = new ManualClock()) {
  const state = { dueIn: 3_000 as number | undefined, failures: 0, changes: [] as boolean[] };
  const leader = new LeaderElection({ clock, leases, holder, dueIn: () => state.dueIn, failed: () => (state.failures += 1) });
  leader.onDidChange(() => state.changes.push(leader.term !== undefined));
  return { leader, clock, state };
}

describe('A window', () => {
  it('is back in use when it gets the focus, or has the focus and its user is active again', () => {
    const use = (focused: boolean, active: boolean) => ({ focused, active });
    assert.ok(isBackInUse(use(false, true), use(true, true)));
    assert.ok(isBackInUse(use(false, false), use(true, false)), 'the focus is enough');
    assert.ok(isBackInUse(use(true, false), use(true, true)));
    assert.ok(!isBackInUse(use(true, true), use(true, false)), 'a minute without a key or a click');
    assert.ok(!isBackInUse(use(true, true), use(false, true)));
    assert.ok(!isBackInUse(use(false, false), use(false, true)));
  });
});

describe('The polling window', () => {
  it('is immediately the first window that finds the lease free', async () => {
    const leases = new SharedLease();
    const { leader } = windowOn(leases, 'one');
    await leader.observe(leases.row);
    assert.equal(leader.term?.epoch, 1);
  });

  it('is the window that has had the focus for a second', async () => {
    const leases = new SharedLease();
    const one = windowOn(leases, 'one');
    const other = windowOn(leases, 'other');
    await one.leader.observe(leases.row);
    await other.leader.observe(leases.row);
    assert.equal(other.leader.term?.epoch, undefined);

    other.leader.focus(true);
    await other.clock.advance(999);
    assert.equal(other.leader.term?.epoch, undefined);
    await other.clock.advance(1);
    assert.equal(other.leader.term?.epoch, 2);
    await one.leader.observe(leases.row);
    assert.deepEqual([one.leader.term?.epoch, one.state.changes], [undefined, [true, false]]);
  });

  it('does not change when another window has the focus for half a second', async () => {
    const leases = new SharedLease();
    const one = windowOn(leases, 'one');
    const other = windowOn(leases, 'other');
    await one.leader.observe(leases.row);
    await other.leader.observe(leases.row);
    other.leader.focus(true);
    await other.clock.advance(500);
    other.leader.focus(false);
    await other.clock.advance(5_000);
    assert.equal(other.leader.term?.epoch, undefined);
  });

  it('stops polling when its next heartbeat finds that another window took over', async () => {
    const leases = new SharedLease();
    const one = windowOn(leases, 'one');
    await one.leader.observe(leases.row);
    await leases.takeLease('other', 4_000);
    await one.clock.advance(4_000);
    assert.equal(one.leader.term?.epoch, undefined);
  });

  it('is replaced 15 s after its last heartbeat, and not before', async () => {
    const leases = new SharedLease();
    const one = windowOn(leases, 'one');
    const other = windowOn(leases, 'other');
    await one.leader.observe(leases.row);
    await other.leader.observe(leases.row);
    for (let second = 0; second < 60; second += 4) {
      await one.clock.advance(4_000);
      await other.leader.observe(leases.row);
      await other.clock.advance(4_000);
    }
    assert.equal(other.leader.term?.epoch, undefined);

    await other.clock.advance(10_000);
    assert.equal(other.leader.term?.epoch, undefined);
    await other.clock.advance(1_000);
    assert.equal(other.leader.term?.epoch, 2);
  });

  it('stores that it sends no heartbeat if it takes over while no run is active', async () => {
    const leases = new SharedLease();
    const [one, other] = [windowOn(leases, 'one'), windowOn(leases, 'other')];
    await one.leader.observe(leases.row);
    other.state.dueIn = undefined;
    await other.leader.take();
    await other.clock.advance(4_000);
    assert.deepEqual([leases.row.holder, leases.row.nextBeatMs, other.clock.timers], ['other', undefined, 0]);
  });

  it('keeps the lease if another window did not read its heartbeat, and that window fires a change event', async () => {
    const leases = new SharedLease();
    const one = windowOn(leases, 'one');
    const other = windowOn(leases, 'other');
    await one.leader.observe(leases.row);
    await other.leader.observe(leases.row);
    await one.clock.advance(4_000);
    await other.clock.advance(15_000);
    assert.equal(other.leader.term?.epoch, undefined);
    assert.equal(one.leader.term?.epoch, 1);
    assert.deepEqual([other.clock.timers, other.state.changes], [1, [false]]);
  });

  it('is replaced immediately when it closes', async () => {
    const leases = new SharedLease();
    const one = windowOn(leases, 'one');
    const other = windowOn(leases, 'other');
    await one.leader.observe(leases.row);
    await other.leader.observe(leases.row);
    await one.leader.close();
    await one.clock.advance(0);
    await other.leader.observe(leases.row);
    assert.equal(other.leader.term?.epoch, 2);
  });

  it('announces its next heartbeat and sends no earlier heartbeat while no request is due within a minute', async () => {
    const leases = new SharedLease();
    const { leader, clock, state } = windowOn(leases, 'one');
    state.dueIn = 600_000;
    await leader.observe(leases.row);
    await clock.advance(500_000);
    assert.deepEqual([leases.writes, leases.row.nextBeatMs], [1, 600_000]);

    state.dueIn = 2_000;
    leader.replan();
    await clock.advance(0);
    assert.deepEqual([leases.writes, leases.row.nextBeatMs], [2, 4_000]);
    await clock.advance(4_000);
    assert.equal(leases.writes, 3);
  });

  it('has no timer after its first heartbeat if no run is active, and other windows have none either', async () => {
    const leases = new SharedLease();
    const [one, other] = [windowOn(leases, 'one'), windowOn(leases, 'other')];
    one.state.dueIn = other.state.dueIn = undefined;
    await one.leader.observe(leases.row);
    await other.leader.observe(leases.row);
    assert.equal(leases.writes, 1);
    await one.clock.advance(4_000);
    await other.clock.advance(15_000);
    assert.deepEqual([one.leader.term?.epoch, other.leader.term], [1, undefined]);
    assert.deepEqual([one.clock.timers, other.clock.timers], [0, 0]);

    other.state.dueIn = 0;
    await other.leader.take();
    assert.deepEqual([other.leader.term?.epoch, leases.row.nextBeatMs], [2, 4_000]);
  });

  it('takes the lease only once for two calls at the same time', async () => {
    const leases = new SharedLease();
    const { leader, clock } = windowOn(leases, 'one');
    await Promise.all([leader.take(), leader.take()]);
    await clock.advance(60_000);
    assert.deepEqual([leader.term?.epoch, leases.row.epoch], [1, 1]);
  });

  it('is the window whose user requests a poll, even while its attempt to take a free lease fails', async () => {
    const leases = new SharedLease();
    const { leader } = windowOn(leases, 'one');
    const seen = leases.row;
    await leases.takeLease('other', 4_000);
    await Promise.all([leader.observe(seen), leader.take()]);
    assert.deepEqual([leader.term?.epoch, leases.row.holder], [2, 'one']);
  });

  it('is replaced even if it was killed before it knew the time of its first request', async () => {
    const leases = new SharedLease();
    const [one, other] = [windowOn(leases, 'one'), windowOn(leases, 'other')];
    one.state.dueIn = undefined;
    leases.isLocked = true;
    await one.leader.observe(leases.row);
    await other.leader.observe(leases.row);
    await other.clock.advance(15_000);
    assert.equal(other.leader.term?.epoch, 2);
  });

  it('fires a change event if the history file was replaced and another window took the new lease', async () => {
    const leases = new SharedLease();
    const { leader, clock, state } = windowOn(leases, 'one');
    await leader.observe(leases.row);
    leases.row = { epoch: 0, beat: 0, at: 0 };
    leases.before = () => (leases.row = { holder: 'other', epoch: 1, beat: 1, at: 0, nextBeatMs: 4_000 });
    await clock.advance(4_000);
    assert.deepEqual([leader.term, state.changes], [undefined, [true, false]]);
  });

  it('releases the lease if it closes while it takes the lease', async () => {
    const leases = new SharedLease();
    const { leader } = windowOn(leases, 'one');
    await Promise.all([leader.observe(leases.row), leader.close()]);
    assert.deepEqual([leader.term, leases.row.holder], [undefined, undefined]);
  });

  it('polls and reports the error if the lease cannot be written', async () => {
    const leases = new SharedLease();
    leases.isFull = true;
    const { leader, state } = windowOn(leases, 'one');
    await leader.observe(leases.row);
    assert.deepEqual([leader.term?.epoch, state.failures], [0, 1]);
  });

  it('does not take the lease after it was closed', async () => {
    const leases = new SharedLease();
    const { leader } = windowOn(leases, 'one');
    await leader.close();
    await leader.observe(leases.row);
    assert.equal(leader.term?.epoch, undefined);
  });

  it("has a term that contains the time of the previous holder's last heartbeat and isTakeover", async () => {
    const leases = new SharedLease();
    leases.row = { epoch: 3, beat: 7, at: 5 };
    const [one, other] = [windowOn(leases, 'one'), windowOn(leases, 'other')];
    await one.leader.observe(leases.row);
    const { epoch, heldUntil, isTakeover } = one.leader.term!;
    assert.deepEqual([epoch, heldUntil, isTakeover], [4, 5, false]);
    const { at } = leases.row;
    await other.leader.take();
    assert.deepEqual([other.leader.term?.heldUntil, other.leader.term?.isTakeover], [at, true]);
  });

  it('polls with the epoch of the lease that it read last if it cannot write the lease', async () => {
    const leases = new SharedLease();
    const { leader, state } = windowOn(leases, 'one');
    await leader.observe({ holder: 'other', epoch: 6, beat: 1, at: 77, nextBeatMs: 4_000 });
    leases.isFull = true;
    await leader.take();
    const { epoch, heldUntil, isTakeover } = leader.term!;
    assert.deepEqual([epoch, heldUntil, isTakeover, state.changes, state.failures], [6, 77, true, [true], 1]);
  });

  it('keeps polling if a heartbeat cannot be written, and writes the next heartbeat', async () => {
    const leases = new SharedLease();
    const { leader, clock, state } = windowOn(leases, 'one');
    await leader.observe(leases.row);
    leases.isFull = true;
    await clock.advance(8_000);
    assert.deepEqual([leader.term?.epoch, state.failures], [1, 2]);
    leases.isFull = false;
    await clock.advance(4_000);
    assert.equal(leases.writes, 2);
  });

  it('takes the lease again without a break if the history file was replaced', async () => {
    const leases = new SharedLease();
    const { leader, clock, state } = windowOn(leases, 'one');
    await leader.observe(leases.row);
    leases.row = { epoch: 0, beat: 0, at: 0 };
    await clock.advance(4_000);
    assert.deepEqual([leases.row.holder, leader.term?.epoch, state.changes], ['one', 1, [true, true]]);
  });

  it('sends a heartbeat early only if a request is due before the announced heartbeat', async () => {
    const leases = new SharedLease();
    const { leader, clock, state } = windowOn(leases, 'one');
    state.dueIn = 600_000;
    await leader.observe(leases.row);
    leader.replan();
    state.dueIn = undefined;
    leader.replan();
    await clock.advance(0);
    assert.equal(leases.writes, 1);
    state.dueIn = 60_001;
    leader.replan();
    await clock.advance(0);
    assert.deepEqual([leases.writes, leases.row.nextBeatMs], [2, 60_001]);
    state.dueIn = 60_000;
    leader.replan();
    await clock.advance(0);
    assert.deepEqual([leases.writes, leases.row.nextBeatMs], [3, 4_000]);
  });

  it('is replaced on time even if another window reads the same lease twice', async () => {
    const leases = new SharedLease();
    const { leader, clock } = windowOn(leases, 'one');
    const lease = { holder: 'other', epoch: 6, beat: 1, at: 0, nextBeatMs: 4_000 };
    leases.row = lease;
    await leader.observe(lease);
    await clock.advance(14_000);
    await leader.observe({ ...lease });
    await clock.advance(1_000);
    assert.equal(leader.term?.epoch, 7);
  });

  it('leaves no timer when it closes', async () => {
    const leases = new SharedLease();
    const [one, other] = [windowOn(leases, 'one'), windowOn(leases, 'other')];
    await one.leader.observe(leases.row);
    one.leader.focus(true);
    assert.equal(one.clock.timers, 1, 'a window that polls needs no timer for its focus');
    await other.leader.observe(leases.row);
    other.leader.focus(true);
    assert.equal(other.clock.timers, 2);
    for (const { leader } of [one, other]) await leader.close();
    assert.deepEqual([one.clock.timers, other.clock.timers, leases.row.holder], [0, 0, undefined]);
  });
});
