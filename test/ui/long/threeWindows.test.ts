import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { below, chance, figure, p95, seed } from '#test/support/fuzz';
import { openStage, rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked, type Stage } from '#test/ui/stage';
import type { Workbench } from '../../support/host/window.mjs';
import { NotificationLog } from './notificationLog';
import { WindowTrio } from './windowTrio';
import { startRequestRecorder, type RequestRecorder } from './requestRecorder';
import { second, minute } from '#test/support/manualClock';

/** The size of the tests. Smaller values in the environment make the tests quicker. */
const minutes = Number(process.env['WINDOWS_MINUTES'] ?? 10);
const kills = Number(process.env['WINDOWS_KILLS'] ?? 20);
const ends = Number(process.env['WINDOWS_ENDS'] ?? 20);

const activeRuns = 5;
const oldMs = Math.min(5, minutes / 2) * minute;
/** The time within which another window notifies of a finished run if the window that received the response didn't. */
const notificationDeadlineMs = 12 * second;

/**
 * The number of runs that finish at the same time, and the delay between the final response and the kill of the polling extension host, in
 * milliseconds. If the delay is negative, the kill comes before the response.
 */
interface Round {
  readonly ends: 1 | 2;
  readonly killedAfter?: number;
}

const rounds: readonly Round[] = [
  { ends: 1 },
  { ends: 2 },
  { ends: 1, killedAfter: -1 },
  { ends: 1, killedAfter: 0 },
  { ends: 1 },
  { ends: 2 },
  { ends: 1, killedAfter: 500 },
  { ends: 1, killedAfter: 1_900 },
  { ends: 1 },
  { ends: 2 },
  { ends: 1, killedAfter: 2_000 },
  { ends: 1, killedAfter: 2_050 },
  { ends: 2, killedAfter: 1_000 },
  { ends: 1 },
  { ends: 1, killedAfter: 2_100 },
  { ends: 1, killedAfter: 3_000 },
];

describe(`Three windows, ${versionAsked()}`, function () {
  this.timeout(0);
  const random = chance(1);
  let [three, one]: Stage[] = [];
  let [counting, countingOne, young]: RequestRecorder[] = [];
  let trio: WindowTrio;
  let trackedAt: number;

  before(async () => {
    console.log(`      SEED=${seed}`);
    [three, one] = [await openStage(), await openStage()];
    counting = await startRequestRecorder(three.server.extensionHostPids);
    countingOne = await startRequestRecorder(one.server.extensionHostPids);
    young = await startRequestRecorder(three.server.extensionHostPids);
    trio = new WindowTrio(three);
    for (let count = 0; count < activeRuns; count++) {
      for (const [{ window }, recorder] of [
        [three, counting],
        [one, countingOne],
      ] as const) {
        const [id, url] = [recorder.addRun(), recorder.url];
        if (count === 0) await trackInNewDeployment(window, { id, url, token: 'tok-demo-three', label: 'Crew' });
        else await trackAt(window, `${url}/status/${id}`);
      }
    }
    trackedAt = Date.now();
    const first = young.addRun();
    await trackInNewDeployment(three.window, { id: first, url: young.url, token: 'tok-demo-three', label: 'Young' });
    await trio.open();
    for (const window of trio.windows) await until('all runs', async () => (await openRows(window)) === activeRuns + 1);
    young.end(first, 'SUCCESS');
  });
  after(async () => {
    await Promise.all([three?.close(), one?.close()]);
    await Promise.all([counting?.stop(), countingOne?.stop(), young?.stop()]);
  });

  /** Returns the process that polls, which is the sender of two requests in a row. */
  async function poller(): Promise<number> {
    const before = young!.requests.length;
    return until(
      'two polls by the same process',
      () => {
        const [last, one] = young!.requests.slice(before).reverse();
        return last?.pid === one?.pid ? last?.pid : undefined;
      },
      2 * minute,
    );
  }

  it('continue to poll within 22 s (95th percentile) after the polling window or its extension host is killed', async () => {
    const waits: { readonly what: string; readonly seconds: number }[] = [];
    while (waits.length < kills) {
      // Tracks a new run, because an old run is polled only every half minute.
      const id = young!.addRun();
      await trackAt(trio.windows[below(3, random)]!, `${young!.url}/status/${id}`);
      let victim: number;
      do {
        victim = await poller();
        await sleep(below(4 * second, random));
      } while (young!.requests.at(-1)?.pid !== victim);
      const killedAt = Date.now();
      const isWhole = waits.length % 2 === 1;
      if (isWhole) await trio.killWindow(victim);
      else trio.kill(victim);
      const next = await until(
        'a poll by another window',
        () => young!.requests.find(({ at, pid }) => at > killedAt && pid !== victim),
        2 * minute,
      );
      waits.push({ what: isWhole ? 'window' : 'extension host', seconds: (next.at - killedAt) / second });
      young!.end(id, 'SUCCESS');
      await trio.restore();
    }
    const sorted = waits.map(({ seconds }) => seconds).sort((a, b) => a - b);
    const late = p95(sorted);
    for (const what of ['extension host', 'window']) {
      const those = waits.filter((one) => one.what === what).map(({ seconds }) => seconds.toFixed(1));
      console.log(`      ${what} killed: next poll after ${those.join(', ')} s`);
    }
    const [least, most] = [sorted[0]!, sorted.at(-1)!];
    const says = `${kills} kills: next poll after ${least.toFixed(1)} to ${most.toFixed(1)} s`;
    console.log(`      ${says}`);
    figure(14, says);
    assert.ok(late <= 22, `p95 ${late} s of ${sorted.join(', ')}`);
  });

  it('send at most 10 % more or fewer requests than one window in the same time', async () => {
    // Waits until the window that was opened last has taken over polling.
    await sleep(Math.max(20 * second, trackedAt + oldMs - Date.now()));
    const from = Date.now();
    const within = ({ requests }: RequestRecorder) => requests.filter(({ at }) => at >= from && at < from + minutes * minute);
    await sleep(minutes * minute);
    const [many, few] = [within(counting!), within(countingOne!)];
    const handovers = many.filter(({ pid }, index) => index > 0 && pid !== many[index - 1]!.pid);
    for (const { at, pid } of handovers) console.log(`      ${pid} took over after ${((at - from) / second).toFixed(1)} s`);
    const age = ((from - trackedAt) / minute).toFixed(0);
    console.log(
      `      ${activeRuns} runs of ${age} min, ${minutes} min: three windows ${many.length} requests, ${handovers.length} handovers; one window ${few.length}`,
    );
    figure(13, `${many.length} requests by three windows, ${few.length} by one`);
    assert.ok(Math.abs(many.length - few.length) <= 0.1 * few.length, `${many.length} and ${few.length} requests`);
  });

  it('notify of each finished run once or leave the run unread, even if the polling extension host is killed', async () => {
    const sum = { ends: 0, once: 0, twice: 0, marked: 0, neither: 0 };
    for (const [number, round] of rounds.entries()) {
      if (sum.ends >= ends) break;
      const { ids, log } = await playRound(round, trio.windows[number % 3]!);
      const { once, twice, missing } = log.counts(ids);
      const unmarked = [];
      for (const id of missing) if (!(await isMarked(id))) unmarked.push(id);
      console.log(`      ${JSON.stringify(round)}: ${JSON.stringify(log.texts)}`);
      sum.ends += ids.length;
      sum.once += once;
      sum.twice += twice;
      sum.marked += missing.length - unmarked.length;
      sum.neither += unmarked.length;
    }
    const says = `${sum.ends} finished runs: ${sum.once} notified once, ${sum.twice} twice, ${sum.neither} neither notified nor unread`;
    console.log(`      ${says}`);
    figure(3, says);
    assert.deepEqual([sum.twice, sum.neither], [0, 0]);
  });

  it('never exceed the request limit, even while windows are killed', () => {
    const times = counting!.requests.map(({ at }) => at);
    let most = 0;
    for (const [first, from] of times.entries())
      for (let last = first; last < times.length; last++) {
        const allowed = 10 + (2 * (times[last]! - from)) / second;
        most = Math.max(most, (last - first + 1) / allowed);
      }
    console.log(`      ${times.length} requests, at most ${(100 * most).toFixed(0)} % of the request limit`);
    figure(7, `${times.length} requests: ${(100 * most).toFixed(0)} % of the limit`);
    assert.ok(most <= 1);
  });

  /** Tracks runs in one window, ends them, and waits until no window can notify of them anymore. */
  async function playRound(
    { ends: count, killedAfter }: Round,
    where: Workbench,
  ): Promise<{ readonly ids: readonly string[]; readonly log: NotificationLog }> {
    for (const window of trio.windows) await window.dismissNotifications();
    await where.page.bringToFront();
    const full = Array.from({ length: count }, () => counting!.addRun());
    for (const id of full) await trackAt(where, `${counting!.url}/status/${id}`);
    const ids = full.map((id) => id.slice(0, 8));
    for (const window of trio.windows) for (const id of ids) await rowThatSays(window, new RegExp(`^${id} 0/3`));

    const log = new NotificationLog();
    const killed = new Promise<void>((resolve) => {
      const kill = (pid: number): void => {
        trio.kill(pid);
        resolve();
      };
      const onRequest =
        killedAfter === undefined ? undefined : once((pid) => (killedAfter < 0 ? kill(pid) : setTimeout(kill, killedAfter, pid)));
      for (const [index, id] of full.entries()) counting!.end(id, index === 0 ? 'SUCCESS' : 'FAILED', onRequest);
      if (!onRequest) resolve();
    });
    const work = (async () => {
      await killed;
      await trio.restore();
      for (const window of trio.windows) for (const id of ids) await rowSpokenAs(window, new RegExp(`(succeeded|failed).*${id}`), minute);
      await sleep(notificationDeadlineMs);
    })();
    await log.during(trio.windows, work);
    return { ids, log };
  }

  async function isMarked(id: string): Promise<boolean> {
    const row = await rowThatSays(trio.windows[0]!, new RegExp(`^${id}`));
    return /\bunread\b/.test(row.ariaLabel);
  }

  async function openRows(window: Workbench): Promise<number> {
    return (await window.rows()).filter(({ description }) => description.includes('0/3')).length;
  }
});

function once(act: (pid: number) => void): (pid: number) => void {
  let isDone = false;
  return (pid) => {
    if (!isDone) act(pid);
    isDone = true;
  };
}
