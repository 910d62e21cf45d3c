import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { useCannedScene } from '#test/ui/scene';
import { rowSpokenAs, trackInNewDeployment, until, versionAsked } from '#test/ui/stage';

const folder = path.resolve('test/texts/outputs');
const pictures = path.resolve('dist/gallery/outputs');
const files = readdirSync(folder);
const width = 1_060;

function idOf(file: string): string {
  return file.split('.')[0] ?? file;
}

/** Takes a picture of the report of each output. Run with `npm run gallery -- outputs`. */
describe(`Pictures of reports, ${versionAsked()},`, function () {
  this.timeout(120_000);
  const scene = useCannedScene(() => ({}));

  before(async () => {
    await mkdir(pictures, { recursive: true });
    for (const file of files)
      scene.canned.setStatus(idOf(file), { state: 'SUCCESS', status: null, result: readFileSync(path.join(folder, file), 'utf8') });
    await scene.stage.window.page.setViewportSize({ width: width + 370, height: 900 });
    const first = idOf(files[0] ?? '');
    await trackInNewDeployment(scene.stage.window, { id: first, url: scene.canned.url, token: 'tok-canned', label: 'Crew' });
  });

  /** Tracks a run, and accepts the suggestion in each box. */
  async function track(id: string): Promise<void> {
    const { window } = scene.stage;
    await window.command('CrewAI: Track Kickoff');
    await window.box.shows(/kickoff ID/);
    await window.box.type(id);
    await until('the run to be tracked', async () => {
      if (!(await window.box.isOpen())) return true;
      await window.page.keyboard.press('Enter');
      return false;
    });
  }

  for (const file of files) {
    it(`show the output in ${file}`, async () => {
      const { window } = scene.stage;
      const id = idOf(file);
      if (file !== files[0]) await track(id);
      await rowSpokenAs(window, new RegExp(`succeeded.*${id}`));
      await window.openRow(new RegExp(`succeeded.*${id}`));
      const body = window.preview().locator('body');
      await until('the report', async () => (await window.previewText()).includes(id));
      const { height } = (await body.boundingBox()) ?? { height: 800 };
      await window.page.setViewportSize({ width: width + 370, height: Math.min(2_400, Math.max(500, Math.ceil(height) + 120)) });
      await window.page.locator('.part.editor').screenshot({ path: path.join(pictures, `${id}.png`) });
      await window.command('View: Close Editor');
    });
  }
});
