import vscode = require('vscode');
import { Canceled } from '#core/lib/errors';
import type { Clock } from '#core/lib/types';
import { longestPaste } from '#core/paste/paste';
import { inert } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

/** The user selected Back. Only a prompt with a step after the first one has this button. */
export class Back extends Canceled {}

export interface PromptStep {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  /** For prompts after answers that are already stored. */
  readonly hasNoBack?: boolean;
  /** Whether the answered prompt stays open, disabled, until the next prompt or until `closePrompt`. */
  readonly staysOpen?: boolean;
}

/** The user selected the button for another way to answer. */
export class OtherWay extends Canceled {}

/** Resolves with the error if the user selected a button, such as Back. */
export async function answerOrButton<T, Button extends Canceled>(answer: Promise<T>, button: new () => Button): Promise<T | Button> {
  return answer.catch((error: unknown) => {
    if (error instanceof button) return error;
    throw error;
  });
}

let answered: (vscode.QuickInput & Partial<Pick<vscode.InputBox, 'validationMessage'>>) | undefined;

let asking = 0;

/** Whether a prompt waits for an answer. */
export function isAsking(): boolean {
  return asking > 0;
}

export function closePrompt(): void {
  answered?.dispose();
  answered = undefined;
}

/** Replaces the prompt of the answered box while it stays open. */
export function explainPrompt(message: string): void {
  if (answered) answered.validationMessage = { message, severity: vscode.InputBoxValidationSeverity.Info };
}

export interface TextPrompt extends PromptStep {
  readonly prompt: string;
  readonly placeholder: string;
  readonly value?: string;
  readonly isSecret?: boolean;
  readonly objection?: string;
  readonly canPaste?: true;
  /** A button that rejects the prompt with `OtherWay`. */
  readonly otherWay?: vscode.QuickInputButton;
  readonly check: (text: string) => string | undefined;
  /** Processes a valid text. Returns a message to keep the box open, which the user overrules by accepting the text again. */
  readonly take?: (text: string) => Promise<string | undefined>;
  readonly overrule?: string;
  /** Called with each typed text, even if the user cancels later. */
  readonly onDidType?: (text: string) => void;
}

/** In milliseconds. The second Enter of a double press must not answer the next question. */
const doublePressMs = 500;

/** Waits until the second Enter of a double press can't answer the question that follows a menu, a pick, or a box. */
export async function pauseAfterPress(clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => clock.after(doublePressMs, resolve));
}

/** Asks a modal question, for example before a run is started or a token is deleted. Returns whether the user selected `button`. */
export async function confirm(
  question: string,
  { detail, button, isWarning = true }: { readonly detail: string; readonly button: string; readonly isWarning?: boolean },
): Promise<boolean> {
  const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  return (await show(question, { modal: true, detail }, button)) === button;
}

/** Throws `Canceled` on Escape, and `Back` on Back. */
export async function ask(prompt: TextPrompt): Promise<string> {
  const box = vscode.window.createInputBox();
  const overrule: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('save'), tooltip: prompt.overrule ?? '' };
  // The extension reads the clipboard only after a click.
  const paste = { iconPath: new vscode.ThemeIcon('clippy'), tooltip: t(commandWords.pasteFromClipboard) };
  const { otherWay } = prompt;
  const buttons = [...backButton(prompt), ...(prompt.canPaste ? [paste] : []), ...(otherWay ? [otherWay] : [])];
  box.buttons = buttons;
  // VS Code makes links of prompts and messages, and they may contain server text.
  box.prompt = inert(prompt.prompt);
  box.placeholder = prompt.placeholder;
  box.value = prompt.value ?? '';
  box.validationMessage = prompt.objection === undefined ? undefined : warning(prompt.objection);
  box.password = prompt.isSecret ?? false;

  return answerOf(
    box,
    (resolve, reject) => {
      const accept = onAccept(box, prompt, [...buttons, overrule], resolve);
      box.onDidAccept(accept);
      box.onDidTriggerButton((button) => {
        if (button === paste) resolve(askWithClipboard(prompt, box.value));
        else if (button === overrule) void accept();
        else if (button === otherWay) reject(new OtherWay());
      });
      box.onDidChangeValue((text) => {
        prompt.onDidType?.(text);
        box.validationMessage = undefined;
        box.buttons = buttons;
      });
    },
    prompt,
  );
}

/** Uses a new box, because the button has taken the focus from the old box. */
async function askWithClipboard(prompt: TextPrompt, typed: string): Promise<string> {
  // Line ends become spaces, as in VS Code's input boxes.
  const text = (await vscode.env.clipboard.readText()).replace(/[\r\n]+/g, ' ').trim();
  const tooLong = text.length > longestPaste ? t(commandWords.pasteTooLong, longestPaste) : undefined;
  const objection = text === '' ? t(commandWords.clipboardEmpty) : tooLong;
  const value = objection === undefined ? text : typed;
  prompt.onDidType?.(value);
  return ask({ ...prompt, value, ...(objection !== undefined && { objection }) });
}

/** Accepting the same text again overrules the message of `take`, as does the last of `buttons`. */
function onAccept(
  box: vscode.InputBox,
  { check, take }: TextPrompt,
  buttons: readonly vscode.QuickInputButton[],
  resolve: (text: string) => void,
): () => Promise<void> {
  let rejected: string | undefined;
  return async () => {
    const text = box.value;
    const wrong = check(text);
    if (wrong !== undefined) {
      box.validationMessage = inert(wrong);
      return;
    }
    box.busy = true;
    box.enabled = false;
    const message = text === rejected ? undefined : await take?.(text);
    box.busy = false;
    box.enabled = true;
    if (message === undefined) {
      resolve(text);
      return;
    }
    rejected = text;
    box.validationMessage = warning(message);
    box.buttons = buttons;
  };
}

interface PickPrompt extends PromptStep {
  readonly placeholder: string;
}

/** Throws `Canceled` on Escape, and `Back` on Back. */
export async function choose<Item extends vscode.QuickPickItem>(items: readonly Item[], options: PickPrompt): Promise<Item> {
  return pickFrom(items, options, { matchOnDescription: true, matchOnDetail: true }, ({ selectedItems }) => selectedItems[0]);
}

/** With `acceptsFocused`, Enter without a selected row returns the focused row. Throws `Canceled` on Escape, and `Back` on Back. */
export async function chooseMany<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: PickPrompt & { readonly acceptsFocused?: boolean },
): Promise<readonly Item[]> {
  const settings = { canSelectMany: true, selectedItems: items.filter(({ picked }) => picked) };
  return pickFrom(items, options, settings, ({ selectedItems, activeItems }) =>
    options.acceptsFocused && selectedItems.length === 0 ? activeItems : selectedItems,
  );
}

async function pickFrom<Item extends vscode.QuickPickItem, T>(
  items: readonly Item[],
  options: PickPrompt,
  settings: Partial<vscode.QuickPick<Item>>,
  answer: (pick: vscode.QuickPick<Item>) => T | undefined,
): Promise<T> {
  const buttons = backButton(options);
  const pick = Object.assign(vscode.window.createQuickPick<Item>(), { placeholder: options.placeholder, buttons, items }, settings);
  const listen = (resolve: (value: T) => void): void => {
    pick.onDidAccept(() => {
      const value = answer(pick);
      if (value !== undefined) resolve(value);
    });
  };
  return answerOf(pick, listen, options);
}

/** The user can continue. VS Code shows a plain string as an error. */
function warning(message: string): vscode.InputBoxValidationMessage {
  return { message: inert(message), severity: vscode.InputBoxValidationSeverity.Warning };
}

function backButton({ step = 1, hasNoBack = false }: PromptStep): readonly vscode.QuickInputButton[] {
  return step > 1 && !hasNoBack ? [vscode.QuickInputButtons.Back] : [];
}

async function answerOf<T>(
  input: vscode.QuickInput & Pick<vscode.InputBox, 'onDidTriggerButton'>,
  listen: (resolve: (value: T | Promise<T>) => void, reject: (error: Canceled) => void) => void,
  { title, step, totalSteps, staysOpen = false }: PromptStep,
): Promise<T> {
  Object.assign(input, { title, step, totalSteps, ignoreFocusOut: true });
  asking += 1;
  try {
    const answer = await new Promise<T>((resolve, reject) => {
      listen(resolve, reject);
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) reject(new Back());
      });
      input.onDidHide(() => reject(new Canceled()));
      closePrompt();
      input.show();
    });
    // After Paste from Clipboard, the second box is already there.
    if (answered) input.dispose();
    answered ??= input;
    input.enabled = false;
    input.busy = true;
    if (!staysOpen) closePrompt();
    return answer;
  } catch (error) {
    input.dispose();
    throw error;
  } finally {
    asking -= 1;
  }
}

/** Asks for a file to save to. Returns `undefined` on Cancel. */
export async function askForFile(name: string, title?: string): Promise<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    ...(title !== undefined && { title }),
    saveLabel: t(commandWords.save),
    defaultUri: vscode.Uri.joinPath(defaultFolder(), name),
  });
}

/** Returns the folder for new files: the first workspace folder, else the home folder. */
export function defaultFolder(): vscode.Uri {
  const home = process.env['HOME'] ?? process.env['USERPROFILE'] ?? '/';
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(home);
}
