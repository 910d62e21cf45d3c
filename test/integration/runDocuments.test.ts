import assert from 'node:assert/strict';
import path from 'node:path';
import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import vscode = require('vscode');
import { Board } from '#core/history/board';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import type { DocumentKind } from '#present/documents/documentName';
import { addKickoff, deployment, id, key, kickoff, MemoryStore } from '#test/support/builders';
import { hour, ManualClock, start } from '#test/support/manualClock';
import { noThread, readingHere } from '#test/support/threads';
import { DocumentContent, inputsSchemaUri } from '#vscode/documents/documentContent';
import { DocumentProvider } from '#vscode/documents/documentProvider';
import { documentUri } from '#vscode/documents/documentUri';

const progress = { completed: 1, total: 3, current: 'analysis_task' };
const running = kickoff({ phase: { kind: 'running' }, progress, progressSince: start - hour, checkedAt: start });
const lost = kickoff({ id: id(2), phase: { kind: 'succeeded' }, output: 'plain', checkedAt: start, finishedAt: start });
const unchecked = kickoff({ id: id(3) });

describe('The provider of documents', () => {
  const changes: string[] = [];
  let board: Board;
  let health: HostHealth;
  let store: MemoryStore;
  let content: DocumentContent;
  let clock: ManualClock;
  const parts = () => {
    const inputs = (of: KickoffRef) => Promise.resolve(of.id === lost.id ? undefined : { topic: `topic ${of.deployment}` });
    return { board, store: Object.assign(store, { inputs }), reader: readingHere, thread: noThread, clock };
  };

  beforeEach(() => {
    changes.length = 0;
    [clock, health, store] = [new ManualClock(), new HostHealth(() => 0.5), new MemoryStore()];
    board = new Board(health);
    board.show([deployment()], [running, lost, unchecked]);
    content = new DocumentContent(parts(), (events) => changes.push(...events.map(({ uri }) => uri.path)));
  });
  afterEach(() => content.dispose());

  /** Returns the URI that a preview requests when it displays the report of a run. */
  const displayedPageOf = (run: Kickoff, revision = start): vscode.Uri => {
    const uri = documentUri(run, 'report');
    return uri.with({ path: path.posix.join(path.dirname(uri.path), `page/${revision}.svg`) });
  };
  const read = async (of: Kickoff, kind: DocumentKind) => new TextDecoder().decode(await content.readFile(documentUri(of, kind)));

  it('shows the time without progress in the report of an active run', async () => {
    assert.match(await read(running, 'report'), /no progress for 1 h/);
  });

  it('announces a change only for documents that were read', async () => {
    const uri = documentUri(running, 'status');
    await content.readFile(uri);
    board.putAll([{ ...lost, label: 'other' }]);
    assert.deepEqual(changes, []);
    board.putAll([{ ...running, totalTokens: 7 }]);
    board.putDeployment(deployment({ label: 'renamed' }));
    assert.deepEqual(changes, [uri.path, uri.path]);
  });

  it('announces a changed deployment in the schema of files with inputs', async () => {
    await content.readFile(inputsSchemaUri);
    board.putDeployment(deployment({ label: 'renamed' }));
    assert.deepEqual(changes, [inputsSchemaUri.path]);
  });

  it('has no deployments and no names of inputs in the schema of files with inputs before the user trusts the workspace', async () => {
    board.putDeployment({ ...deployment(), inputNames: ['topic'] });
    const schema = async () => new TextDecoder().decode(await content.readFile(inputsSchemaUri));
    for (const part of ['"topic"', deployment().url]) assert.ok((await schema()).includes(part), part);
    mock.getter(vscode.workspace, 'isTrusted', () => false);
    for (const part of ['"topic"', deployment().url]) assert.ok(!(await schema()).includes(part), part);
    mock.restoreAll();
  });

  for (const kind of ['status', 'report'] as const)
    it(`announces a change of a run even while VS Code is reading the run's ${kind === 'status' ? 'response' : kind}`, async () => {
      const reading = read(running, kind);
      board.putAll([{ ...running, totalTokens: 7 }]);
      await reading;
      // A change of a report waits for its first page.
      if (kind === 'report') await content.stat(displayedPageOf(running));
      assert.deepEqual(changes, [documentUri(running, kind).path]);
    });

  it('returns the size of a document, and the start of tracking as its creation time', async () => {
    const uri = documentUri(running, 'report');
    const { ctime, size } = await content.stat(uri);
    assert.deepEqual([ctime, size], [running.trackedAt, (await content.readFile(uri)).length]);
  });

  it('returns a later modification time of a document after its run changed', async () => {
    const uri = documentUri(running, 'status');
    const { mtime } = await content.stat(uri);
    await content.readFile(uri);
    board.putAll([{ ...running, totalTokens: 7 }]);
    assert.ok((await content.stat(uri)).mtime > mtime);
  });

  it('announces no change of a report if its run was only marked as read, marked as notified, or muted', async () => {
    const uri = documentUri(running, 'report');
    const unread = { ...running, totalTokens: 7, isUnread: true };
    await read(running, 'report');
    await content.stat(displayedPageOf(running));
    await setImmediate();
    board.putAll([unread], [deployment({ label: 'renamed' })]);
    await setImmediate();
    assert.deepEqual(changes.splice(0), [uri.path]);
    const before = [await read(unread, 'report'), (await content.stat(uri)).mtime];
    board.putAll([{ ...unread, isUnread: false }]);
    board.putAll([{ ...unread, isMuted: true, waitNotified: start }]);
    await setImmediate();
    assert.deepEqual([changes, await read(unread, 'report'), (await content.stat(uri)).mtime], [[], ...before]);
  });

  it("announces a report's first change only when a preview displays that report, not another report", async () => {
    await read(running, 'report');
    await content.stat(displayedPageOf(lost));
    board.putAll([{ ...running, totalTokens: 7 }]);
    await setImmediate();
    assert.deepEqual(changes, []);
    await content.stat(displayedPageOf(running));
    await setImmediate();
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  it("announces a report's first change after 20 s, even if no preview displays the report", async () => {
    await read(running, 'report');
    board.putAll([{ ...running, totalTokens: 7 }]);
    await clock.advance(19_999);
    assert.deepEqual(changes, []);
    await clock.advance(1);
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  it("announces a report's first change 20 s after the end of the read, even if the read takes 20 s, too", async () => {
    Object.assign(store, { inputs: () => new Promise<void>((resolve) => clock.after(20_000, resolve)) });
    const reading = read(running, 'report');
    board.putAll([{ ...running, totalTokens: 7 }]);
    await setImmediate();
    await clock.advance(20_000);
    await reading;
    assert.deepEqual(changes, []);
    await clock.advance(20_000);
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  const sameId = { ...running, deployment: key(2) };

  /** Shows two runs with the same kickoff ID in two deployments. Only the first deployment needs a token. */
  function showSameId(): void {
    board.putAll([sameId], [deployment({ label: 'Mine' }), deployment({ key: 2, url: 'https://other.example.com', label: 'Other' })]);
    health.recordToken(deployment(), false);
  }

  it('returns a report about only one run, even if another deployment has a run with the same kickoff ID', async () => {
    showSameId();
    const facts = async (of: Kickoff) => (await read(of, 'report')).match(/Mine|Other|topic \d|token needed/g)?.join();
    assert.deepEqual([await facts(running), await facts(sameId)], ['token needed,Mine,topic 1', 'Other,topic 2']);
    health.recordToken(deployment(), true);
    assert.equal(await facts(running), 'Mine,topic 1');
  });

  it("announces a change of a deployment's problem only for reports of that deployment's runs", async () => {
    showSameId();
    for (const run of [running, sameId]) {
      await read(run, 'report');
      await content.stat(displayedPageOf(run));
    }
    health.recordToken(deployment(), true);
    await setImmediate();
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  it('returns the SVG image that a preview requests when it displays a report', async () => {
    await read(running, 'report');
    assert.match(new TextDecoder().decode(await content.readFile(displayedPageOf(running))), /^<svg/);
  });

  /** Reads and displays a report, and then changes its run. Returns the events of the provider. */
  async function changeDisplayedReport() {
    const provider = new DocumentProvider(parts());
    const uri = documentUri(running, 'report');
    const events: vscode.FileChangeEvent[] = [];
    provider.onDidChangeFile((all) => events.push(...all));
    await provider.readFile(uri);
    await provider.stat(displayedPageOf(running));
    board.putAll([{ ...running, totalTokens: 7 }]);
    await setImmediate();
    return { provider, uri, events };
  }

  it("announces a change with its type and the document's URI", async () => {
    const { provider, uri, events } = await changeDisplayedReport();
    assert.deepEqual(events, [{ type: vscode.FileChangeType.Changed, uri }]);
    provider.dispose();
  });

  it('leaves no timer behind when the window closes', async () => {
    const { provider } = await changeDisplayedReport();
    assert.ok(clock.timers > 0);
    provider.dispose();
    assert.equal(clock.timers, 0);
  });

  it('rejects changes by the user', () => {
    const provider = new DocumentProvider(parts());
    for (const change of ['createDirectory', 'delete', 'rename', 'writeFile'] as const)
      assert.throws(() => provider[change](), { code: 'NoPermissions' });
    provider.dispose();
  });

  describe('for a visible report', () => {
    const uri = documentUri(running, 'report');
    const tab = { input: new vscode.TabInputText(uri) };

    beforeEach(async () => {
      mock.getter(vscode.window, 'tabGroups', () => ({ all: [{ activeTab: tab }], onDidChangeTabs: () => ({ dispose: () => undefined }) }));
      await read(running, 'report');
      await content.stat(displayedPageOf(running));
    });
    afterEach(() => mock.restoreAll());

    it('announces a change three more times if no preview displays the change', async () => {
      for (const totalTokens of [7, 8]) {
        board.putAll([{ ...running, totalTokens }]);
        await clock.advance(60_000);
        assert.deepEqual(changes.splice(0), Array(4).fill(uri.path));
      }
    });

    it('announces a change only once if a preview displays the change', async () => {
      board.putAll([{ ...running, totalTokens: 9 }]);
      await setImmediate();
      await content.stat(displayedPageOf(running, (await content.stat(uri)).mtime));
      await clock.advance(60_000);
      assert.deepEqual(changes, [uri.path]);
    });

    it("announces a change of the run's response only once", async () => {
      await read(running, 'status');
      board.putAll([{ ...running, totalTokens: 7 }]);
      await clock.advance(60_000);
      const { path: response } = documentUri(running, 'status');
      assert.deepEqual(
        changes.filter((changed) => changed !== uri.path),
        [response],
      );
    });

    it('announces nothing more after the window closes', async () => {
      board.putAll([{ ...running, totalTokens: 10 }]);
      await setImmediate();
      content.dispose();
      await clock.advance(60_000);
      assert.deepEqual(changes, [uri.path]);
    });
  });

  it('rejects reading the output or response of a run if the response was lost', async () => {
    for (const kind of ['status', 'output'] as const) await assert.rejects(read(lost, kind), /response was lost/);
  });

  it('returns an empty text for the response of a checked run before a response is stored', async () =>
    assert.equal(await read(running, 'status'), ''));

  it('reports an output or response as not found before the run has one', async () => {
    for (const [run, kind] of [
      [running, 'output'],
      [unchecked, 'status'],
      [unchecked, { taskPosition: 1 }],
    ] as const)
      await assert.rejects(read(run, kind), { code: 'FileNotFound' });
  });

  it('returns the response but no output of an active run', async () => {
    await addKickoff(store, running);
    await store.update(running, () => ({ kickoff: { ...running }, body: new TextEncoder().encode('{"state":"SUCCESS","result":"x"}') }));
    board.putAll([{ ...running, checkedAt: start + 1 }]);
    assert.equal(await read(running, 'status'), '{\n  "state": "SUCCESS",\n  "result": "x"\n}');
    await assert.rejects(read(running, 'output'), { code: 'FileNotFound' }, 'the run is still active');
  });
});
