import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { deletesTokens, id, url as urlOf } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import { settled } from '#test/support/manualClock';
import { idBackupStorage } from '#vscode/idBackupStorage';
import { openQuietWindow, useFolder, type Folder } from './support';

const crew = urlOf('https://crew.example.com');
const moved = urlOf('https://moved.example.com');
const week = 7 * 24 * 3_600_000;

/** A log that fails for each warning. */
const silentLog = { warn: (message: string) => assert.equal(message, undefined) };

/** VS Code's global state of one profile. */
class Profile {
  readonly state = new Map<string, unknown>();
  readonly keys = () => [...this.state.keys()];
  readonly get = (key: string): unknown => this.state.get(key);
  readonly update = (key: string, value: unknown): Promise<void> => {
    if (value === undefined) this.state.delete(key);
    else this.state.set(key, structuredClone(value));
    return Promise.resolve();
  };
}

describe('Deleted data', () => {
  let folder: Folder;
  let elapsed = 0;
  useFolder((fresh) => (folder = fresh));
  beforeEach(() => (elapsed = 0));

  /** Opens a window of a profile. `host` is the name of this machine. */
  async function openWindow(profile: Profile, host = 'host') {
    const checks: (() => void)[] = [];
    const timers = {
      now: () => Date.now() + elapsed,
      after: (wait: number, run: () => void) => {
        if (wait === 60_000) checks.push(run);
        return { dispose: () => undefined };
      },
    };
    const parts = {
      idBackup: idBackupStorage(profile as never, `ids ${host} folder`, silentLog),
      notifyRecovered: () => undefined,
      onError: (error: unknown) => assert.fail(String(error)),
      log: silentLog,
    };
    const { tracker, board, historyLoader, close } = await openQuietWindow(folder.path, parts, timers);
    return {
      tracker,
      ids: () => board.kickoffs.map((one) => one.id).sort(),
      urls: () => board.deployments.map(({ url }) => url),
      /** Runs the checks that are due a minute after the start, and closes the window. */
      close: async () => {
        for (const check of checks) check();
        await settled();
        await historyLoader.load();
        close();
      },
    };
  }

  /** Tracks runs in the first profile. Returns it, and a second profile and an earlier host name with a copy of the IDs. */
  async function profilesWithRuns(...numbers: readonly number[]) {
    const [first, second] = [new Profile(), new Profile()];
    const window = await openWindow(first);
    const { key } = await window.tracker.addDeployment(crew, 'Crew');
    for (const number of numbers) await window.tracker.trackAll([{ deployment: key, id: id(number) }]);
    await window.close();
    for (const [profile, host] of [
      [second, 'host'],
      [first, 'earlier name'],
    ] as const)
      await (await openWindow(profile, host)).close();
    assert.deepEqual([first.keys(), second.keys()], [['ids host folder', 'ids earlier name folder'], ['ids host folder']]);
    return { first, second };
  }

  /** Opens all profiles, also under an earlier name of the machine. Returns the runs that the last window shows. */
  async function runsAfterAllOpened({ first, second }: { readonly first: Profile; readonly second: Profile }) {
    const places: string[] = [];
    for (const [profile, host] of [
      [second, 'host'],
      [first, 'earlier name'],
      [first, 'host'],
    ] as const) {
      const window = await openWindow(profile, host);
      places.push([...window.urls(), ...window.ids()].join(' '));
      await window.close();
    }
    return [...new Set(places)];
  }

  it('stays deleted after Delete All Data, for each profile and name of the machine', async () => {
    const profiles = await profilesWithRuns(1, 2);
    const window = await openWindow(profiles.first);
    await window.tracker.deleteAll(deletesTokens);
    assert.deepEqual(profiles.first.keys(), [], 'the copies of both names are gone');
    await window.close();
    assert.deepEqual(await runsAfterAllOpened(profiles), ['']);
    assert.deepEqual([profiles.first.keys(), profiles.second.keys()], [[], []], 'no copy has a URL or an ID');
    figure(28, 'stale copies of another profile and host name: 0 runs, IDs, or URLs back');
  });

  it('leaves no trace after a second Delete All Data if VS Code exits during the first', async () => {
    const profiles = await profilesWithRuns(1);
    const tokens = new Set([crew]);
    const crashing = await openWindow(profiles.first);
    const crash = async (urls: readonly DeploymentUrl[]) => {
      for (const url of urls) tokens.delete(url);
      await crashing.close();
      return urls;
    };
    await assert.rejects(crashing.tracker.deleteAll(crash), { kind: 'closed' });
    assert.deepEqual([...tokens], []);

    const window = await openWindow(profiles.first);
    assert.deepEqual(window.urls(), [crew], 'the user sees that nothing else was deleted');
    assert.deepEqual(await window.tracker.deleteAll(deletesTokens), []);
    await window.close();
    assert.deepEqual(await runsAfterAllOpened(profiles), ['']);
  });

  it("leaves only a deployment's URL until the deployment's token is deleted from the keychain", async () => {
    const profiles = await profilesWithRuns(1, 2);
    const window = await openWindow(profiles.first);
    assert.deepEqual(await window.tracker.deleteAll(() => Promise.resolve([])), [crew]);
    await window.close();
    assert.deepEqual(await runsAfterAllOpened(profiles), [crew]);
    const again = await openWindow(profiles.second);
    await again.tracker.deleteAll(deletesTokens);
    await again.close();
    assert.deepEqual(await runsAfterAllOpened(profiles), ['']);
  });

  it('stays deleted if it was purged a week after its removal', async () => {
    const profiles = await profilesWithRuns(1, 2);
    const window = await openWindow(profiles.first);
    await window.tracker.remove([{ deployment: 1 as never, id: id(1) }]);
    elapsed = week + 1_000;
    await window.tracker.purge(deletesTokens);
    await window.close();
    assert.deepEqual(await runsAfterAllOpened(profiles), [`${crew} ${id(2)}`]);
  });

  it('stays deleted if it is a deployment whose URL another deployment had earlier', async () => {
    const profiles = await profilesWithRuns(1);
    const window = await openWindow(profiles.first);
    await window.tracker.changeDeployment({ key: 1 as never, url: crew, label: 'Crew' }, { url: moved });
    const { key } = await window.tracker.addDeployment(crew, 'Again');
    await window.tracker.remove(key);
    elapsed = week + 1_000;
    await window.tracker.purge(deletesTokens);
    await window.close();
    assert.deepEqual(await runsAfterAllOpened(profiles), [`${moved} ${id(1)}`]);
  });

  it('stays deleted if the profiles had restored it from their copies before the deletion', async () => {
    const profiles = await profilesWithRuns(1, 2);
    const window = await openWindow(profiles.first);
    await window.tracker.trackAll([{ deployment: 1 as never, id: id(3) }]);
    await window.close();
    rmSync(folder.path, { recursive: true });
    // The copy of the second profile is older, so the first profile adds its last run.
    assert.deepEqual(await runsAfterAllOpened(profiles), [`${crew} ${id(1)} ${id(2)}`, `${crew} ${id(1)} ${id(2)} ${id(3)}`]);

    const again = await openWindow(profiles.second);
    await again.tracker.deleteAll(deletesTokens);
    await again.close();
    assert.deepEqual(await runsAfterAllOpened(profiles), ['']);
  });
});
