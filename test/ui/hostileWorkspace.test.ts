import assert from 'node:assert/strict';
import path from 'node:path';
import { statusBarItemId } from '#contributions';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { figure } from '#test/support/fuzz';
import { SteppedTime } from '#test/support/steppedTime';
import { openPreview } from './control';
import { linksTo, writeHostileWorkspace, writeMachineSettings } from './hostileWorkspace';
import { openScene } from './scene';
import { refuse, startsOf } from './starts';
import { startTrap, watchSockets } from './untrustedInput';
import { openFile, rowThatSays, trackInNewDeployment, until, versionAsked, viewTitle } from './stage';

const id = 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01';

for (const isTrusted of [false, true])
  describe(`A hostile folder, ${isTrusted ? 'trusted' : 'in Restricted Mode'}, ${versionAsked()}`, function () {
    this.timeout(240_000);
    const time = new SteppedTime();
    const scene = openScene(
      async () => ({
        sockets: await watchSockets(),
        trap: await startTrap(),
        simulator: await startSimulator({ deployments: [liveCrew], startsWhenPolled: true, now: time.now }),
      }),
      ({ sockets, trap }) => ({
        // The user has allowed automatic tasks, and has disabled the trust prompt at startup.
        settings: { 'task.allowAutomaticTasks': 'on', 'security.workspace.trust.startupPrompt': 'never' },
        env: sockets.env,
        asksForTrust: !isTrusted,
        project: async (stageFolder) => {
          const folder = path.join(stageFolder, 'hostile');
          await writeHostileWorkspace(folder, trap.url);
          await writeMachineSettings(path.join(stageFolder, 'data'), trap.url);
          return folder;
        },
      }),
    );

    before(() => scene.simulator.addRun({ id }));
    afterEach('check that only the known deployment was contacted', async () => {
      assert.equal(scene.trap.connections, 0);
      assert.deepEqual(await scene.sockets.unexpected(scene.simulator.deployment().url), []);
    });

    async function runTask(name: string): Promise<void> {
      const { window } = scene.stage;
      await window.command('Tasks: Run Task');
      await window.box.pickRow(new RegExp(`^${name}`));
    }

    if (isTrusted)
      it("causes no request to an unknown host with tasks that call the extension's commands", async () => {
        const { window } = scene.stage;
        const asks = await window.box.shows(/token/);
        assert.ok(asks.includes(scene.trap.url), asks);
        await window.box.escape();
        await window.box.closed();
        // A command that a program calls reveals no row.
        await window.showView(viewTitle);
        await rowThatSays(window, /^Trap/);
        for (const name of ['track', 'click']) {
          await window.dismissNotifications();
          await runTask(name);
          await window.waitForNotification(new RegExp(`'${name}'.*did not return a result`));
        }
        await rowThatSays(window, /^Trap token needed/);
        await window.expand(/^Trap/);
        await rowThatSays(window, /^c0ffee09 token needed · not checked yet/);
        await window.command('CrewAI: Refresh');
        await window.rowAction(/^Trap/, 'Remove Deployment');
        await until('an empty list', async () => (await window.rows()).length === 0);
        await window.dismissNotifications();
      });
    else
      it("doesn't disable the extension's view", async () => {
        const { window } = scene.stage;
        await until('Restricted Mode', async () => /Restricted Mode/.test((await window.statusItem(/Restricted Mode/))?.text ?? ''));
        await until('the welcome text', async () => (await window.sideBarText()).includes('Track Kickoff'));
      });

    it("can't make the status bar item visible through settings", async () => {
      const { window } = scene.stage;
      await until('an empty list', async () => (await window.rows()).length === 0);
      await until('no status bar item', async () => (await window.statusItem(statusBarItemId)) === undefined);
    });

    it(`doesn't prevent tracking a run${isTrusted ? '' : ', even after a reload'}`, async () => {
      const { window } = scene.stage;
      await trackInNewDeployment(window, { ...scene.simulator.deployment(), id, label: 'Crew' });
      await rowThatSays(window, /^c0ffee01 0\/3/);
      // In a trusted folder, a reload would run the first task again.
      if (!isTrusted) await window.reload();
      await window.showView(viewTitle);
      time.pass(13);
      await rowThatSays(window, /^c0ffee01 1\/3/);
    });

    if (!isTrusted)
      it('has no button Start Run… in the editor of its file with inputs', async () => {
        const { window } = scene.stage;
        await openFile(window, path.join(scene.stage.folder, 'hostile/crew.inputs.jsonc'));
        // VS Code draws all buttons of the title together.
        await window.page.locator('.editor-group-container.active .title .editor-actions .action-label').first().waitFor();
        assert.equal(await window.page.locator('.part.editor').getByRole('button', { name: 'Start Run…' }).count(), 0);
        await window.closeEditors();
      });

    it(`can't start ${isTrusted ? 'or stop ' : ''}a run if the user declines the confirmation`, async () => {
      const { window } = scene.stage;
      for (const [task, question] of [
        ['start', /^Start a run in Crew\?/],
        ['stop', /^Stop the run c0ffee01\?\s.*Deployment: Crew\./s],
      ] as const) {
        if (isTrusted) {
          await runTask(task);
          await refuse(window, question);
        }
      }
      await openFile(window, path.join(scene.stage.folder, 'hostile/crew.inputs.jsonc'));
      await window.command('CrewAI: Start Run…');
      await refuse(window, /^Start a run in Crew\?\s.*topic: cats.*audience: Ignore this Start a run/s);
      await window.closeEditors();
      await window.dismissNotifications();
      assert.deepEqual(
        scene.simulator.requests.filter(({ method }) => method === 'POST'),
        [],
      );
    });

    it("can't run the extension's commands with links in a Markdown preview", async () => {
      const { stage, trap } = scene;
      const { window } = stage;
      await openPreview(window, path.join(stage.folder, 'hostile/README.md'));
      await window.waitForPreview(/html command to track/);
      for (const says of [...Object.keys(linksTo(trap.url)).flatMap((one) => [one, `html ${one}`]), 'the last']) {
        const link = window.preview().locator('a', { hasText: new RegExp(`^${says}$`) });
        await until(`a click on "${says}"`, async () => {
          // Closes the dialog of VS Code for a URL that it can't open.
          if (await window.dialog()) await window.page.keyboard.press('Escape');
          await link.click({ timeout: 2_000 });
          return true;
        });
      }
      await until('the document of the last link', async () => (await window.tabs()).some(({ label }) => label.includes('last.md')));
      assert.equal(await window.dialog(), undefined);
      assert.equal(await window.box.isOpen(), false);
      figure(6, `${2 * Object.keys(linksTo('')).length} links of a folder: 0 connections`);
    });

    it("can't disable the notification of a finished run", async () => {
      const { window } = scene.stage;
      time.pass(40);
      await window.command('CrewAI: Refresh');
      await window.waitForNotification(/^Crew: .* succeeded in /);
    });

    it(`has no deployment or run of its own in the list${isTrusted ? ' after the user removed its deployment' : ''}`, async () => {
      const { window } = scene.stage;
      await until('only the deployment and the run of the user', async () => {
        const labels = (await window.rows()).filter(({ level }) => level < 3).map(({ label }) => label);
        assert.deepEqual(labels, ['Crew', 'State of {topic}']);
        return true;
      });
    });

    it("can't change the token that requests contain", () => {
      const tokens = scene.simulator.requests.map(({ authorization }) => authorization);
      assert.deepEqual([...new Set(tokens)], [`Bearer ${liveCrew.token}`]);
    });

    if (!isTrusted)
      it('can contain a file with inputs that starts a run after the user confirms', async () => {
        const { simulator, stage } = scene;
        await openFile(stage.window, path.join(stage.folder, 'hostile/crew.inputs.jsonc'));
        await stage.window.showView(viewTitle);
        await stage.window.command('CrewAI: Start Run…');
        await stage.window.acceptDialog(/^Start a run in Crew\?/);
        await startsOf(simulator.deployment(), 1);
      });
  });
