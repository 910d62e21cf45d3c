import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { figure } from '../../support/fuzz';
import { Folder, run } from './support';

/** Files as the versions of the schema before left them, `version-N.db`. */
const old = resolve('test/unit/store/old');

function versionOf(name: string): number {
  return Number(/^version-(\d+)\.db$/.exec(name)?.[1]);
}

describe('a file of an older version', () => {
  for (const name of readdirSync(old)) {
    const version = versionOf(name);
    it(`opens with every field of every run, and can be written: ${name}`, async () => {
      const folder = new Folder();
      copyFileSync(join(old, name), folder.file);
      const store = await folder.window();
      assert.deepEqual(folder.mended, []);
      const { deployments, kickoffs } = await store.load();
      const deployment = deployments[0]!;
      const seen = [
        {
          position: 1,
          name: 'research',
          agent: 'Researcher',
          executionSeconds: 42.5,
          hasOutput: true,
          ...(version >= 3 && { seenAt: 5_000 }),
        },
        { position: 2, name: 'draft', hasOutput: false },
      ];
      const first = run(deployment, 'run-1', {
        label: 'nightly',
        ...(version >= 2 && { isMuted: true }),
        phase: { kind: 'running', stateText: 'REHYDRATING' },
        phaseSince: 2_000,
        checkedAt: 9_000,
        startedAt: 1_500,
        hasRun: true,
        progress: { completed: 2, total: 3, current: 'write', agent: 'Writer' },
        totalTokens: 345,
        trouble: { kind: 'serverTrouble', says: 'Bad Gateway', retryAt: 12_000 },
        tasks: seen,
      });
      const second = run(deployment, 'run-2', {
        trackedAt: 3_000,
        phase: { kind: 'failed', reason: 'No key.' },
        phaseSince: 8_000,
        checkedAt: 8_000,
        finishedAt: 8_000,
        isUnread: true,
        executionSeconds: 4.5,
        output: 'markdown',
        hasRun: true,
      });
      assert.deepEqual(kickoffs, [first, second]);
      assert.deepEqual([...(await store.taskOutputs(first))], [[1, '{"found": 3}']]);
      assert.equal(Buffer.from((await store.body(second))!).toString(), '{"state":"FAILED","status":"No key."}');
      assert.equal(await store.undoRemove(), 1);

      const tasks = [
        ...seen,
        { position: 3, name: 'write', hasOutput: false, language: 'json', outputMark: '1.x', isPassed: true },
      ] as const;
      const after = {
        ...first,
        tasks,
        isStartObserved: true,
        epoch: 7,
        progressSince: 5,
        progress: { ...first.progress, thought: 'Hm', tool: 'search' },
      };
      await store.update(first, () => ({ kickoff: after }));
      assert.deepEqual(await (await folder.window()).kickoff(first), after);
      folder.remove();
    });
  }

  it('is there for each version before the one of today', async () => {
    const folder = new Folder();
    (await folder.window()).close();
    const database = new DatabaseSync(folder.file);
    const today = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    database.close();
    folder.remove();
    const versions = readdirSync(old).map(versionOf);
    assert.deepEqual(
      versions.sort((one, other) => one - other),
      Array.from({ length: today - 1 }, (_, index) => index + 1),
    );
    figure(24, `files of the schemas 1 to ${today - 1} opened by that of today, ${today}: 0 fields lost`);
  });
});
