import assert from 'node:assert/strict';
import path from 'node:path';
import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import vscode = require('vscode');
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import type { DocumentKind } from '#present/documents/documentKind';
import { deployment, id, kickoff, MemoryStore } from '#test/support/builders';
import { hour, ManualClock, start } from '#test/support/manualClock';
import { noThread, readingHere } from '#test/support/threads';
import { DocumentContent } from '#vscode/documents/documentContent';
import { documentUri } from '#vscode/documents/documentUri';

const progress = { completed: 1, total: 3, current: 'analysis_task' };
const running = kickoff({ phase: { kind: 'running' }, progress, progressSince: start - hour, checkedAt: start });
const lost = kickoff({ id: id(2), phase: { kind: 'succeeded' }, output: 'plain', checkedAt: start, finishedAt: start });
const unchecked = kickoff({ id: id(3) });

describe('The content of documents', () => {
  const changes: string[] = [];
  let board: Board;
  let content: DocumentContent;
  let clock: ManualClock;

  beforeEach(() => {
    changes.length = 0;
    clock = new ManualClock();
    board = new Board(new HostHealth(() => 0.5));
    board.show([deployment()], [running, lost, unchecked]);
    const store = Object.assign(new MemoryStore(), { inputs: () => Promise.resolve(undefined) });
    const parts = { board, store, reader: readingHere, thread: noThread, clock };
    content = new DocumentContent(parts, (events: readonly vscode.FileChangeEvent[]) => changes.push(...events.map(({ uri }) => uri.path)));
  });
  afterEach(() => content.dispose());

  /** Returns the URI that a preview requests when it displays the report of a run. */
  const displayedPageOf = (run: Kickoff, revision = 1): vscode.Uri => {
    const uri = documentUri(run, 'report');
    return uri.with({ path: path.posix.join(path.dirname(uri.path), `page/${revision}.svg`) });
  };
  const read = async (of: Kickoff, kind: DocumentKind) => new TextDecoder().decode(await content.readFile(documentUri(of, kind)));

  it('has the time without progress in the report of an active run', async () => {
    assert.match(await read(running, 'report'), /no progress for 1 h/);
  });

  it('is announced only for documents that were read, after a change of their run or deployment, with a newer time', async () => {
    const uri = documentUri(running, 'status');
    const { mtime, ctime, size } = await content.stat(uri);
    assert.deepEqual([ctime, size], [running.trackedAt, (await content.readFile(uri)).length]);
    board.put({ ...lost, label: 'other' });
    assert.deepEqual(changes, []);
    board.put({ ...running, totalTokens: 7 });
    board.putDeployment(deployment({ label: 'renamed' }));
    assert.deepEqual(changes, [uri.path, uri.path]);
    assert.ok((await content.stat(uri)).mtime > mtime);
  });

  it('stays the same when a run is only marked as read, muted, or notified, because a preview that is still loading would stay blank', async () => {
    const uri = documentUri(running, 'report');
    const unread = { ...running, totalTokens: 7, isUnread: true };
    await read(running, 'report');
    await content.stat(displayedPageOf(running));
    await setImmediate();
    board.putAll([unread], [deployment({ label: 'renamed' })]);
    await setImmediate();
    assert.deepEqual(changes.splice(0), [uri.path]);
    const before = [await read(unread, 'report'), (await content.stat(uri)).mtime];
    board.put({ ...unread, isUnread: false });
    board.put({ ...unread, isMuted: true, waitNotified: start });
    await setImmediate();
    assert.deepEqual([changes, await read(unread, 'report'), (await content.stat(uri)).mtime], [[], ...before]);
  });

  it('of a report is announced only after the page of its own preview is displayed', async () => {
    await read(running, 'report');
    await content.stat(displayedPageOf(lost));
    board.put({ ...running, totalTokens: 7 });
    await setImmediate();
    assert.deepEqual(changes, []);
    await content.stat(displayedPageOf(running));
    await setImmediate();
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  it('of a visible report is announced again at most three times until a preview displays it, and not after the window closed', async () => {
    const uri = documentUri(running, 'report');
    const tab = { input: new vscode.TabInputText(uri) };
    mock.getter(vscode.window, 'tabGroups', () => ({ all: [{ activeTab: tab }], onDidChangeTabs: () => ({ dispose: () => undefined }) }));
    try {
      await read(running, 'report');
      await content.stat(displayedPageOf(running));
      for (const totalTokens of [7, 8]) {
        board.put({ ...running, totalTokens });
        await clock.advance(60_000);
        assert.deepEqual(
          changes.splice(0),
          Array.from({ length: 4 }, () => uri.path),
        );
      }
      board.put({ ...running, totalTokens: 9 });
      await setImmediate();
      await content.stat(displayedPageOf(running, (await content.stat(uri)).mtime));
      await clock.advance(60_000);
      assert.deepEqual(changes.splice(0), [uri.path]);
      board.put({ ...running, totalTokens: 10 });
      await setImmediate();
      content.dispose();
      await clock.advance(60_000);
      assert.deepEqual(changes, [uri.path]);
    } finally {
      mock.restoreAll();
    }
  });

  it('is an error that says so if the response was lost, is empty before the first body, and is missing before the first response', async () => {
    for (const kind of ['status', 'output'] as const) await assert.rejects(read(lost, kind), /response was lost/);
    assert.equal(await read(running, 'status'), '');
    for (const [run, kind] of [
      [running, 'output'],
      [unchecked, 'status'],
      [unchecked, { task: 1 }],
    ] as const)
      await assert.rejects(read(run, kind), { code: 'FileNotFound' });
  });
});
