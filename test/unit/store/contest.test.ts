import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '#core/kickoff/deployment';
import type { KickoffStore } from '#store/store';
import { below, chance, figure, p95, times } from '#test/support/fuzz';
import { Arena, machineNow, type Contender } from './arena';
import { nowIn } from './course';
import { run, useHistory, type Folder } from './support';
import { addKickoff } from '#test/support/builders';

/** The factor by which the windows' clock is accelerated. Locks and disk keep their real speed. */
const faster = 20;
const windows = 6;
const second = 1_000;
const minute = 60 * second;

describe('Windows in separate processes', () => {
  let folder: Folder;
  let store: KickoffStore;
  let deployment: Deployment;
  let arena: Arena | undefined;

  afterEach(() => arena?.kill());
  useHistory((history) => ({ folder, store, deployment } = history));

  it('agree on one polling window, even when windows are killed, closed, suspended, or focused', async function () {
    this.timeout(times(120) * second);
    const random = chance();
    const contests = times(50);
    const origin = Date.now();
    const ids = Array.from({ length: 8 }, (_, index) => `run-${index}`);
    for (const id of ids) await addKickoff(store, run(deployment, id, { trackedAt: origin }));
    // Half of the runs finish while the windows change.
    const ends = Object.fromEntries(ids.slice(0, 4).map((id, index) => [id, origin + (1 + 2 * index) * times(minute)]));
    const course = { faster, origin, ends };
    arena = new Arena(folder.path, course);
    await arena.fill(windows);

    const took: Record<Kind, number[]> = { focused: [], killed: [], closed: [], suspended: [] };
    for (let contest = 0; contest < contests; contest++) {
      // Adds a new run, because old runs are polled rarely, and heartbeats are as rare as polls.
      const now = nowIn(course);
      await addKickoff(store, run(deployment, `until-${now + minute}`, { trackedAt: now }));
      const kind = kinds[below(kinds.length, random)]!;
      // Waits, because each of several windows that were focused at the same time may poll for a moment.
      await sleep(200 + below(300, random));
      const before = await arena.leader();
      took[kind].push(await contestOf[kind](arena, before, random));
      await arena.fill(windows);
    }
    await arena.leader();
    await arena.close();

    const overlaps = arena.overlaps();
    const says = `${contests} contests of ${windows} processes`;
    const longest = overlaps.reduce((most, one) => (one.milliseconds > most.milliseconds ? one : most));
    figure(13, `${says}: two polled together for at most ${((longest.milliseconds * faster) / second).toFixed(1)} s`);
    figure(14, `${says}: another polled after ${kinds.map((kind) => `${inRealSeconds(kind, took[kind])} s (${kind})`).join(', ')}, p95`);
    for (const { faults } of arena.all) assert.deepEqual(faults, []);
    const epochs = arena.all.flatMap(({ tenures }) => tenures.map(({ epoch }) => epoch));
    assert.equal(new Set(epochs).size, epochs.length, 'an epoch was assigned twice');
    // A window stops polling at its first heartbeat after another window took over, even on a busy machine.
    for (const overlap of overlaps) assert.ok(overlap.beats <= 1, JSON.stringify(overlap));
    const { kickoffs } = await store.load();
    assert.ok(kickoffs.every(({ id, phase }) => !(id in ends) || phase.kind === 'succeeded'));
  });
});

const kinds = ['focused', 'killed', 'closed', 'suspended'] as const;
type Kind = (typeof kinds)[number];

/** Actions that make another window poll. Each action returns the time until another window polls, in real milliseconds. */
const contestOf: Record<Kind, (arena: Arena, before: Contender, random: () => number) => Promise<number>> = {
  /** Focuses several windows at the same time, which no user can do. */
  focused: async (arena, before, random) => {
    const others = arena.open.filter((one) => one !== before).slice(0, 1 + below(windows - 1, random));
    for (const one of others) one.send('focus');
    const wait = await another(arena, before, [...arena.open]);
    for (const one of others) one.send('blur');
    return wait;
  },
  killed: (arena, before) => {
    before.kill();
    return another(arena, before);
  },
  closed: (arena, before) => {
    before.send('close');
    return another(arena, before);
  },
  /** Suspends the polling window, which continues its unfinished work when it wakes. */
  suspended: async (arena, before, random) => {
    before.send('suspend');
    const wait = await another(arena, before);
    await sleep(below(500, random));
    before.wake();
    return wait;
  },
};

async function another(arena: Arena, before: Contender, among = arena.open.filter((one) => one !== before)): Promise<number> {
  const began = machineNow();
  await arena.leader(among, before);
  return machineNow() - began;
}

/** The part of a wait that isn't accelerated: a focus must last a second, and a commit is several writes. */
const unacceleratedMs: Partial<Record<Kind, number>> = { focused: second, closed: 50 };

/** Returns the 95th percentile, in unaccelerated seconds. */
function inRealSeconds(kind: Kind, waits: readonly number[]): string {
  const wait = p95(waits);
  const fast = unacceleratedMs[kind];
  return ((fast === undefined ? wait * faster : wait + fast - fast / faster) / second).toFixed(1);
}
