import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mock } from 'node:test';
import vscode = require('vscode');
import { commandId, commandNames, documentScheme, type CommandName } from '#contributions';
import { Board } from '#core/history/board';
import { Tracker } from '#core/history/tracker';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { HostHealth } from '#core/polling/hostHealth';
import type { StartAttempt } from '#core/starts/attempt';
import { RunStarter, type RunControl } from '#core/starts/runStarter';
import { KickoffStore } from '#store/store';
import { addKickoff, id, kickoff, url } from '#test/support/builders';
import { day } from '#test/support/manualClock';
import type { BaseCommandParts } from '#vscode/commands/arguments';
import { createCommandRunner } from '#vscode/commands/commands';
import { createShowFailure, withErrorHandling, type RunCommand } from '#vscode/commands/guard';
import { KickoffInfoCache } from '#vscode/publicApi';
import { SecretTokens } from '#vscode/secretTokens';
import type { DocumentKind } from '#present/documents/documentName';
import { DeploymentNode, KickoffNode, StartNode } from '#present/outline/nodes';
import { documentUri, reportEditorId } from '#vscode/documents/documentUri';
import { readQuestionsFor, FakeInput } from './fakeInput';
import { nothing, until } from './secondInstance';

/**
 * The typed text of an input box, the labels of the selected rows of a pick, `true` for Enter, or `undefined` for Escape. A promise or a
 * function leaves the box open. `button` is the tooltip of the button that the user presses after typing.
 */
type Answer =
  | string
  | readonly string[]
  | true
  | undefined
  | { readonly typed: string; readonly button: string }
  | Promise<Answer>
  | (() => Promise<Answer>);

type SaveAnswer = (
  of: unknown,
  id: string,
  file: { readonly path: string; readonly signal: AbortSignal; readonly onProgress: (bytes: number) => void },
) => Promise<unknown>;

/** The commands with a real run history, but without a view, polls, and requests. Records their boxes, messages, and calls of VS Code. */
export class CommandRig {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-rig-'));
  readonly #clock = { now: () => Date.now(), after: nothing };
  readonly store = KickoffStore.inFolder(this.folder, { clock: this.#clock });
  readonly health = new HostHealth(() => 0.5);
  readonly board = new Board(this.health);
  readonly secrets = new Map<string, string>();
  /** The answers to the next boxes. */
  answers: Answer[] = [];
  /** The prompts or messages of the boxes. */
  readonly prompts: string[] = [];
  /** The button that the user selects in questions, or one button for each of several questions. */
  button: string | readonly string[] | undefined;
  /** Called while a question is open. */
  whileAsked: () => unknown = () => undefined;
  /** The details of the questions. */
  readonly details: string[] = [];
  /** The file that the user selects in dialogs. */
  file: vscode.Uri | undefined;
  /** The Cancel button of the notification that shows progress. */
  readonly cancellation = new vscode.CancellationTokenSource();
  /** Replacements of functions of VS Code's file system. */
  fileSystem: Partial<vscode.FileSystem> = {};
  /** The selected rows of the view. */
  selection: readonly unknown[] = [];
  /** The row of the view with the focus. */
  focused: unknown;
  /** The boxes as `title: placeholder | labels or text`. */
  readonly boxes: string[] = [];
  readonly items: vscode.QuickPickItem[] = [];
  /** Messages as `kind: text [buttons]`, where the kind is `info`, `warning`, `error`, or `status`. */
  readonly messages: string[] = [];
  /** Commands of VS Code with their arguments. */
  readonly calls: string[] = [];
  readonly polled: string[] = [];
  /** The rows that commands focus, or `show` and the rows that commands only scroll to. */
  readonly highlighted: string[] = [];
  /** Called when a command focuses a row. */
  whileHighlighting: () => Promise<void> | void = () => undefined;
  /** Called when a request waits for its turn. */
  waits: (deployment: Deployment) => unknown = () => undefined;
  /** The problem of a host that is throttling requests, so that none may be sent. */
  throttling: Trouble | undefined;
  /** The kinds of problems of requests, or undefined for a success. */
  readonly recorded: (Trouble['kind'] | undefined)[] = [];
  control: RunControl | undefined;
  readonly pending: unknown[] = [];
  readonly log = { warn: () => undefined, error: () => undefined, show: () => void this.calls.push('log') };
  readonly amp = {
    checkToken: (_: string, token: string) => Promise.resolve(token.replace('tok-', '')),
    save: ((): Promise<undefined> => Promise.resolve(undefined)) as SaveAnswer,
    document: (body: Uint8Array) => Promise.resolve(body),
  };
  readonly tracker: Tracker;
  readonly #commands: RunCommand;
  readonly #run: ReturnType<typeof withErrorHandling>;
  readonly #notifications: { readonly text: string; readonly buttons: readonly string[]; readonly resolve: (button: string) => void }[] =
    [];
  #tracked = 0;
  #activeInput: unknown;

  constructor() {
    this.#takeOver();
    const { board, store, secrets } = this;
    const name = (of: KickoffRef | Deployment | StartAttempt): string => {
      if ('id' in of) return `${board.deployment(of.deployment)?.label}/${of.id}`;
      return 'label' in of ? of.label : 'start';
    };
    // Commands wait only for the pause before a question.
    const after = (_: number, act: () => void) => {
      queueMicrotask(act);
      return nothing();
    };
    const clock = { ...this.#clock, after };
    const settings = { current: { keepDays: 7, keepInputs: true } };
    const poller = {
      sync: () => undefined,
      pollNow: (refs: readonly KickoffRef[]) => void this.polled.push(...refs.map(name)),
      acquireRequestSlot: async (deployment: Deployment) => {
        await this.waits(deployment);
        return this.throttling;
      },
      recordRequest: (_: Deployment, trouble: Trouble | undefined) => void this.recorded.push(trouble?.kind),
    };
    this.tracker = new Tracker({ store, board, poller, clock: this.#clock });
    const { tracker, log } = this;
    const loadAmp = () => Promise.resolve({ ...this.amp, reader: this.amp, ...this.control! });
    const keyring = {
      get: (key: string) => Promise.resolve(secrets.get(key)),
      store: (key: string, token: string) => Promise.resolve(void secrets.set(key, token)),
      delete: (key: string) => Promise.resolve(void secrets.delete(key)),
      onDidChange: () => ({ dispose: () => undefined }),
    };
    const viewSelection = () => this.selection;
    const view = {
      get selection() {
        return viewSelection();
      },
      highlight: async (of: Kickoff | Deployment | StartAttempt) => {
        this.highlighted.push(name(of));
        await this.whileHighlighting();
      },
      scrollTo: (of: Kickoff | StartAttempt) => Promise.resolve(void this.highlighted.push(`show ${name(of)}`)),
      refocusAfter: (remove: () => Promise<void>, rows: readonly unknown[]) => {
        this.highlighted.push(`after ${rows.length}`);
        return remove();
      },
      cancelPendingFocus: () => undefined,
    };
    const showFailure = createShowFailure(log);
    const onError = (error: unknown): void => assert.ifError(error);
    const newUuid = () => crypto.randomUUID();
    const baseParts = {
      ...{ board, store, tracker, poller, clock, view, loadAmp, showFailure, log, settings },
      starter: new RunStarter({ store, control: loadAmp, tracker, poller, clock, newUuid, settings, onError }),
      historyLoader: { addPending: (ids: unknown) => this.pending.push(ids) },
      tokens: new SecretTokens(keyring, store, () => undefined),
      downloadFolder: vscode.Uri.file(this.folder),
      infoCache: new KickoffInfoCache(board, this.#clock),
    };
    this.#commands = createCommandRunner(baseParts as unknown as BaseCommandParts);
    this.#run = withErrorHandling(this.#commands, log as never, showFailure);
  }

  run(name: CommandName, target?: unknown, selection?: unknown): Promise<unknown> {
    return Promise.resolve(this.#run(name, target, selection));
  }

  /** Runs a command without its error handling, so that it rejects with its error. */
  runBare(...call: Parameters<RunCommand>): Promise<unknown> {
    return Promise.resolve(this.#commands(...call));
  }

  /** Presses a button of the last notification that has it and contains a text, and waits for the first effect. */
  async press(button: string, part = ''): Promise<void> {
    const effects = () => [this.boxes, this.messages, this.calls, this.highlighted].flat().length;
    const before = effects();
    this.#notifications.findLast(({ text, buttons }) => text.includes(part) && buttons.includes(button))?.resolve(button);
    await until(() => effects() > before, `an effect of ${button}`);
  }

  /** Returns the messages since the last call. */
  said(): readonly string[] {
    return this.messages.splice(0);
  }

  async deployment(label: string): Promise<DeploymentNode> {
    const { key } = await this.tracker.addDeployment(url(`https://${label.toLowerCase()}.example.com`), label);
    return new DeploymentNode(key);
  }

  /** Stores a run of a deployment, and returns its row. By default, the run has succeeded a hundred days ago. Later runs are newer. */
  async kickoff({ key }: DeploymentNode, name: string, fields: Partial<Kickoff> = {}): Promise<KickoffNode> {
    const trackedAt = Date.now() - 100 * day + ++this.#tracked;
    const run = kickoff({ id: id(name), deployment: key, phase: { kind: 'succeeded' }, trackedAt, finishedAt: trackedAt, ...fields });
    await addKickoff(this.store, run);
    await this.tracker.loadChanges();
    return new KickoffNode({ deployment: key, id: run.id });
  }

  async kickoffs(deployment: DeploymentNode, names: readonly string[], fields: Partial<Kickoff>): Promise<readonly KickoffNode[]> {
    const rows: KickoffNode[] = [];
    for (const name of names) rows.push(await this.kickoff(deployment, name, fields));
    return rows;
  }

  /** Returns the names of all runs, or of those for which `has` is true, as `deployment/run` in the order of the view. */
  runs(has: (run: Kickoff) => unknown = () => true): readonly string[] {
    return this.board.deployments.flatMap((one) =>
      this.board.kickoffsOf(one).flatMap((run) => (has(run) ? [`${one.label}/${run.id}`] : [])),
    );
  }

  /** Returns the labels of the deployments in the order of the view. */
  labels(): readonly string[] {
    return this.board.deployments.map(({ label }) => label);
  }

  /** Stores a start that AMP didn't confirm, and returns its row. */
  async start({ key }: DeploymentNode, requestId: string, fields: Partial<StartAttempt> = {}): Promise<StartNode> {
    await this.store.addStart({ deployment: key, requestId, sentAt: 0, ...fields });
    await this.tracker.loadChanges();
    return new StartNode(key, requestId);
  }

  /** Makes a document of a run the active document, and returns its URI. */
  show({ ref }: KickoffNode, kind: DocumentKind): vscode.Uri {
    const uri = documentUri(this.board.kickoff(ref)!, kind);
    this.#activeInput = kind === 'report' ? new vscode.TabInputCustom(uri, reportEditorId) : new vscode.TabInputText(uri);
    return uri;
  }

  #toggleFocused(): void {
    const { focused, selection } = this;
    if (focused === undefined) return;
    this.selection = selection.includes(focused) ? selection.filter((row) => row !== focused) : [...selection, focused];
  }

  close(): void {
    mock.restoreAll();
    this.cancellation.dispose();
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #takeOver(): void {
    const { window, workspace } = vscode;
    readQuestionsFor(1_000);
    const kinds = { Information: 'info', Warning: 'warning', Error: 'error' } as const;
    for (const kind of ['Information', 'Warning', 'Error'] as const)
      mock.method(window, `show${kind}Message`, (text: string, ...rest: readonly unknown[]) => {
        const buttons = rest.filter((one) => typeof one === 'string');
        this.messages.push(`${kinds[kind]}: ${text}${buttons.length > 0 ? ` [${buttons.join()}]` : ''}`);
        if (typeof rest[0] !== 'object') return new Promise<string>((resolve) => this.#notifications.push({ text, buttons, resolve }));
        this.details.push((rest[0] as vscode.MessageOptions).detail ?? '');
        return Promise.resolve(this.whileAsked()).then(() => buttons.find((one) => [this.button].flat().includes(one)));
      });
    mock.method(window, 'setStatusBarMessage', (text: string) => void this.messages.push(`status: ${text}`));
    const open = (input: FakeInput): void => {
      const { title, placeholder, value, items } = input;
      this.boxes.push(`${title}: ${placeholder} | ${items.length > 0 ? items.map(({ label }) => label).join() : value}`);
      this.items.splice(0, Infinity, ...items);
      // VS Code shows a message instead of the prompt.
      this.prompts.push(input.message || input.prompt);
      answer(input, this.answers.shift());
    };
    const again = (input: FakeInput): void => void setImmediate(() => input.show());
    for (const name of ['createQuickPick', 'createInputBox'] as const) mock.method(window, name, () => new FakeInput(open, again));
    for (const name of ['showSaveDialog', 'showOpenDialog'] as const)
      mock.method(window, name, () => Promise.resolve(name === 'showSaveDialog' ? this.file : this.file && [this.file]));
    mock.method(window, 'withProgress', (_: object, act: (progress: object, cancel: object) => unknown) =>
      act({ report: ({ message }: { message: string }) => this.messages.push(message) }, this.cancellation.token),
    );
    mock.method(vscode.commands, 'executeCommand', (name: string, ...args: readonly unknown[]) => {
      const own = commandNames.find((one) => commandId(one) === name);
      if (own) return this.#run(own, ...(args as [unknown?, unknown?]));
      if (name === 'list.toggleSelection') this.#toggleFocused();
      // The active extension sets context keys at any time.
      if (name !== 'setContext') this.calls.push([name, ...args.map(String)].join(' '));
      return Promise.resolve();
    });
    mock.getter(window, 'tabGroups', () => ({ all: [], activeTabGroup: { activeTab: { input: this.#activeInput } } }));
    const { fs } = workspace;
    // Each document contains its path.
    const readFile = (uri: vscode.Uri) => (uri.scheme === documentScheme ? Promise.resolve(Buffer.from(uri.path)) : fs.readFile(uri));
    mock.getter(workspace, 'fs', () => ({ ...fs, readFile, ...this.fileSystem }));
  }
}

/** Returns a rig with two deployments, and their rows. */
export async function rigWithTwoDeployments(): Promise<readonly [CommandRig, crew: DeploymentNode, other: DeploymentNode]> {
  const rig = new CommandRig();
  return [rig, await rig.deployment('Crew'), await rig.deployment('Other')];
}

function answer(input: FakeInput, given: Answer): void {
  if (typeof given === 'function') answer(input, given());
  else if (given instanceof Promise) void given.then((late) => answer(input, late));
  else if (given === undefined) input.escape();
  else if (typeof given === 'string') input.enter(given);
  else if (given === true) {
    if (!input.canSelectMany) input.selectedItems = input.items.slice(0, 1);
    input.enter();
  } else if ('typed' in given) {
    input.type(given.typed);
    input.press(given.button);
  } else input.pick(...given);
}
