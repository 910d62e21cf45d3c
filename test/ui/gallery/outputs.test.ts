import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { useCannedScene } from '#test/ui/scene';
import { rowSpokenAs, trackInNewDeployment, until, versionAsked } from '#test/ui/stage';
import { unfold } from '../../support/host/rendered.mjs';

const folder = path.resolve(process.env['KICKOFFS_OUTPUTS'] ?? 'test/texts/outputs');
const pictures = path.resolve('dist/gallery/outputs');
const only = process.env['KICKOFFS_ONLY'];
const files = readdirSync(folder).filter((name) => name.includes(only ?? ''));
const width = 1_060;

function idOf(file: string): string {
  return file.split('.')[0] ?? file;
}

/** Returns the words of a text that its report must contain. Skips link URLs, pictures, fence names, and wrappers, which aren't shown. */
function wordsOf(text: string): readonly string[] {
  const shown = text
    .replace(/\]\([^)]*\)|\]\[[^\]]*\]|^\[[^\]]*\]:.*$|<img [^>]*>/gm, ']')
    .replace(/data:image[^\s"]*|<img [^>]*>|<\/?(?:think|thinking|answer)>|^Final Answer:|&\w+;/gm, ' ')
    .replace(/^\s*(?:`{3,}|~{3,}).*$/gm, '')
    .replace(/\\(?:[nrt"]|u[\da-f]{4})|\\\w+/g, ' ');
  return shown.match(/[\p{L}\p{M}]{4,}/gu) ?? [];
}

/** Takes a picture of the report of each output. Run with `npm run gallery -- outputs`. */
describe(`Reports of realistic outputs, ${versionAsked()}`, function () {
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

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.stage.window.screenshot(path.join(pictures, 'failed.png'));
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
    it(`contain every word of at least four letters in ${file}`, async () => {
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
      await unfold(body.locator('details'));
      const text = (await body.textContent()) ?? '';
      const missing = wordsOf(readFileSync(path.join(folder, file), 'utf8')).filter((word) => !text.includes(word));
      assert.deepEqual(missing, []);
      await window.command('View: Close Editor');
    });
  }
});
