import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mock } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import vscode = require('vscode');
import { commandId } from '#contributions';
import type * as Extension from '#extension';
import { KickoffStore } from '#store/store';
import { id, kickoff, url as urlOf } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import type { WatchedTimers } from '#test/support/timers/extension';

const { activate, deactivate } = createRequire(__filename)(path.resolve(__dirname, '../../extension.js')) as {
  activate: (context: object) => ReturnType<typeof Extension.activate>;
  deactivate: typeof Extension.deactivate;
};

const rounds = 50;
const warm = 10;
/** What a graph that is not let go would hold, round after round. */
const runs = 500;

/** A status that is large enough to be read on a thread. */
const status = JSON.stringify({ state: 'RUNNING', status: 'running', filler: 'x'.repeat(1_200_000) });

type Listen = (listener: () => unknown) => vscode.Disposable;

/** The editor never lets go of what gives a view its rows; this one lets go of what it stands for. */
class Forgetful<Row> implements vscode.TreeDataProvider<Row> {
  readonly onDidChangeTreeData;
  #real: vscode.TreeDataProvider<Row> | undefined;

  constructor(real: vscode.TreeDataProvider<Row>) {
    this.#real = real;
    this.onDidChangeTreeData = real.onDidChangeTreeData ?? (() => new vscode.Disposable(() => undefined));
  }

  getTreeItem(row: Row): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#real?.getTreeItem(row) ?? new vscode.TreeItem('');
  }

  getChildren(row?: Row): vscode.ProviderResult<Row[]> {
    return this.#real?.getChildren(row);
  }

  getParent(row: Row): vscode.ProviderResult<Row> {
    return this.#real?.getParent?.(row);
  }

  forget(): void {
    this.#real = undefined;
  }
}

/** Whatever the editor keeps for an extension until that disposes it. */
class Held {
  readonly #counts = new Map<string, number>();
  readonly #mocked: { readonly mock: { resetCalls(): void } }[] = [];
  /** What the editor makes for a view that is gone by then, it keeps. */
  revealed: Thenable<void> = Promise.resolve();
  readonly handlers = new Map<string, (given: unknown) => unknown>();

  /** What the extension that is active already has registered is not registered again, but kept here. */
  constructor() {
    const named = (name: string, handler: (given: unknown) => unknown): vscode.Disposable => {
      this.handlers.set(name, handler);
      return this.#one(name);
    };
    this.#mock(vscode.commands, 'registerCommand', named);
    this.#mock(vscode.workspace, 'registerFileSystemProvider', () => this.#one('registerFileSystemProvider'));
    this.#mock(vscode.window, 'registerUriHandler', () => this.#one('registerUriHandler'));
    const createTreeView = vscode.window.createTreeView.bind(vscode.window);
    this.#mock(vscode.window, 'createTreeView', <Row>(name: string, options: vscode.TreeViewOptions<Row>) => {
      const provider = new Forgetful(options.treeDataProvider);
      const view = createTreeView(name, { ...options, treeDataProvider: provider });
      const counted = this.#one('createTreeView', view);
      return Object.assign(Object.create(view) as vscode.TreeView<Row>, {
        reveal: (...what: Parameters<typeof view.reveal>) => (this.revealed = view.reveal(...what)),
        dispose: () => {
          counted.dispose();
          provider.forget();
        },
      });
    });
    this.#listens(vscode.window, 'onDidChangeWindowState');
    this.#listens(vscode.workspace, 'onDidChangeConfiguration');
  }

  #listens<Name extends string>(place: Record<Name, Listen>, name: Name): void {
    const listen = place[name];
    this.#mock(place, name, (listener: () => unknown) => this.#one(name, listen(listener)));
  }

  #mock<Place extends object>(place: Place, name: keyof Place & string, instead: (...all: never[]) => unknown): void {
    this.#mocked.push(mock.method(place, name as never, instead));
  }

  /** A mock remembers what it was called with, and so all that hangs on it. */
  forgetCalls(): void {
    for (const { mock: calls } of this.#mocked) calls.resetCalls();
  }

  #one(name: string, real?: vscode.Disposable): vscode.Disposable {
    const add = (one: number): unknown => this.#counts.set(name, (this.#counts.get(name) ?? 0) + one);
    add(1);
    return new vscode.Disposable(() => {
      add(-1);
      real?.dispose();
    });
  }

  /** How many kinds of things were seen, and which are still held. */
  get kinds(): number {
    return this.#counts.size;
  }

  get left(): readonly string[] {
    return [...this.#counts].filter(([, count]) => count !== 0).map(([name, count]) => `${name}: ${count}`);
  }
}

async function until(what: string, isTrue: () => boolean, say: () => unknown = isTrue): Promise<void> {
  for (let tries = 0; tries < 600 && !isTrue(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(isTrue(), `${what}: ${JSON.stringify(say())}`);
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** What keeps a process busy, by its kind; timers are watched apart, for the editor has its own. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo())
    if (kind !== 'Timeout' && kind !== 'Immediate') counts[kind] = (counts[kind] ?? 0) + 1;
  return { ...counts, threads: process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0 };
}

function openFiles(folder: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)].filter((file) => file.startsWith(folder));
    } catch {
      return [];
    }
  });
}

describe(`Activated and deactivated ${rounds} times in one extension host`, function () {
  this.timeout(180_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-restarting-'));
  const { kickoffsTimers: timers } = globalThis as WatchedTimers;
  let server: Server;
  let url: string;
  let asked = 0;
  let held: Held;

  before(async () => {
    await vscode.extensions.getExtension('kickoffs.crewai-kickoffs')?.activate();
    server = createServer((_, response) => {
      asked++;
      response.setHeader('content-type', 'application/json').end(status);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clock = { now: Date.now, after: () => ({ dispose: () => undefined }) };
    const store = KickoffStore.of(folder, { clock });
    const { key } = await store.addDeployment(urlOf(url), 'Crew');
    for (let index = 0; index < runs; index++)
      await store.addKickoff(kickoff({ id: id(index + 1), deployment: key, phase: { kind: 'succeeded' }, finishedAt: Date.now() }));
    store.close();
    held = new Held();
  });
  after(() => {
    mock.restoreAll();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As the editor does it: all that is owned goes while the deactivation is waited for. */
  async function round(seen: () => void = () => undefined): Promise<void> {
    const context = {
      subscriptions: new Array<vscode.Disposable>(),
      globalStorageUri: vscode.Uri.file(folder),
      globalState: { get: () => undefined, update: () => Promise.resolve() },
      secrets: { get: () => Promise.resolve('token'), onDidChange: () => new vscode.Disposable(() => undefined) },
    };
    const api = await activate(context);
    const before = asked;
    await held.handlers.get(commandId('track'))?.({ text: `${url}/status/going` });
    await until('the answer', () => asked > before && api.kickoffs.some(({ kickoffId, checkedAt }) => kickoffId === 'going' && checkedAt));
    assert.equal(api.kickoffs.length, runs + 1);
    await Promise.resolve(held.revealed).catch(() => undefined);
    seen();
    const gone = deactivate();
    // The log is that of the extension that is active already.
    const [, ...others] = context.subscriptions;
    vscode.Disposable.from(...others).dispose();
    await gone;
    held.forgetCalls();
    timers?.reset();
    // What was closed is gone with the next turn of the loop.
    await new Promise((resolve) => setTimeout(resolve));
  }

  it('leaves no timer, listener, command, file, thread or connection, and its memory does not grow', async () => {
    assert.ok(timers);
    timers.reset();
    const [timersBefore, heapBefore] = [timers.shorterThan(Infinity), heapUsed()];
    let size = 0;
    await round(() => (size = heapUsed() - heapBefore));
    assert.ok(held.kinds > 20, `${held.kinds} kinds of things that it holds are watched`);
    const before = resources();
    for (let done = 1; done < warm; done++) await round();
    const early = heapUsed();
    for (let done = warm; done < rounds; done++) await round();
    const grown = heapUsed() - early;

    assert.deepEqual(held.left, []);
    assert.deepEqual(openFiles(folder), []);
    const more = () => Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0));
    await until('nothing more than before', () => more().length === 0, more);
    timers.reset();
    assert.equal(timers.shorterThan(Infinity), timersBefore);
    const says = `${(size / 1e6).toFixed(2)} MB while it is active, ${(grown / 1e6).toFixed(2)} MB more after ${rounds - warm} rounds`;
    console.log(`      ${says}`);
    assert.ok(grown < (size * (rounds - warm)) / 10, says);
    figure(25, `activated and deactivated ${rounds} times: 0 timers, listeners, files, threads, or connections left`);
  });
});
