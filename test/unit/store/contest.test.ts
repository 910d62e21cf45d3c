import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { below, chance, figure, p95, times } from '#test/support/fuzz';
import { Arena, machineNow, type Contender } from './arena';
import { nowIn } from './course';
import { Folder, run, url } from './support';

/** Waits of seconds are over in a moment; locks and disk are as slow as in life. */
const faster = 20;
const windows = 6;
const second = 1_000;
const minute = 60 * second;

describe('Windows in separate processes', () => {
  let folder: Folder;
  let arena: Arena | undefined;

  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    arena?.kill();
    folder.remove();
  });

  it("agree on one that polls when others are killed, closed, suspended, or focused, and never revert another's write", async function () {
    this.timeout(times(120) * second);
    const random = chance();
    const contests = times(50);
    const store = await folder.window();
    const deployment = await store.addDeployment(url, 'Research');
    const origin = Date.now();
    const ids = Array.from({ length: 8 }, (_, index) => `run-${index}`);
    for (const id of ids) await store.addKickoff(run(deployment, id, { trackedAt: origin }));
    // Half of them come to their end while the windows change.
    const ends = Object.fromEntries(ids.slice(0, 4).map((id, index) => [id, origin + (1 + 2 * index) * times(minute)]));
    const course = { faster, origin, ends };
    arena = new Arena(folder.path, course);
    await arena.fill(windows);

    const took: Record<Kind, number[]> = { used: [], killed: [], closed: [], stopped: [] };
    for (let contest = 0; contest < contests; contest++) {
      // Old runs alone are asked rarely, and whoever asks gives a sign of life as rarely.
      const now = nowIn(course);
      await store.addKickoff(run(deployment, `until-${now + minute}`, { trackedAt: now }));
      const kind = kinds[below(kinds.length, random)]!;
      // Of several that were used at once each may poll for a moment.
      await sleep(200 + below(300, random));
      const before = await arena.leader();
      took[kind].push(await fought[kind](arena, before, random));
      await arena.fill(windows);
    }
    await arena.leader();
    await arena.close();

    const overlaps = arena.overlaps();
    const says = `${contests} contests of ${windows} processes`;
    const longest = overlaps.reduce((most, one) => (one.milliseconds > most.milliseconds ? one : most));
    const asks = overlaps.reduce((sum, one) => sum + one.asks, 0);
    figure(
      13,
      `${says}: at most one polled, but for ${((longest.milliseconds * faster) / second).toFixed(1)} s at the longest and ${asks} requests until the elder's next sign of life, 0 answers taken back`,
    );
    figure(14, `${says}, another polled after ${kinds.map((kind) => `${inLife(kind, took[kind])} s (${kind})`).join(', ')}, p95`);
    assert.deepEqual(
      arena.all.flatMap(({ faults }) => faults),
      [],
    );
    const epochs = arena.all.flatMap(({ held }) => held.map(({ epoch }) => epoch));
    assert.equal(new Set(epochs).size, epochs.length, 'an epoch was given twice');
    // Whatever a busy machine makes of the time: the first sign of life after another took over is the last.
    assert.deepEqual(
      overlaps.filter(({ beats }) => beats > 1),
      [],
    );
    const { kickoffs } = await store.load();
    assert.ok(kickoffs.every(({ id, phase }) => !(id in ends) || phase.kind === 'succeeded'));
  });
});

const kinds = ['used', 'killed', 'closed', 'stopped'] as const;
type Kind = (typeof kinds)[number];

/** What befalls the window that polls; gives how long it took until another did, in real milliseconds. */
const fought: Record<Kind, (arena: Arena, before: Contender, random: () => number) => Promise<number>> = {
  /** Several are used at the same moment, as no user can. */
  used: async (arena, before, random) => {
    const others = arena.there.filter((one) => one !== before).slice(0, 1 + below(windows - 1, random));
    const began = machineNow();
    for (const one of others) one.tell('focus');
    await arena.leader(arena.there, before);
    const wait = machineNow() - began;
    for (const one of others) one.tell('blur');
    return wait;
  },
  killed: (arena, before) => {
    before.kill();
    return another(arena, before);
  },
  closed: (arena, before) => {
    before.tell('close');
    return another(arena, before);
  },
  /** It wakes up with what it had begun before. */
  stopped: async (arena, before, random) => {
    before.tell('stop');
    const wait = await another(arena, before);
    await sleep(below(500, random));
    before.wake();
    return wait;
  },
};

async function another(arena: Arena, before: Contender): Promise<number> {
  const began = machineNow();
  await arena.leader(
    arena.there.filter((one) => one !== before),
    before,
  );
  return machineNow() - began;
}

/** What of a wait goes by the windows' clock: a focus must last a second, and a commit is several writes. The rest is as fast as the machine. */
const byTheClockMs: Partial<Record<Kind, number>> = { used: second, closed: 50 };

/** The 95th percentile, in seconds as they are in life. */
function inLife(kind: Kind, waits: readonly number[]): string {
  const wait = p95(waits);
  const fast = byTheClockMs[kind];
  return ((fast === undefined ? wait * faster : wait + fast - fast / faster) / second).toFixed(1);
}
