import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mock } from 'node:test';
import vscode = require('vscode');
import { commandId, settingDefinitions, type CommandName } from '#contributions';
import type { Kickoff } from '#core/kickoff/kickoff';
import { KickoffStore } from '#store/store';
import { addKickoff, id, kickoff, url as urlOf } from '#test/support/builders';
import { day, minute } from '#test/support/manualClock';
import { activate, clock, close, contextIn, mockRegistrations, nothing, until } from './secondInstance';

const url = urlOf('https://crew.example.com');

/** A second instance of the extension beside the active instance. Records its rows and messages. */
class SecondInstance {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'kickoffs-commands-'));
  readonly secrets = new Map([[`token:${url}`, 'tok-demo-commands']]);
  readonly messages: string[] = [];
  /** The selected rows of the view. */
  selection: readonly unknown[] = [];
  /** VS Code's global state of this profile. */
  readonly state = new Map<string, unknown>();
  isKeyringLocked = false;
  /** Whether the window closes before VS Code says that a token is deleted. */
  isClosing = false;
  #context = this.#newContext();
  readonly #handlers = new Map<string, (target?: unknown, selected?: unknown) => unknown>();
  #rows: vscode.TreeDataProvider<unknown> | undefined;

  /** Opens a window with runs that finished some days ago, or with a deployment that was removed. */
  async open(runs: Readonly<Record<string, number>> = { recent: 0 }, removedAt?: number): Promise<void> {
    const store = this.store();
    const { key } = await store.addDeployment(url, 'Crew');
    for (const [name, days] of Object.entries(runs)) {
      const finishedAt = Date.now() - days * day;
      await addKickoff(store, kickoff({ id: id(name), deployment: key, phase: { kind: 'succeeded' }, trackedAt: finishedAt, finishedAt }));
    }
    if (removedAt !== undefined) await store.remove(key, removedAt);
    store.close();
    this.#takeOver();
    await activate(this.#context);
  }

  /** Closes and opens the window again. `host` is the name of this machine meanwhile. */
  async restart(host: string): Promise<void> {
    await close(this.#context);
    this.#context = this.#newContext();
    mock.method(os, 'hostname', () => host);
    await activate(this.#context);
  }

  #newContext() {
    const context = contextIn(this.folder, {
      get: (name: string) => Promise.resolve(this.secrets.get(name)),
      delete: (name: string) => {
        if (this.isKeyringLocked) return Promise.reject(new Error('the keyring is locked'));
        this.secrets.delete(name);
        return this.isClosing ? new Promise<void>(() => undefined) : Promise.resolve();
      },
    });
    const update = (name: string, value: unknown): Promise<void> => {
      if (value === undefined) this.state.delete(name);
      else this.state.set(name, value);
      return Promise.resolve();
    };
    return { ...context, globalState: { keys: () => [...this.state.keys()], get: (name: string) => this.state.get(name), update } };
  }

  async close(): Promise<void> {
    mock.restoreAll();
    await close(this.#context);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Opens the run history of this instance again, like another window. */
  store(): KickoffStore {
    return KickoffStore.inFolder(this.folder, { clock });
  }

  async urls(): Promise<readonly string[]> {
    const store = this.store();
    return store.urls().finally(() => store.close());
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

  async row(name: string): Promise<unknown> {
    const provider = this.#rows;
    for (const deployment of (await provider?.getChildren()) ?? [])
      for (const row of (await provider?.getChildren(deployment)) ?? []) if ((await provider?.getTreeItem(row))?.label === name) return row;
    return undefined;
  }

  /** Replaces the registrations and messages of VS Code. */
  #takeOver(): void {
    mockRegistrations((name, handler) => {
      this.#handlers.set(name, handler);
      return nothing();
    });
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

describe('With a finished run,', () => {
  let instance: SecondInstance;
  beforeEach(async () => {
    instance = new SecondInstance();
    await instance.open();
  });
  afterEach(() => instance.close());

  it("Copy Diagnostics copies the run's URL and VS Code's version, but not the token", async () => {
    await instance.run('copyDiagnostics', await instance.row('recent'));
    const copied = await vscode.env.clipboard.readText();
    assert.ok(copied.includes(`Run: ${url}/status/recent\n`), copied);
    assert.ok(copied.includes(vscode.version), copied);
    assert.ok(!copied.includes('tok-demo-commands'));
  });

  it('Remove Run removes the focused run even if VS Code reports no selection while it redraws the row', async () => {
    const row = await instance.row('recent');
    const selections = [[], [], [row], [row], [], [row]];
    Object.defineProperty(instance, 'selection', { get: () => selections.shift() ?? [] });
    await instance.run('remove', { selected: true });
    assert.equal(await instance.stored('recent'), undefined);
  });

  it('Remove Run removes a run only once while the Delete key is held down', async () => {
    instance.selection = [await instance.row('recent')];
    await Promise.all([1, 2, 3].map(() => instance.run('remove', { selected: true })));
    assert.equal(await instance.stored('recent'), undefined);
    assert.equal(instance.messages.length, 1, instance.messages.join('\n'));
    assert.match(instance.messages[0] ?? '', /recent/);
  });
});

/** Collects the checks that are due a minute after the start, until `close`. Returns a function that runs them. */
function firstChecks(): () => void {
  const { setTimeout } = globalThis;
  const checks: (() => void)[] = [];
  mock.method(globalThis, 'setTimeout', (run: () => void, wait?: number) => {
    if (wait === minute) checks.push(run);
    return setTimeout(run, wait);
  });
  return () => checks.splice(0).forEach((check) => check());
}

describe('A new window', () => {
  let instance: SecondInstance;
  beforeEach(() => void (instance = new SecondInstance()));
  afterEach(() => instance.close());

  const keepDays = (days: number | undefined) =>
    vscode.workspace.getConfiguration().update(settingDefinitions.keepDays.key, days, vscode.ConfigurationTarget.Global);
  after(() => keepDays(undefined));

  it('checks a minute after it opens for runs older than the setting keepDays, and removes them', async () => {
    await keepDays(30);
    const runFirstChecks = firstChecks();
    await instance.open({ old: 31, recent: 29 });
    await until(() => instance.row('old'));
    runFirstChecks();
    await until(async () => !(await instance.row('old')));
    assert.ok(await instance.row('recent'));
  });

  it('deletes a deployment that was removed eight days ago, even if an earlier window deleted only the token', async () => {
    const runFirstChecks = firstChecks();
    instance.isClosing = true;
    await instance.open({}, Date.now() - 8 * day);
    runFirstChecks();
    await until(() => instance.secrets.size === 0);
    assert.deepEqual(await instance.urls(), [url], 'the token is deleted before the URL that names it');
    instance.isClosing = false;
    await instance.restart('same-name');
    runFirstChecks();
    await until(async () => (await instance.urls()).length === 0);
    assert.equal(instance.secrets.size, 0);
  });
});

describe('Delete All Data', () => {
  let instance: SecondInstance;
  beforeEach(async () => {
    instance = new SecondInstance();
    await instance.open();
    mock.method(vscode.window, 'showWarningMessage', (message: string, ...[, button]: readonly unknown[]) => {
      instance.messages.push(message);
      // A question whose answer comes sooner is asked again.
      return new Promise((resolve) => setTimeout(() => resolve(button), 450));
    });
  });
  afterEach(() => instance.close());

  it('deletes the runs even if the keyring is locked', async () => {
    instance.isKeyringLocked = true;
    const read = (name: string) => readFileSync(path.join(instance.folder, name), 'latin1');
    const files = () => readdirSync(instance.folder).map(read).join();
    assert.match(files(), /recent/);
    await instance.run('deleteAllData');
    assert.equal(await instance.row('recent'), undefined);
    assert.doesNotMatch(files(), /recent/);
    assert.equal(await instance.stored('recent'), undefined);
  });

  it("keeps a deployment's URL until the token can be deleted, and shows a message about the token", async () => {
    instance.isKeyringLocked = true;
    await instance.run('deleteAllData');
    assert.match(instance.messages.at(-1) ?? '', /token/);
    assert.deepEqual([await instance.urls(), instance.secrets.size], [[url], 1]);
    instance.isKeyringLocked = false;
    await instance.run('deleteAllData');
    assert.deepEqual([await instance.urls(), instance.secrets.size], [[], 0]);
  });

  it("deletes the ID backups that were saved under this machine's current name and under its earlier names", async () => {
    const isCopied = (host: string) =>
      [...instance.state].some(([name, copy]) => name.includes(host) && JSON.stringify(copy).includes('recent'));
    const runFirstChecks = firstChecks();
    for (const host of ['first-name', 'second-name']) {
      await instance.restart(host);
      await until(() => (runFirstChecks(), isCopied(host)));
    }
    await instance.run('deleteAllData');
    for (const host of ['first-name', 'second-name']) {
      await instance.restart(host);
      assert.deepEqual([await instance.row('recent'), await instance.urls()], [undefined, []]);
    }
    assert.doesNotMatch(JSON.stringify([...instance.state]), /recent|crew/);
  });
});
