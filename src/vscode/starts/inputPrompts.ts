import type * as vscode from 'vscode';
import type { Deployment } from '#core/kickoff/deployment';
import type { Clock } from '#core/lib/types';
import { inputText, type Inputs } from '#core/starts/attempt';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { ask, Back, answerOrButton } from '#vscode/prompts/prompts';

/** The maximum number of characters of a value. */
const longestValue = 100_000;
/** The minimum time that a user needs to read a box. The second Enter of a double press comes sooner. */
const leastReadMs = 300;

/** The boxes for the inputs of one run. */
export interface InputForm {
  readonly deployment: Deployment;
  readonly names: readonly string[];
  /** The values that the boxes contain first. */
  readonly values: Inputs;
  /** A message for the first box, or for the box of an input. */
  readonly objection?: { readonly message: string; readonly name?: string | undefined } | undefined;
  /** Called with all values after each change, even if the user cancels later. */
  readonly onDidType: (values: Inputs) => void;
  readonly otherWay: vscode.QuickInputButton;
  readonly clock: Pick<Clock, 'now'>;
}

/** The inputs that the user entered in a form. */
export interface EnteredInputs {
  readonly inputs: Inputs;
  /** Whether the user changed no value, or accepted a box too fast to have read its value. */
  readonly mayBeUnread: boolean;
}

/** Whether an input box preserves a value. A box removes line breaks, and turns other JSON values into text, which flows reject. */
export function canEditInBox(value: unknown): boolean {
  return typeof value === 'string' && !/[\r\n]/.test(value);
}

/** Asks for one input after the other. The last box stays open until `closePrompt`. Throws `Canceled` or `OtherWay`, like `ask`. */
export async function askForInputs(form: InputForm): Promise<EnteredInputs> {
  const { deployment, names, values, objection, onDidType, otherWay, clock } = form;
  // A map, because a name may be `__proto__`.
  const proposed = new Map(names.map((name) => [name, Object.hasOwn(values, name) ? inputText(values[name]) : '']));
  const entered = new Map(proposed);
  let isHasty = false;
  const objectionIndex = names.indexOf(objection?.name ?? '');
  let message = objection?.message;
  for (let index = Math.max(0, objectionIndex); index < names.length;) {
    const name = names[index] ?? '';
    const [value, openedAt] = [entered.get(name) ?? '', clock.now()];
    const answer = await answerOrButton(
      ask({
        title: t(commandWords.startTitle),
        // A single box has no step number.
        ...(names.length > 1 && { step: index + 1, totalSteps: names.length }),
        staysOpen: true,
        prompt: t(index < names.length - 1 ? commandWords.enterInput : commandWords.enterLastInput, plain(name), plain(deployment.label)),
        placeholder: t(commandWords.inputPlaceholder),
        value,
        otherWay,
        // Contains the prompt, too, because VS Code shows an objection instead of the prompt.
        ...(message !== undefined && { objection: t(commandWords.enterInputAgain, message, plain(name), plain(deployment.label)) }),
        onDidType: (text) => {
          entered.set(name, text);
          onDidType(Object.fromEntries(entered));
        },
        check: (text) => (text.length > longestValue ? t(commandWords.inputTooLong, longestValue) : undefined),
      }),
      Back,
    );
    message = undefined;
    if (answer instanceof Back) {
      index -= 1;
      continue;
    }
    isHasty ||= answer === value && clock.now() - openedAt < leastReadMs;
    entered.set(name, answer);
    onDidType(Object.fromEntries(entered));
    index += 1;
  }
  const isUnchanged = names.every((name) => entered.get(name) === proposed.get(name));
  return { inputs: Object.fromEntries(entered), mayBeUnread: isUnchanged || isHasty };
}
