import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mock } from 'node:test';
import vscode = require('vscode');
import { commandId, type CommandName } from '#contributions';
import type { Kickoff } from '#core/kickoff/kickoff';
import type * as Extension from '#extension';
import { KickoffStore } from '#store/store';
import { id, kickoff, url as urlOf } from '#test/support/builders';

const { activate, deactivate } = createRequire(__filename)(path.resolve(__dirname, '../../extension.js')) as {
  activate: (context: object) => ReturnType<typeof Extension.activate>;
  deactivate: typeof Extension.deactivate;
};

const url = urlOf('https://crew.example.com');
const day = 24 * 3_600_000;
const clock = { now: Date.now, after: () => ({ dispose: () => undefined }) };
const nothing = (): vscode.Disposable => new vscode.Disposable(() => undefined);

/** Finished runs with the fields that the commands depend on. */
const finished: Readonly<Record<string, Partial<Kickoff>>> = {
  recent: { isUnread: true },
  muted: { isMuted: true },
  old: { finishedAt: Date.now() - 100 * day },
  'old-unread': { finishedAt: Date.now() - 100 * day, isUnread: true },
};

/** A second instance of the extension beside the active instance. Records its rows and messages. */
class SecondInstance {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-commands-'));
  readonly secrets = new Map([[`token:${url}`, 'tok-demo-commands']]);
  readonly messages: string[] = [];
  /** The selected rows of the view. */
  selection: readonly unknown[] = [];
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #handlers = new Map<string, (target?: unknown, selected?: unknown) => unknown>();
  #rows: vscode.TreeDataProvider<unknown> | undefined;

  async open(): Promise<void> {
    const store = this.store();
    const { key } = await store.addDeployment(url, 'Crew');
    for (const [index, [name, fields]] of Object.entries(finished).entries()) {
      const times = { trackedAt: Date.now() - index * 1_000, finishedAt: Date.now() };
      await store.addKickoff(kickoff({ id: id(name), deployment: key, phase: { kind: 'succeeded' }, ...times, ...fields }));
    }
    store.close();
    this.#takeOver();
    await activate({
      subscriptions: this.#subscriptions,
      globalStorageUri: vscode.Uri.file(this.folder),
      globalState: { get: () => undefined, update: () => Promise.resolve() },
      secrets: {
        get: (name: string) => Promise.resolve(this.secrets.get(name)),
        delete: (name: string) => Promise.resolve(void this.secrets.delete(name)),
        onDidChange: nothing,
      },
    });
  }

  async close(): Promise<void> {
    mock.restoreAll();
    // Leaves the log open, because the active extension uses the same log.
    const [, ...others] = this.#subscriptions;
    vscode.Disposable.from(...others).dispose();
    await deactivate();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Opens the run history of this instance again, like another window. */
  store(): KickoffStore {
    return KickoffStore.of(this.folder, { clock });
  }

  async stored(name: string): Promise<Kickoff | undefined> {
    const store = this.store();
    const { kickoffs } = await store.load();
    store.close();
    return kickoffs.find((one) => one.id === id(name));
  }

  async run(name: CommandName, target?: unknown, selected?: unknown): Promise<void> {
    await this.#handlers.get(commandId(name))?.(target, selected);
  }

  /** Returns the row of a run. */
  async row(name: string): Promise<unknown> {
    const provider = this.#rows;
    for (const deployment of (await provider?.getChildren()) ?? [])
      for (const row of (await provider?.getChildren(deployment)) ?? []) if ((await provider?.getTreeItem(row))?.label === name) return row;
    return undefined;
  }

  /** Replaces the registrations, because the active extension has already registered the names. */
  #takeOver(): void {
    mock.method(vscode.commands, 'registerCommand', (name: string, handler: () => unknown) => {
      this.#handlers.set(name, handler);
      return nothing();
    });
    mock.method(vscode.workspace, 'registerFileSystemProvider', nothing);
    mock.method(vscode.window, 'registerUriHandler', nothing);
    mock.method(vscode.window, 'createTreeView', (_: string, { treeDataProvider }: vscode.TreeViewOptions<unknown>) => {
      this.#rows = treeDataProvider;
      const view = { visible: false, reveal: () => Promise.resolve(), onDidChangeVisibility: nothing, onDidChangeSelection: nothing };
      return Object.defineProperty({ ...view, dispose: () => undefined }, 'selection', { get: () => this.selection });
    });
    for (const kind of ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const)
      mock.method(vscode.window, kind, (message: string) => {
        this.messages.push(message);
        return Promise.resolve(undefined);
      });
  }
}

describe('With finished runs, the command', () => {
  let instance: SecondInstance;
  beforeEach(async () => {
    instance = new SecondInstance();
    await instance.open();
  });
  afterEach(() => instance.close());

  it('Copy All Kickoff IDs copies the status URL of each run, newest first', async () => {
    await instance.run('copyAllIds');
    const copied = await vscode.env.clipboard.readText();
    assert.deepEqual(
      copied.split('\n'),
      Object.keys(finished).map((name) => `${url}/status/${name}`),
    );
  });

  it('Copy Diagnostics copies the facts about a run, but not the token', async () => {
    await instance.run('copyDiagnostics', await instance.row('recent'));
    const copied = await vscode.env.clipboard.readText();
    assert.ok(copied.includes(`Run: ${url}/status/recent\n`), copied);
    assert.ok(copied.includes(vscode.version), copied);
    assert.ok(!copied.includes('tok-demo-commands'));
  });

  it('Mark as Read marks only the selected runs as read', async () => {
    const rows = [await instance.row('recent'), await instance.row('muted')];
    await instance.run('markRead', rows[0], rows);
    assert.equal((await instance.stored('recent'))?.isUnread, undefined);
    assert.equal((await instance.stored('old-unread'))?.isUnread, true);
  });

  it('Unmute Run unmutes a run', async () => {
    await instance.run('unmute', await instance.row('muted'));
    const { isMuted } = (await instance.stored('muted')) ?? { isMuted: 'gone' };
    assert.ok(!isMuted, String(isMuted));
  });

  it('Delete Token deletes the token of a deployment, but not its runs', async () => {
    await instance.run('deleteToken', { deployment: url });
    assert.equal(instance.secrets.size, 0);
    assert.ok(await instance.stored('recent'));
  });

  it('Remove Old Runs removes runs older than the selected age, except unread runs', async () => {
    const accepting = setInterval(() => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'), 100);
    await instance.run('deleteOldRuns').finally(() => clearInterval(accepting));
    assert.deepEqual(
      await Promise.all(Object.keys(finished).map(async (name) => [name, (await instance.stored(name)) !== undefined])),
      Object.keys(finished).map((name) => [name, name !== 'old']),
    );
    assert.equal(instance.messages.length, 1);
  });

  it('Remove Run removes a run only once while the Delete key is held down', async () => {
    instance.selection = [await instance.row('recent')];
    await Promise.all([1, 2, 3].map(() => instance.run('remove', { selected: true })));
    assert.equal(await instance.stored('recent'), undefined);
    assert.equal(instance.messages.length, 1, instance.messages.join('\n'));
    assert.match(instance.messages[0] ?? '', /recent/);
  });
});
