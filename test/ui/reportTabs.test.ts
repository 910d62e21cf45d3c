import { useCannedScene } from './scene';
import { addSlowPlugin } from './slowPlugin';
import { rowSpokenAs, rowThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';
import { doneRun, failedRun, progressOf } from './statusResponses';

const failed = 'failed-run';
const first = 'first-run';
const live = 'live-run';
const late = 'late-run';

describe(`Tabs of reports, ${versionAsked()}:`, function () {
  this.timeout(240_000);
  const scene = useCannedScene(() => ({ [failed]: failedRun, [live]: progressOf(1), [first]: progressOf(1) }), { beside: addSlowPlugin });

  before(async () => {
    const { canned, stage } = scene;
    await trackInNewDeployment(stage.window, { id: failed, url: canned.url, token: 'tok-canned', label: 'Canned' });
    for (const id of [live, first]) await trackAt(stage.window, id);
    await rowThatSays(stage.window, new RegExp(`^${first} 1/6`));
  });

  /** Waits until each visible report of the run has the status of the run's row. */
  async function expectSameStatus(id: string): Promise<void> {
    const { window } = scene.stage;
    await until(`the report of ${id} to have the status of its row`, async () => {
      const row = (await window.rows()).find(({ label }) => label === id);
      const [status = 'no status'] = /queued|running|succeeded|failed/.exec(row?.ariaLabel ?? '') ?? [];
      const inReport = status.charAt(0).toUpperCase() + status.slice(1);
      const texts = await window.previewTexts();
      if (texts.length === 0 || texts.some((text) => !new RegExp(`^${id}\\s+${inReport}\\b`).test(text)))
        throw new Error(`the row has ${status}, the reports have ${JSON.stringify(texts.map((text) => text.slice(0, 80)))}`);
      return true;
    });
  }

  it('the first report in a window shows the new status of a run that finishes while VS Code loads the preview', async () => {
    const { canned, stage } = scene;
    await stage.window.openRow(new RegExp(`^${first}`));
    canned.setStatus(first, doneRun);
    await rowSpokenAs(stage.window, new RegExp(`succeeded.*${first}`));
    await expectSameStatus(first);
  });

  const run = async (...titles: readonly string[]): Promise<void> => {
    for (const title of titles) await scene.stage.window.command(title);
  };
  const waitForReport = (text: RegExp) => scene.stage.window.waitForPreview(text);
  const waitForReports = (count: number) =>
    until(`${count} visible reports`, async () => (await scene.stage.window.previewTexts()).length === count);
  const waysToHide: Readonly<Record<string, (id: string) => Promise<void>>> = {
    'another run was opened and then this run again': async (id) => {
      await scene.stage.window.openRow(new RegExp(`^${failed}`));
      await waitForReport(/SERPER_API_KEY/);
      await scene.stage.window.openRow(new RegExp(`^${id}`));
    },
    'another tab covered the report and was closed': async () => {
      await run('Preferences: Open User Settings (JSON)');
      await waitForReports(0);
      await run('View: Close Editor');
    },
    'the panel was maximized and restored': async () => {
      await run('View: Toggle Output');
      await until('the panel', async () => (await scene.stage.window.panelText()) !== '');
      await run('View: Toggle Maximized Panel');
      await waitForReports(0);
      await run('View: Toggle Maximized Panel', 'View: Toggle Output');
    },
    'another editor group was maximized and restored': async () => {
      await run('View: Split Editor Right');
      await waitForReports(2);
      await run('View: Toggle Maximize Editor Group');
      await waitForReports(1);
      await run('View: Toggle Maximize Editor Group');
      await waitForReports(2);
    },
    'the tab of the report was moved to another group and covered there': async (id) => {
      await run('View: Split Editor Right');
      await waitForReports(2);
      await until('the tab to move', async () => {
        // The first report may have taken the focus back while the second report loaded.
        await run('View: Focus Last Editor Group', 'View: Move Editor into Previous Group');
        return until('one report', async () => (await scene.stage.window.previewTexts()).length === 1, 5_000);
      });
      await run('Preferences: Open User Settings (JSON)');
      await waitForReports(0);
      await run('View: Close Editor');
      await waitForReport(new RegExp(id));
    },
    'the window was reloaded': async (id) => {
      await scene.stage.window.waitUntilSaved(`${id}.report.md`);
      await scene.stage.window.reload();
    },
  };

  for (const [index, [what, hide]] of Object.entries(waysToHide).entries())
    it(`a report has the same status as the run's row after ${what}`, async () => {
      const { canned, stage } = scene;
      const { window } = stage;
      const id = `run-${index}`;
      await window.closeEditors();
      canned.setStatus(id, progressOf(1));
      await trackAt(window, id);
      await rowThatSays(window, new RegExp(`^${id} 1/6`));
      await window.openRow(new RegExp(`^${id}`));
      await waitForReport(/Running · 1\/6/);
      canned.setStatus(id, doneRun);
      await waitForReport(/Succeeded/);
      await hide(id);
      await expectSameStatus(id);
    });

  it("a report shows the new status of a run that finishes before the preview's script listens for changes", async () => {
    const { canned, stage } = scene;
    await stage.window.delayPreviews();
    await stage.window.reload();
    canned.setStatus(late, progressOf(1));
    await trackAt(stage.window, late);
    await rowThatSays(stage.window, new RegExp(`^${late} 1/6`));
    await stage.window.openRow(new RegExp(`^${late}`));
    await waitForReport(/Running · 1\/6/);
    canned.setStatus(late, doneRun);
    await run('CrewAI: Refresh');
    await rowSpokenAs(stage.window, new RegExp(`succeeded.*${late}`));
    await expectSameStatus(late);
  });
});
