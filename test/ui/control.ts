import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchIn } from '../support/host/rendered.mjs';
import type { Workbench } from '../support/host/window.mjs';
import type { Sink } from './canned';
import { openFile, until, viewTitle, type Stage } from './stage';

/**
 * Disables the security of Markdown previews, and checks that a preview then fetches a picture. Afterward, only the extension prevents
 * fetches.
 */
export async function disablePreviewSecurity({ window, server, folder }: Stage, sink: Sink): Promise<void> {
  // With an open folder, the security setting applies to the folder instead of to each document.
  await window.open({ url: server.url, folder });
  await window.showView(viewTitle);
  const file = path.join(folder, 'control.md');
  await writeFile(file, `Under control ![control](${sink.url}/control.png)\n`);
  await openPreview(window, file);
  await window.waitForPreview(/Under control/);
  const isFetched = (): boolean => sink.requests.includes('/control.png');
  await until(
    'the picture to be fetched',
    async () => {
      // The command does nothing while the preview has no document. While a window starts, it sometimes closes the list.
      await window.command('Markdown: Change Preview Security Settings');
      await window.box.pickRow(/^Disable/, 5_000);
      return until('a request for the picture', isFetched, 5_000);
    },
    90_000,
  );
  await window.closeEditors();
  sink.requests.length = 0;
}

/** Opens a JSON file and waits until VS Code has fetched its schema. By then, VS Code has fetched the schemas of earlier documents. */
export async function waitForSchemaFetch({ window, folder }: Stage, sink: Sink): Promise<void> {
  const name = `last-schema-${sink.requests.length}.json`;
  await writeFile(path.join(folder, name), JSON.stringify({ $schema: `${sink.url}/${name}` }));
  await openFile(window, path.join(folder, name));
  await until('a request for the schema', () => sink.requests.includes(`/${name}`));
}

/** Opens the Markdown preview of a file. Reopens the file if the palette lacks the command, which happens while the window starts. */
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
      await window.closeEditors();
      throw new Error('Markdown: Open Preview is not in the palette');
    },
    150_000,
  );
}

/** Makes the preview send a last request, and waits for this request. Then fails if the sink has received any other request. */
export async function expectNothingFetched({ window }: Stage, sink: Sink): Promise<void> {
  const last = `/last-${sink.requests.length}-${Math.random()}`;
  await fetchIn(window.preview().locator('body'), sink.url + last);
  await until('the last request', () => sink.requests.includes(last));
  assert.deepEqual(
    sink.requests.filter((request) => !request.startsWith('/last-')),
    [],
  );
}

/** Returns which parts of the window are visible, which commands in hostile texts try to change. */
export async function visibleParts({ page }: Workbench) {
  const [panel, sideBar, activityBar] = await Promise.all(
    ['panel', 'sidebar', 'activitybar'].map((part) => page.locator(`.part.${part}`).isVisible()),
  );
  return { panel, sideBar, activityBar };
}
