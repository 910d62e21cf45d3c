import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator, type Simulator } from '#test/simulator/server';
import { figure } from '#test/support/fuzz';
import { SteppedTime } from '#test/support/steppedTime';
import type { Workbench } from '../support/host/window.mjs';
import {
  closeWindow,
  historyFolder,
  openStage,
  rowSpokenAs,
  rowThatSays,
  trackAt,
  trackInNewDeployment,
  until,
  versionAsked,
  openWindow,
  type Stage,
} from './stage';

function mount(folder: string): boolean {
  return process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'kickoffs', folder]).status === 0;
}

function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder]);
}

/** Whether this user can mount a small disk. Usually only root can. */
function canMount(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-disk-'));
  const isMounted = mount(folder);
  if (isMounted) unmount(folder);
  rmdirSync(folder);
  return isMounted;
}

/** The output of the run, which is larger than the free space in the history file and can't be compressed. */
const output = randomBytes(1_000_000).toString('hex');

function defineSuite(): void {
  describe(`A full disk, ${versionAsked()}`, function () {
    this.timeout(240_000);
    let stage: Stage;
    let simulator: Simulator;
    let window: Workbench;
    let finishing = '';
    let active = '';
    let late = '';
    const time = new SteppedTime();
    const filler = () => path.join(historyFolder(stage), 'filler');
    const row = (id: string, says: string) => new RegExp(`^${id.slice(0, 8)} ${says}`);

    async function takeNotifications(): Promise<readonly string[]> {
      await window.command('Notifications: Show Notifications');
      const texts = (await window.notifications()).map(({ text }) => text);
      await window.dismissNotifications();
      return texts;
    }

    before(async () => {
      simulator = await startSimulator({ deployments: [liveCrew], startsWhenPolled: true, now: time.now });
      stage = await openStage(versionAsked());
      window = stage.window;
      await until('the folder of the history', () => existsSync(historyFolder(stage)));
      // Mounts a separate disk in the history folder while no window uses it.
      await closeWindow(stage, window);
      const aside = `${historyFolder(stage)} aside`;
      cpSync(historyFolder(stage), aside, { recursive: true });
      assert.ok(mount(historyFolder(stage)));
      cpSync(aside, historyFolder(stage), { recursive: true });
      rmSync(aside, { recursive: true });
      window = await openWindow(stage);

      finishing = simulator.addRun({ script: { output } });
      active = simulator.addRun({ script: { endsWith: 'never' } });
      late = simulator.addRun({ script: { endsWith: 'never' } });
      await trackInNewDeployment(window, { id: finishing, url: simulator.deployment().url, token: liveCrew.token, label: 'Crew' });
      await trackAt(window, `${simulator.deployment().url}/status/${active}`);
      for (const id of [finishing, active]) await rowThatSays(window, row(id, '0/3'));
    });
    after(async () => {
      await simulator.stop();
      await closeWindow(stage, window);
      unmount(historyFolder(stage));
      await stage.close();
    });

    it('is reported once, and no run is shown or notified as finished before its status is stored', async () => {
      stage.expectError(/the disk is full/);
      const { bavail, bsize } = statfsSync(historyFolder(stage));
      writeFileSync(filler(), new Uint8Array(bavail * bsize));
      time.pass(60);
      await rowThatSays(window, row(finishing, ".*can't save history: disk full"));
      // Waits for the notification first. Otherwise, the notification could appear and be cleared unnoticed.
      await window.waitForNotification(/^Can't save run history: the disk is full\./);
      await takeNotifications();
      const polls = simulator.requests.filter((one) => one.path.includes(finishing)).length;
      await until('another poll of the run', () => simulator.requests.filter((one) => one.path.includes(finishing)).length > polls, 90_000);
      await rowThatSays(window, row(finishing, ".*can't save history: disk full"));
      assert.deepEqual(await takeNotifications(), [], 'neither a second report of the problem nor a notification of the run');
    });

    it('is reported when a run is tracked', async () => {
      // The write-ahead log may have space for a row, but not for a response.
      await trackAt(window, `${simulator.deployment().url}/status/${late}`);
      await window.waitForNotification(/disk is full/);
      const [text] = await takeNotifications();
      assert.match(text ?? '', /disk is full/);
    });

    it('loses no run, and the finished run causes one notification after space is freed, without a restart', async () => {
      rmSync(filler());
      await rowSpokenAs(window, new RegExp(`^${finishing.slice(0, 8)}, .*succeeded`), 120_000);
      for (const id of [active, late]) await rowThatSays(window, row(id, '[0-3]/3'), 120_000);
      await window.waitForNotification(/ succeeded/);
      assert.equal((await takeNotifications()).filter((text) => / succeeded/.test(text)).length, 1);
      await window.reload();
      for (const id of [finishing, active, late]) await rowThatSays(window, row(id, ''));
      figure(22, 'a full disk when a run finishes: 0 notifications before the run was stored, 1 after, without a restart');
    });
  });
}

if (canMount()) defineSuite();
else console.log('      A full disk: not tested, because no disk can be mounted here.');
