import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mock } from 'node:test';
import vscode = require('vscode');
import { commandId } from '#contributions';
import { KickoffStore } from '#store/store';
import { heapUsed } from '#test/bench/hosted/heap';
import { addKickoff, id, kickoff, url as urlOf } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import { listen } from '#test/support/localServer';
import type { WatchedTimers } from '#test/support/timers/extension';
import { activate, clock, close, contextIn, nothing } from './secondInstance';

const rounds = 30;
const warm = 10;
/** The number of runs, which makes a memory leak per round visible. */
const runs = 500;

/** A status that is large enough for the worker thread. */
const status = JSON.stringify({ state: 'RUNNING', status: 'running', filler: 'x'.repeat(1_200_000) });

type Listen = (listener: () => unknown) => vscode.Disposable;

/** A tree data provider that can release the real provider, because VS Code never releases the provider of a view. */
class ReleasableProvider<Row> implements vscode.TreeDataProvider<Row> {
  readonly onDidChangeTreeData;
  #real: vscode.TreeDataProvider<Row> | undefined;

  constructor(real: vscode.TreeDataProvider<Row>) {
    this.#real = real;
    this.onDidChangeTreeData = real.onDidChangeTreeData ?? nothing;
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

  release(): void {
    this.#real = undefined;
  }
}

/** A counter of the objects that VS Code keeps for an extension until the extension disposes them. */
class Registrations {
  readonly #counts = new Map<string, number>();
  readonly #mocked: { readonly mock: { resetCalls(): void } }[] = [];
  /** The last call of `reveal`. VS Code keeps objects of a view that is disposed during the call. */
  revealed: Thenable<void> = Promise.resolve();
  readonly handlers = new Map<string, (target: unknown) => unknown>();

  /** Replaces the registrations, because the active extension has already registered the names. */
  constructor() {
    const named = (name: string, handler: (target: unknown) => unknown): vscode.Disposable => {
      this.handlers.set(name, handler);
      return this.#one(name);
    };
    this.#mock(vscode.commands, 'registerCommand', named);
    this.#mock(vscode.workspace, 'registerFileSystemProvider', () => this.#one('registerFileSystemProvider'));
    this.#mock(vscode.window, 'registerUriHandler', () => this.#one('registerUriHandler'));
    const createTreeView = vscode.window.createTreeView.bind(vscode.window);
    this.#mock(vscode.window, 'createTreeView', <Row>(name: string, options: vscode.TreeViewOptions<Row>) => {
      const provider = new ReleasableProvider(options.treeDataProvider);
      const view = createTreeView(name, { ...options, treeDataProvider: provider });
      const counted = this.#one('createTreeView', view);
      return Object.assign(Object.create(view) as vscode.TreeView<Row>, {
        reveal: (...what: Parameters<typeof view.reveal>) => (this.revealed = view.reveal(...what)),
        dispose: () => {
          counted.dispose();
          provider.release();
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

  /** Clears the recorded calls, which would keep their arguments in memory. */
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

  get kinds(): number {
    return this.#counts.size;
  }

  get left(): readonly string[] {
    return [...this.#counts].filter(([, count]) => count !== 0).map(([name, count]) => `${name}: ${count}`);
  }
}

async function until(what: string, isTrue: () => boolean, details: () => unknown = isTrue): Promise<void> {
  for (let tries = 0; tries < 600 && !isTrue(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(isTrue(), `${what}: ${JSON.stringify(details())}`);
}

/** Counts the active resources of the process by kind, without timers, because VS Code has its own timers. */
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

describe(`The extension, restarted ${rounds} times,`, function () {
  this.timeout(180_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-restarting-'));
  const { kickoffsTimers: timers } = globalThis as WatchedTimers;
  let server: Server;
  let url: string;
  let requests = 0;
  let registrations: Registrations;

  before(async () => {
    await vscode.extensions.getExtension('kickoffs.crewai-kickoffs')?.activate();
    server = createServer((_, response) => {
      requests++;
      response.setHeader('content-type', 'application/json').end(status);
    });
    url = await listen(server);
    const store = KickoffStore.inFolder(folder, { clock });
    const { key } = await store.addDeployment(urlOf(url), 'Crew');
    for (let index = 0; index < runs; index++)
      await addKickoff(store, kickoff({ id: id(index + 1), deployment: key, phase: { kind: 'succeeded' }, finishedAt: Date.now() }));
    store.close();
    registrations = new Registrations();
  });
  after(() => {
    mock.restoreAll();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function round(seen: () => void = () => undefined): Promise<void> {
    const context = contextIn(folder, { get: () => Promise.resolve('token') });
    const api = await activate(context);
    const before = requests;
    await registrations.handlers.get(commandId('track'))?.({ text: `${url}/status/going` });
    await until(
      'the response',
      () => requests > before && api.kickoffs.some(({ kickoffId, checkedAt }) => kickoffId === 'going' && checkedAt),
    );
    assert.equal(api.kickoffs.length, runs + 1);
    await Promise.resolve(registrations.revealed).catch(() => undefined);
    seen();
    await close(context);
    registrations.forgetCalls();
    timers?.reset();
    // Closed resources disappear with the next turn of the event loop.
    await new Promise((resolve) => setTimeout(resolve));
  }

  it('leaves no resources or memory behind', async () => {
    assert.ok(timers);
    timers.reset();
    const timersBefore = timers.shorterThan(Infinity);
    await round();
    assert.ok(registrations.kinds > 20, `${registrations.kinds} kinds of registered objects are counted`);
    const before = resources();
    for (let done = 1; done < warm; done++) await round();
    const early = heapUsed();
    let size = 0;
    // The heap after the first rounds no longer contains garbage of earlier tests.
    await round(() => (size = heapUsed() - early));
    for (let done = warm + 1; done < rounds; done++) await round();
    const grown = heapUsed() - early;

    assert.deepEqual(registrations.left, []);
    assert.deepEqual(openFiles(folder), []);
    const more = () => Object.entries(resources()).filter(([kind, count]) => count > (before[kind] ?? 0));
    await until('no more resources than before', () => more().length === 0, more);
    timers.reset();
    assert.equal(timers.shorterThan(Infinity), timersBefore);
    const says = `${(size / 1e6).toFixed(2)} MB while it is active, ${(grown / 1e6).toFixed(2)} MB more after ${rounds - warm} rounds`;
    console.log(`      ${says}`);
    assert.ok(grown < (size * (rounds - warm)) / 4, says);
    figure(25, `${rounds} restarts: 0 timers or connections left`);
  });
});
