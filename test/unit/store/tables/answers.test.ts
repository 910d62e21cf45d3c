import assert from 'node:assert/strict';
import { mock } from 'node:test';
import zlib, { gunzipSync } from 'node:zlib';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { KickoffStore } from '#store/store';
import { pack, packNow } from '#store/tables/answers';
import { bytes, exec, Folder, noise, run, soon, url } from '#test/unit/store/support';

describe('Compressing a response', () => {
  afterEach(() => mock.restoreAll());

  it('happens immediately up to 32 KiB', () => {
    const [small, large] = [noise(32 * 1_024), noise(32 * 1_024 + 1)];
    const packed = packNow(small, undefined);
    assert.ok(packed);
    assert.ok(gunzipSync(packed).equals(small));
    assert.ok(!packNow(large, undefined));
  });

  it('happens only once for a large response', async () => {
    const body = noise(100_000);
    const packed = await soon(pack(body));
    assert.ok(gunzipSync(packed.gzip).equals(body));
    assert.ok(packNow(body, packed) === packed.gzip);
    const other = packNow(noise(100_000), packed);
    assert.ok(other && other !== packed.gzip, 'another large response is compressed immediately');
  });
});

describe('A stored response', () => {
  let folder: Folder;
  let store: KickoffStore;
  let kickoff: Kickoff;

  beforeEach(async () => {
    folder = new Folder();
    store = await folder.window();
    kickoff = await store.addKickoff(run(await store.addDeployment(url, 'Research'), 'a'));
  });
  afterEach(() => {
    mock.restoreAll();
    folder.remove();
  });

  it('is compressed on another thread if it is large', async () => {
    const here = mock.method(zlib, 'gzipSync');
    const body = noise(100_000);
    await soon(store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: 1 }, body })));
    assert.equal(here.mock.callCount(), 0);
    assert.ok(Buffer.from((await soon(store.body(kickoff)))!).equals(body));
  });

  it('can’t be read if it is damaged, and the run history stays', async () => {
    await store.update(kickoff, (stored) => ({ kickoff: { ...stored, checkedAt: 1 }, body: bytes('body') }));
    exec(folder.file, "UPDATE body SET gzip = x'00'");
    await assert.rejects(soon(store.body(kickoff)), {
      kind: 'damagedAnswer',
      message: "Can't read the saved response of this run: the response is damaged. See the log for details.",
    });
    assert.deepEqual(folder.recovered, []);
  });

  it('has every task output as text, even if an output is damaged', async () => {
    exec(folder.file, `INSERT INTO task_output VALUES (1, 1, '"found"'), (1, 2, '{"found'), (1, 3, '7'), (1, 4, 'null')`);
    assert.deepEqual(
      [...(await store.taskOutputs(kickoff))],
      [
        [1, 'found'],
        [2, '{"found'],
        [3, '7'],
        [4, 'null'],
      ],
    );
  });
});
