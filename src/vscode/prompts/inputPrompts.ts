import type * as vscode from 'vscode';
import type { Deployment } from '#core/kickoff/deployment';
import type { Clock } from '#core/lib/types';
import { inputText, type Inputs } from '#core/starts/attempt';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { ask, Back, orBack } from './prompts';

/** The maximum number of characters of a value. */
const longestValue = 100_000;

export interface InputForm {
  readonly deployment: Deployment;
  readonly names: readonly string[];
  /** The values that the boxes contain first. */
  readonly values: Inputs;
  /** A message for the first box, or for the box of an input. */
  readonly objection?: { readonly message: string; readonly name?: string | undefined };
  /** Called with all values after each change, even if the user cancels later. */
  readonly onDidType: (values: Inputs) => void;
  readonly otherWay: vscode.QuickInputButton;
  /** Called if the user accepts a box before reading it. */
  readonly onHasty?: () => void;
  readonly clock: Pick<Clock, 'now'>;
}

/** Returns whether a box leaves a value unchanged. A box removes line breaks, and turns other JSON values into text, which flows reject. */
export function fitsBox(value: unknown): boolean {
  return typeof value === 'string' && !/[\r\n]/.test(value);
}

/** Returns the text of a value in its box. Empty if the value is missing. */
export function enteredText(values: Inputs, name: string): string {
  return Object.hasOwn(values, name) ? inputText(values[name]) : '';
}

/** Asks for one input after the other. The last box stays open until `closePrompt`. Throws `Canceled` on Escape, and `OtherWay`. */
export async function askForInputs({
  deployment,
  names,
  values,
  objection,
  onDidType,
  otherWay,
  onHasty,
  clock,
}: InputForm): Promise<Inputs> {
  // A map, because a name may be `__proto__`.
  const entered = new Map(names.map((name) => [name, enteredText(values, name)]));
  const first = names.indexOf(objection?.name ?? '');
  let message = objection?.message;
  for (let index = Math.max(0, first); index < names.length;) {
    const name = names[index] ?? '';
    const answer = await orBack(
      ask({
        title: t(commandWords.startTitle),
        // A single box has no step number.
        ...(names.length > 1 && { step: index + 1, totalSteps: names.length }),
        staysOpen: true,
        clock,
        ...(onHasty && { onHasty }),
        prompt: t(index < names.length - 1 ? commandWords.enterInput : commandWords.enterLastInput, plain(name), plain(deployment.label)),
        placeholder: t(commandWords.inputPlaceholder),
        value: entered.get(name) ?? '',
        otherWay,
        // VS Code shows an objection instead of the prompt.
        ...(message !== undefined && { objection: t(commandWords.enterInputAgain, message, plain(name), plain(deployment.label)) }),
        onDidType: (text) => {
          entered.set(name, text);
          onDidType(Object.fromEntries(entered));
        },
        check: (text) => (text.length > longestValue ? t(commandWords.inputTooLong, longestValue) : undefined),
      }),
    );
    message = undefined;
    if (answer instanceof Back) {
      index -= 1;
      continue;
    }
    entered.set(name, answer);
    onDidType(Object.fromEntries(entered));
    index += 1;
  }
  return Object.fromEntries(entered);
}
