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

/** A user who is not root may make no disk to fill. */
function mayMount(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-disk-'));
  const isMounted = mount(folder);
  if (isMounted) unmount(folder);
  rmdirSync(folder);
  return isMounted;
}

/** What the end of a run brings: more than any room that the file has left, and nothing to press together. */
const output = randomBytes(1_000_000).toString('hex');

function full(): void {
  describe(`A disk that is full while a run is open, ${versionAsked()}`, function () {
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
      const texts = (await window.notices()).map(({ text }) => text);
      await window.dismissNotices();
      return texts;
    }

    before(async () => {
      simulator = await startSimulator({ deployments: [liveCrew], startsWhenAsked: true, now: time.now });
      stage = await openStage(versionAsked());
      window = stage.window;
      await until('the folder of the history', () => existsSync(historyFolder(stage)));
      // The folder is put on a disk of its own while nobody has it open.
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

    it('is said, and no end that is not stored is shown or told', async () => {
      stage.expectError(/the disk is full/);
      const { bavail, bsize } = statfsSync(historyFolder(stage));
      writeFileSync(filler(), new Uint8Array(bavail * bsize));
      time.pass(60);
      await rowThatSays(window, row(finishing, ".*can't save history: disk full"));
      // Seen first: what comes between a look and the clearing after it would be gone unseen.
      await window.seesNotice(/^Can't save run history: the disk is full\./);
      await takeNotifications();
      const asked = simulator.requests.filter((one) => one.path.includes(finishing)).length;
      await until('it to be asked again', () => simulator.requests.filter((one) => one.path.includes(finishing)).length > asked, 90_000);
      await rowThatSays(window, row(finishing, ".*can't save history: disk full"));
      assert.deepEqual(await takeNotifications(), [], 'the reason is told once, and no end');
    });

    it('keeps an ID that is tracked meanwhile, and does not say that it is on the list', async () => {
      // The log of the changes may have room for a row where it has none for an answer.
      await trackAt(window, `${simulator.deployment().url}/status/${late}`);
      await window.seesNotice(/disk is full/);
      const [text] = await takeNotifications();
      assert.match(text ?? '', /disk is full/);
    });

    it('with room again has all ids and the end, which is told once, without a restart', async () => {
      rmSync(filler());
      await rowSpokenAs(window, new RegExp(`^${finishing.slice(0, 8)}, .*succeeded`), 120_000);
      for (const id of [active, late]) await rowThatSays(window, row(id, '[0-3]/3'), 120_000);
      await window.seesNotice(/ succeeded/);
      assert.equal((await takeNotifications()).filter((text) => / succeeded/.test(text)).length, 1);
      await window.reload();
      for (const id of [finishing, active, late]) await rowThatSays(window, row(id, ''));
      figure(22, 'a disk that is full at the end of a run: 0 ends notified before they were stored, 1 after, healed without a restart');
    });
  });
}

if (mayMount()) full();
else console.log('      A disk that is full: not tried, no disk may be mounted here.');
