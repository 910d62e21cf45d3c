import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toStoredBackup } from '#core/history/idBackup';
import type { HistoryRecovery } from '#core/history/store';
import { HistoryFailure } from '#core/lib/errors';
import { addKickoff } from '#test/support/builders';
import { below, chance, figure, times } from '#test/support/fuzz';
import { bytes, fastDisk, Folder, opened, openQuietWindow, run, url } from './support';

const count = 40;

/** Starts a window on the folder. `copy` is the backup of the IDs. */
async function startWindow(path: string, copy: object) {
  let memento: unknown = copy;
  const notified: HistoryRecovery[] = [];
  const failures: unknown[] = [];
  const { store, board, close } = await openQuietWindow(path, {
    idBackup: { read: () => memento, write: (value) => (memento = value), deleteAll: () => (memento = undefined) },
    notifyRecovered: (recovered) => notified.push(recovered),
    onError: (error) => failures.push(error),
    log: { warn: () => undefined },
  });
  return { store, board, notified, failures, close, copied: () => JSON.stringify(memento) };
}

/** Returns a randomly damaged copy of the bytes, and a description of the damage. */
function damage(whole: Uint8Array, random: () => number): { readonly bytes: Uint8Array; readonly says: string } {
  const changed = Uint8Array.from(whole);
  const at = below(whole.length, random);
  const length = 1 + below(6_000, random);
  switch (below(5, random)) {
    case 0:
      return { bytes: whole.subarray(0, at), says: `cut at ${at}` };
    case 1:
      return { bytes: changed.fill(0, at, at + length), says: `${length} zeros at ${at}` };
    case 2:
      for (let index = at; index < Math.min(at + length, whole.length); index += 1) changed[index] = below(256, random);
      return { bytes: changed, says: `${length} bytes of noise at ${at}` };
    case 3:
      changed.copyWithin(at, below(whole.length, random), below(whole.length, random));
      return { bytes: changed, says: `a copied piece at ${at}` };
    default: {
      const flips = 1 + below(8, random);
      for (let flip = 0; flip < flips; flip += 1) changed[below(whole.length, random)]! ^= 1 << below(8, random);
      return { bytes: changed, says: `${flips} bits flipped` };
    }
  }
}

describe('A history file damaged at random', () => {
  let template: Folder;
  let whole: Uint8Array;
  let backup: Uint8Array;
  let copy: object;
  const answers = new Map<string, Uint8Array>();

  before(async () => {
    template = new Folder(fastDisk);
    const store = await opened(template.path);
    const deployment = await store.addDeployment(url, 'Research');
    for (let index = 0; index < count; index += 1) {
      const kickoff = await addKickoff(store, run(deployment, `run-${index}`));
      const body = bytes(`{"state":"SUCCESS","result":"${`${index} `.repeat(index % 7 === 0 ? 4_000 : 20)}"}`);
      answers.set(kickoff.id, body);
      await store.update(kickoff, (stored) => ({
        kickoff: {
          ...stored,
          phase: { kind: index % 3 === 0 ? 'running' : 'succeeded' },
          checkedAt: 1,
          tasks: [{ position: 1, name: 'a', hasOutput: true }],
        },
        outputs: [{ position: 1, output: 'found '.repeat(30) }],
        body,
      }));
    }
    for (let index = 0; index < 30; index += 1) {
      const attempt = {
        deployment: deployment.key,
        requestId: `start-${index}`,
        sentAt: 1,
        inputs: { topic: `topic ${index} `.repeat(20) },
      };
      await store.addStart(attempt);
      if (index % 3 > 0) await store.confirmStart(attempt, run(deployment, `run-${index}`));
    }
    await store.backUp();
    copy = toStoredBackup((await store.trackedIds()).rows, undefined)!;
    store.close();
    whole = readFileSync(template.file);
    backup = readFileSync(join(template.path, 'kickoffs.backup.db'));
  });
  after(() => template.remove());

  it('loses no ID and returns only responses that were sent, if VS Code has a copy of the IDs', async () => {
    const random = chance();
    const tries = times(250);
    let [replaced, reportedDamaged] = [0, 0];
    const sent = new Set([...answers.values()].map((body) => new TextDecoder().decode(body)));
    const path = join(template.path, 'damaged');
    for (let round = 0; round < tries; round += 1) {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
      const { bytes: file, says } = damage(whole, random);
      writeFileSync(join(path, 'kickoffs.db'), file);
      const kindOfBackup = below(3, random);
      if (kindOfBackup > 0) writeFileSync(join(path, 'kickoffs.backup.db'), kindOfBackup === 1 ? backup : damage(backup, random).bytes);

      const { store, board, notified, failures, close, copied } = await startWindow(path, copy);
      const where = `round ${round}: ${says}`;
      // A flipped bit can increase the version number. Such a file is shown, and neither the file nor the backup of the IDs changes.
      const isNewer = failures.length === 1 && failures[0] instanceof HistoryFailure && failures[0].kind === 'newer';
      if (!isNewer) assert.deepEqual(failures, [], where);
      assert.ok(notified.length <= 1, where);
      if (notified[0]?.damagedPath !== undefined) replaced += 1;

      const known = new Set<string | undefined>((await store.trackedIds()).rows.map(({ id }) => id));
      for (const id of answers.keys()) assert.ok(known.has(id) || (isNewer && copied().includes(`"${id}"`)), `${where}: ${id}`);
      for (const kickoff of board.kickoffs) {
        const body = await store.body(kickoff).catch((error: unknown) => error);
        if (body instanceof HistoryFailure) reportedDamaged += 1;
        else if (body instanceof Uint8Array)
          assert.ok(sent.has(new TextDecoder().decode(body)), `${where}: a response that was never sent`);
        else assert.equal(body, undefined, where);
        await store.inputs(kickoff).catch((error: unknown) => assert.ok(error instanceof HistoryFailure, where));
      }
      close();
    }
    assert.ok(replaced > tries / 10 && reportedDamaged > 0, `${replaced} files replaced, ${reportedDamaged} damaged responses reported`);
    figure(23, `${tries} damaged files: 0 IDs lost, 0 failed starts`);
  }).timeout(times(120_000));
});
