import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { figure } from '#test/support/fuzz';
import { SteppedTime } from '#test/support/steppedTime';
import { useScene } from './scene';
import { closeWindow, historyFolder, rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';

function mount(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'kickoffs', folder]).status === 0;
}

function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder]);
}

/** Fills the disk of a folder. If the window uses some of the space at the same time, the disk is full too. */
function fill(folder: string, filler: string): void {
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(filler, new Uint8Array(bavail * bsize));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  }
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
    let finishing = '';
    let active = '';
    const time = new SteppedTime();
    const filler = () => path.join(historyFolder(scene.stage), 'filler');
    const row = (id: string, says: string) => new RegExp(`^(?=.*${id.slice(0, 8)}).* ${says}`);

    after(async () => {
      // The disk can be unmounted only while no window uses it, and the folder of the stage is deleted afterward.
      await closeWindow(scene.stage);
      unmount(historyFolder(scene.stage));
    });
    const scene = useScene({ deployments: [liveCrew], startsWhenPolled: true, now: time.now });

    before(async () => {
      const { simulator, stage } = scene;
      const folder = historyFolder(stage);
      await until('the folder of the history', () => existsSync(folder));
      // Mounts a separate disk in the history folder while no window uses it.
      await stage.whileClosed(() => {
        const aside = `${folder} aside`;
        cpSync(folder, aside, { recursive: true });
        assert.ok(mount(folder));
        cpSync(aside, folder, { recursive: true });
        rmSync(aside, { recursive: true });
      });

      finishing = simulator.addRun({ script: { output } });
      active = simulator.addRun({ script: { endsWith: 'never' } });
      const { window } = stage;
      await trackInNewDeployment(window, { ...simulator.deployment(), id: finishing, label: 'Crew' });
      await trackAt(window, `${simulator.deployment().url}/status/${active}`);
      for (const id of [finishing, active]) await rowThatSays(window, row(id, '0/3'));
    });

    it("is shown in a notification, and in the row of the run whose final response can't be saved", async () => {
      const { stage } = scene;
      const { window } = stage;
      stage.expectError(/the disk is full/);
      fill(historyFolder(stage), filler());
      time.pass(60);
      await rowThatSays(window, row(finishing, ".*can't save history: disk full"));
      // Waits for the notification first. Otherwise, the notification could appear and be cleared unnoticed.
      await window.waitForNotification(/^Can't save run history: the disk is full\./);
      await window.takeNotifications();
    });

    it('causes no other notification before the status of the finished run is stored', async () => {
      const { simulator, stage } = scene;
      const { window } = stage;
      const polls = () => simulator.requests.filter((one) => one.path.includes(finishing)).length;
      const before = polls();
      await until('another poll of the run', () => polls() > before, 90_000);
      await rowThatSays(window, row(finishing, ".*can't save history: disk full"));
      assert.deepEqual(
        await scene.stage.window.takeNotifications(),
        [],
        'neither a second report of the problem nor a notification of the run',
      );
    });

    it('is no longer shown as a problem of any run after space is freed', async () => {
      const { window } = scene.stage;
      rmSync(filler());
      await rowSpokenAs(window, new RegExp(`succeeded.*${finishing.slice(0, 8)}`), 120_000);
      await rowThatSays(window, row(active, '[0-3]/3'), 120_000);
    });

    it('delays the only notification of the finished run until space is freed', async () => {
      const { window } = scene.stage;
      await window.waitForNotification(/ succeeded/);
      assert.equal((await scene.stage.window.takeNotifications()).filter((text) => / succeeded/.test(text)).length, 1);
    });

    it('loses no run, even if the window is reloaded after space is freed', async () => {
      const { window } = scene.stage;
      await window.reload();
      for (const id of [finishing, active]) await rowThatSays(window, row(id, ''));
      figure(22, 'a full disk when a run finishes: 0 notifications before it was stored');
    });
  });
}

if (canMount()) defineSuite();
else console.log('      A full disk: not tested, because no disk can be mounted here.');
