import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchIn } from '../support/host/rendered.mjs';
import type { Workbench } from '../support/host/window.mjs';
import type { Sink } from './canned';
import { until, viewTitle, type Stage } from './stage';

/** Switches the preview's own protection off, and shows that a picture in a Markdown file is fetched then: what is not fetched later is our doing. */
export async function disablePreviewSecurity({ window, server, folder }: Stage, sink: Sink): Promise<void> {
  // With a folder open the preview's protection is that of the folder, and not each document's own.
  await window.open({ url: server.url, folder });
  await window.showView(viewTitle);
  const file = path.join(folder, 'control.md');
  await writeFile(file, `Under control ![control](${sink.url}/control.png)\n`);
  await openPreview(window, file);
  await until('the preview', async () => (await window.previewText()).includes('Under control'));
  const isFetched = (): boolean => sink.requests.includes('/control.png');
  await until(
    'the picture to be fetched',
    async () => {
      // Asked of a preview that has no document yet it does nothing, and a window that still comes up closes the list now and then.
      await window.command('Markdown: Change Preview Security Settings');
      await window.box.pickRow(/^Disable/, 5_000);
      return until('it', isFetched, 5_000);
    },
    90_000,
  );
  await window.command('View: Close All Editors');
  sink.requests.length = 0;
}

/** Opens a file of JSON and waits until the editor has fetched the schema that it names: what it would fetch for others opened before is fetched by then. */
export async function waitForSchemaFetch({ window, folder }: Stage, sink: Sink): Promise<void> {
  const name = `last-schema-${sink.requests.length}.json`;
  await writeFile(path.join(folder, name), JSON.stringify({ $schema: `${sink.url}/${name}` }));
  await openFile(window, path.join(folder, name));
  await until('its schema to be fetched', () => sink.requests.includes(`/${name}`));
}

/** The dialog looks the path up first, and takes Enter only then. */
async function openFile(window: Workbench, file: string): Promise<void> {
  const tab = path.basename(file);
  await until('the file', async () => {
    if (!(await window.box.isOpen())) await window.command('File: Open File...');
    await window.box.type(file);
    await window.box.enter();
    return until('its tab', async () => (await window.tabs()).some(({ label, active }) => active && label === tab), 4_000);
  });
}

/** A document that was opened while the window still came up is at times none of Markdown for the palette, until it is opened again. */
export async function openPreview(window: Workbench, file: string): Promise<void> {
  await until(
    'the preview of the file',
    async () => {
      await openFile(window, file);
      const isOffered = await window.command('Markdown: Open Preview', 12_000).then(
        () => true,
        () => false,
      );
      if (isOffered) return true;
      await window.box.escape();
      await window.command('View: Close All Editors');
      throw new Error('Markdown: Open Preview is not in the palette');
    },
    150_000,
  );
}

/** Fails if anything was fetched up to now: what the preview is told to fetch last comes last. */
export async function expectNothingFetched({ window }: Stage, sink: Sink): Promise<void> {
  const last = `/last-${sink.requests.length}-${Math.random()}`;
  await fetchIn(window.preview().locator('body'), sink.url + last);
  await until('the last request', () => sink.requests.includes(last));
  assert.deepEqual(
    sink.requests.filter((request) => !request.startsWith('/last-')),
    [],
  );
}
