import vscode = require('vscode');
import { CanceledError } from '#core/lib/errors';
import { maxPasteLength } from '#core/paste/paste';
import { breakLinksAndIcons } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { systemClock } from '#vscode/clock';
import { t } from '#vscode/l10n';

/** The error after the user selected Back. Only prompts after the first step have this button. */
export class BackSelected extends CanceledError {}

/** The title of a prompt, and its place in a series of prompts. */
export interface PromptStep {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  /** Whether the prompt has no Back button, because the earlier answers are already stored. */
  readonly hasNoBack?: boolean;
  /** Whether the answered prompt stays open, disabled, until the next prompt or until `closeAnsweredPrompt`. */
  readonly staysOpen?: boolean;
}

/** The error after the user selected the button for another way to answer, for example in a file. */
export class OtherWaySelected extends CanceledError {}

/** Returns the answer, or an error of the class `errorClass`, for example after Back. Throws other errors. */
export async function answerOrError<T, E extends CanceledError>(answer: Promise<T>, errorClass: new () => E): Promise<T | E> {
  return answer.catch((error: unknown) => {
    if (error instanceof errorClass) return error;
    throw error;
  });
}

/** The answered prompt that stays open. */
let answeredPrompt: (vscode.QuickInput & Partial<Pick<vscode.InputBox, 'validationMessage'>>) | undefined;

let openPromptCount = 0;

/** Whether a prompt waits for an answer. */
export function isPromptOpen(): boolean {
  return openPromptCount > 0;
}

/** Closes the answered prompt that stays open, if there is one. */
export function closeAnsweredPrompt(): void {
  answeredPrompt?.dispose();
  answeredPrompt = undefined;
}

/** Shows a message instead of the prompt in the answered box that stays open. */
export function showInAnsweredPrompt(message: string): void {
  if (answeredPrompt) answeredPrompt.validationMessage = { message, severity: vscode.InputBoxValidationSeverity.Info };
}

/** A prompt with an input box. */
export interface TextPrompt extends PromptStep {
  readonly prompt: string;
  readonly placeholder: string;
  readonly value?: string;
  readonly isSecret?: boolean;
  /** A warning that the box shows first. */
  readonly firstWarning?: string;
  readonly canPaste?: true;
  /** A button that rejects the prompt with `OtherWaySelected`. */
  readonly otherWayButton?: vscode.QuickInputButton;
  /** Returns a message if the text is invalid. */
  readonly validate: (text: string) => string | undefined;
  /** Processes a valid text. Returns a warning to keep the box open. The user can ignore the warning by accepting the same text again. */
  readonly submit?: (text: string) => Promise<string | undefined>;
  /** The tooltip of a button that ignores the warning of `submit`. */
  readonly ignoreTooltip?: string;
  /** Called with each typed or pasted text, even if the user cancels later. */
  readonly onDidType?: (text: string) => void;
}

/** The wait before a question, so that the second Enter of a double press can't answer it. */
const doublePressWaitMs = 500;
/** The minimum time in which a user can answer a question. The repeat of a key that is held down comes sooner. */
const minAnswerMs = 400;

/** Asks a modal question, for example before a run is started or a token is deleted. Returns whether the user selected `button`. */
export async function confirm(
  question: string,
  { detail, button, isWarning = true }: { readonly detail: string; readonly button: string; readonly isWarning?: boolean },
): Promise<boolean> {
  const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  for (;;) {
    await new Promise<void>((resolve) => systemClock.after(doublePressWaitMs, resolve));
    const shownAt = systemClock.now();
    const answer = await show(question, { modal: true, detail }, button);
    if (answer !== button || systemClock.now() - shownAt >= minAnswerMs) return answer === button;
  }
}

/** Asks for a text in an input box. Throws `CanceledError` on Escape, `BackSelected` on Back, or `OtherWaySelected` on `otherWayButton`. */
export async function askForText(prompt: TextPrompt): Promise<string> {
  const box = vscode.window.createInputBox();
  const ignoreButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('save'), tooltip: prompt.ignoreTooltip ?? '' };
  // The extension reads the clipboard only after a click.
  const pasteButton = { iconPath: new vscode.ThemeIcon('clippy'), tooltip: t(commandWords.pasteFromClipboard) };
  const { otherWayButton } = prompt;
  const buttons = [...backButtons(prompt), ...(prompt.canPaste ? [pasteButton] : []), ...(otherWayButton ? [otherWayButton] : [])];
  box.buttons = buttons;
  // VS Code creates links in prompts and messages, and these texts may contain server text.
  box.prompt = breakLinksAndIcons(prompt.prompt);
  box.placeholder = prompt.placeholder;
  box.value = prompt.value ?? '';
  box.validationMessage = prompt.firstWarning === undefined ? undefined : toWarning(prompt.firstWarning);
  box.password = prompt.isSecret ?? false;

  return showPrompt(
    box,
    (resolve, reject) => {
      const accept = acceptHandler(box, prompt, [...buttons, ignoreButton], resolve);
      box.onDidAccept(accept);
      box.onDidTriggerButton((button) => {
        if (button === pasteButton) resolve(askWithClipboard(prompt, box.value));
        else if (button === ignoreButton) void accept();
        else if (button === otherWayButton) reject(new OtherWaySelected());
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

/** Asks again with the clipboard's text, or with a warning if it's empty or too long. Uses a new box, because the button took the focus. */
async function askWithClipboard(prompt: TextPrompt, typedText: string): Promise<string> {
  // Line ends become spaces, as in VS Code's input boxes.
  const text = (await vscode.env.clipboard.readText()).replace(/[\r\n]+/g, ' ').trim();
  const lengthErrorText = text.length > maxPasteLength ? t(commandWords.pasteTooLong, maxPasteLength) : undefined;
  const warning = text === '' ? t(commandWords.clipboardEmpty) : lengthErrorText;
  const value = warning === undefined ? text : typedText;
  prompt.onDidType?.(value);
  return askForText({ ...prompt, value, ...(warning !== undefined && { firstWarning: warning }) });
}

/** Returns the handler of Enter, which checks and processes the text. After a warning, the box gets `warningButtons`. */
function acceptHandler(
  box: vscode.InputBox,
  { validate, submit }: TextPrompt,
  warningButtons: readonly vscode.QuickInputButton[],
  resolve: (text: string) => void,
): () => Promise<void> {
  let warnedText: string | undefined;
  return async () => {
    const text = box.value;
    const errorText = validate(text);
    if (errorText !== undefined) {
      box.validationMessage = breakLinksAndIcons(errorText);
      return;
    }
    if (submit && text !== warnedText) {
      box.busy = true;
      box.enabled = false;
      const message = await submit(text);
      box.busy = false;
      box.enabled = true;
      if (message !== undefined) {
        warnedText = text;
        box.validationMessage = toWarning(message);
        box.buttons = warningButtons;
        return;
      }
    }
    resolve(text);
  };
}

type PickPrompt = PromptStep & Pick<TextPrompt, 'placeholder'>;

/** Lets the user select one item. Throws `CanceledError` on Escape, and `BackSelected` on Back. */
export async function choose<Item extends vscode.QuickPickItem>(items: readonly Item[], options: PickPrompt): Promise<Item> {
  return pickFrom(items, options, { matchOnDescription: true, matchOnDetail: true }, ({ selectedItems }) => selectedItems[0]);
}

/** Lets the user select items. With `acceptsFocused`, Enter without a selection returns the focused item. Throws like `choose`. */
export async function chooseMany<Item extends vscode.QuickPickItem>(
  items: readonly Item[],
  options: PickPrompt & { readonly acceptsFocused?: boolean },
): Promise<readonly Item[]> {
  const properties = { canSelectMany: true, selectedItems: items.filter(({ picked }) => picked) };
  return pickFrom(items, options, properties, ({ selectedItems, activeItems }) => {
    if (!options.acceptsFocused || selectedItems.length > 0) return selectedItems;
    return activeItems.length > 0 ? activeItems : undefined;
  });
}

/** Shows a list, and returns the result of `readAnswer` on Enter. While `readAnswer` returns `undefined`, the list stays open. */
async function pickFrom<Item extends vscode.QuickPickItem, T>(
  items: readonly Item[],
  options: PickPrompt,
  properties: Partial<vscode.QuickPick<Item>>,
  readAnswer: (list: vscode.QuickPick<Item>) => T | undefined,
): Promise<T> {
  const buttons = backButtons(options);
  const list = Object.assign(vscode.window.createQuickPick<Item>(), { placeholder: options.placeholder, buttons, items }, properties);
  const addListeners = (resolve: (value: T) => void): void => {
    list.onDidAccept(() => {
      const value = readAnswer(list);
      if (value !== undefined) resolve(value);
    });
  };
  return showPrompt(list, addListeners, options);
}

/** Returns a message of a problem that the user can ignore. VS Code shows a message without severity as an error. */
function toWarning(message: string): vscode.InputBoxValidationMessage {
  return { message: breakLinksAndIcons(message), severity: vscode.InputBoxValidationSeverity.Warning };
}

function backButtons({ step = 1, hasNoBack = false }: PromptStep): readonly vscode.QuickInputButton[] {
  return step > 1 && !hasNoBack ? [vscode.QuickInputButtons.Back] : [];
}

async function showPrompt<T>(
  prompt: vscode.QuickInput & Pick<vscode.InputBox, 'onDidTriggerButton'>,
  addListeners: (resolve: (value: T | Promise<T>) => void, reject: (error: CanceledError) => void) => void,
  { title, step, totalSteps, staysOpen = false }: PromptStep,
): Promise<T> {
  Object.assign(prompt, { title, step, totalSteps, ignoreFocusOut: true });
  openPromptCount += 1;
  try {
    const answer = await new Promise<T>((resolve, reject) => {
      addListeners(resolve, reject);
      prompt.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) reject(new BackSelected());
      });
      prompt.onDidHide(() => reject(new CanceledError()));
      closeAnsweredPrompt();
      prompt.show();
    });
    // After Paste from Clipboard, `answeredPrompt` is already the second box.
    if (answeredPrompt) prompt.dispose();
    answeredPrompt ??= prompt;
    prompt.enabled = false;
    prompt.busy = true;
    if (!staysOpen) closeAnsweredPrompt();
    return answer;
  } catch (error) {
    prompt.dispose();
    throw error;
  } finally {
    openPromptCount -= 1;
  }
}

/** Asks for a file to save to. Returns `undefined` on Cancel. */
export async function askWhereToSave(fileName: string, title?: string): Promise<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    ...(title !== undefined && { title }),
    saveLabel: t(commandWords.save),
    defaultUri: vscode.Uri.joinPath(defaultFolder(), fileName),
  });
}

/** Returns the folder for new files: the first workspace folder, else the home folder. */
export function defaultFolder(): vscode.Uri {
  const homeFolder = process.env['HOME'] ?? process.env['USERPROFILE'] ?? '/';
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homeFolder);
}
