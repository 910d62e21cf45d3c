import type * as vscode from 'vscode';
import type { Deployment } from '#core/kickoff/deployment';
import type { Clock } from '#core/lib/types';
import { inputText, type Inputs, type RunInputs } from '#core/starts/attempt';
import { clean, defuse } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import type { CommandParts } from '#vscode/commands/arguments';
import { t } from '#vscode/l10n';
import { answerOrButton, ask, Back, confirm, pauseAfterPress } from '#vscode/prompts/prompts';

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

/** Whether an input box preserves a value. A box removes line breaks, and turns other JSON values into text, which flows reject. */
export function canEditInBox(value: unknown): boolean {
  return typeof value === 'string' && !/[\r\n]/.test(value);
}

/** Asks for one input after the other. The last box stays open until `closePrompt`. Throws `Canceled` or `OtherWay`, like `ask`. */
export async function askForInputs(form: InputForm) {
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
        prompt: t(index < names.length - 1 ? commandWords.enterInput : commandWords.enterLastInput, defuse(name), defuse(deployment.label)),
        placeholder: t(commandWords.inputPlaceholder),
        value,
        otherWay,
        // Contains the prompt, too, because VS Code shows an objection instead of the prompt.
        ...(message !== undefined && { objection: t(commandWords.enterInputAgain, message, defuse(name), defuse(deployment.label)) }),
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
  // The user may have accepted boxes without changes, or too fast to have read their values.
  return { inputs: Object.fromEntries(entered), mayBeUnread: isUnchanged || isHasty };
}

/** The maximum number of inputs in the question, and of characters of each value. */
const questionLimits = { inputs: 10, characters: 80 };

/** A run that is started after a question. */
export interface QuestionedRun extends RunInputs {
  /** Whether an earlier start of the same run may have succeeded. */
  readonly isRepeated?: boolean;
  /** The names of inputs from another extension that AMP would ignore without a message. */
  readonly ignored?: readonly string[];
}

/** Asks whether to start a run. The question names the deployment, the inputs, and inputs that AMP ignores. */
export async function agreesToStart({ board, clock }: CommandParts, deployment: Deployment, run: QuestionedRun): Promise<boolean> {
  const { inputs, continues, isRepeated, ignored = [] } = run;
  // Lists `id` first, which makes AMP reuse the ID of a run. The question may not show all inputs.
  const all = Object.entries(inputs).sort(([one], [other]) => Number(other === 'id') - Number(one === 'id'));
  const first = all.slice(0, questionLimits.inputs);
  const lines = [
    ...first.map(([name, value]) =>
      t(commandWords.nameAndValue, clean(name), clean(inputText(value), questionLimits.characters) || t(commandWords.emptyValue)),
    ),
    ...(all.length > first.length ? [t(words.moreInputs, all.length - first.length)] : []),
  ];
  const about = lines.length === 0 ? t(commandWords.startWithoutInputs) : t(commandWords.startWithInputs, lines.join('\n'));
  const names = ignored.slice(0, questionLimits.inputs).map((name) => clean(name));
  const warnings = [
    ...(isRepeated ? [t(commandWords.repeatDetail)] : []),
    ...(continues === undefined ? [] : [t(commandWords.continueDetail)]),
    ...(names.length === 0 ? [] : [t(commandWords.inputsIgnored, names)]),
  ];
  const detail = [...warnings, about].join('\n\n');
  const label = defuse(deployment.label);
  const known = continues !== undefined && board.kickoff({ deployment: deployment.key, id: continues });
  const name = known ? defuse(nameOf(known)) : (continues ?? '');
  const question = continues === undefined ? t(commandWords.startQuestion, label) : t(commandWords.continueQuestion, label, name);
  await pauseAfterPress(clock);
  return confirm(question, { detail, button: t(commandWords.startTitle), isWarning: false });
}
