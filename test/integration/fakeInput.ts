import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { systemClock } from '#vscode/clock';

/** An input box or quick pick that a test reads and operates instead of a user. */
export class FakeInput {
  readonly #accepted = new vscode.EventEmitter<void>();
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #pressed = new vscode.EventEmitter<vscode.QuickInputButton>();
  readonly #hidden = new vscode.EventEmitter<void>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidChangeValue = this.#changed.event;
  readonly onDidTriggerButton = this.#pressed.event;
  readonly onDidHide = this.#hidden.event;
  title = '';
  step: number | undefined;
  totalSteps: number | undefined;
  prompt = '';
  placeholder = '';
  value = '';
  password = false;
  enabled = true;
  ignoreFocusOut = false;
  isDisposed = false;
  buttons: readonly vscode.QuickInputButton[] = [];
  items: readonly vscode.QuickPickItem[] = [];
  selectedItems: readonly vscode.QuickPickItem[] = [];
  activeItems: readonly vscode.QuickPickItem[] = [];
  canSelectMany = false;
  matchOnDescription = false;
  matchOnDetail = false;
  #isShown = false;
  #message: string | vscode.InputBoxValidationMessage | undefined;

  /** `shown` is called when the input opens, `objected` when a message keeps it open. */
  constructor(
    private readonly shown: (input: FakeInput) => void,
    private readonly objected: (input: FakeInput) => void = () => undefined,
  ) {}

  show(): void {
    this.#isShown = true;
    this.shown(this);
  }

  dispose(): void {
    this.isDisposed = true;
  }

  get validationMessage(): string | vscode.InputBoxValidationMessage | undefined {
    return this.#message;
  }

  set validationMessage(message: string | vscode.InputBoxValidationMessage | undefined) {
    this.#message = message;
    if (message !== undefined && this.#isShown && this.enabled) this.objected(this);
  }

  get place(): string {
    return `${this.title} ${this.step ?? ''}/${this.totalSteps ?? ''}`;
  }

  get message(): string {
    const { validationMessage: message } = this;
    return typeof message === 'string' ? `error: ${message}` : (message?.message ?? '');
  }

  type(text: string): void {
    this.value = text;
    this.#changed.fire(text);
  }

  enter(text?: string): void {
    if (text !== undefined) this.type(text);
    this.#accepted.fire();
  }

  /** Enters a text that the box must reject with an error. */
  reject(text: string, error: RegExp): void {
    this.enter(text);
    assert.match(this.validationMessage as string, error);
  }

  pick(...labels: readonly string[]): void {
    this.selectedItems = this.items.filter(({ label }) => labels.includes(label));
    this.#accepted.fire();
  }

  /** Presses the button with this tooltip, or Back. */
  press(tooltip?: string): void {
    const button = this.buttons.find((one) => (tooltip === undefined ? one === vscode.QuickInputButtons.Back : one.tooltip === tooltip));
    assert.ok(button, `a button ${tooltip ?? 'Back'}`);
    this.#pressed.fire(button);
  }

  escape(): void {
    this.#hidden.fire();
  }
}

/** Makes questions appear at once, and lets the user read each of them for this number of milliseconds. The last number is for all others. */
export function readQuestionsFor(...milliseconds: readonly [number, ...number[]]): void {
  const times = milliseconds.values();
  let now = 0;
  let readMs: number = milliseconds[0];
  mock.method(systemClock, 'after', (_: number, show: () => void) => {
    readMs = times.next().value ?? readMs;
    setImmediate(show);
    return { dispose: () => undefined };
  });
  mock.method(systemClock, 'now', () => (now += readMs));
}
