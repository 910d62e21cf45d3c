import type * as vscode from 'vscode';
import type { Deployment } from '#core/kickoff/deployment';
import { inputText, type Inputs, type RunInputs } from '#core/starts/attempt';
import { clean, defuse } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import type { CommandParts } from '#vscode/commands/arguments';
import { t } from '#vscode/l10n';
import { answerOrError, askForText, BackSelected, confirm } from '#vscode/prompts/prompts';

const maxValueLength = 100_000;

/** The boxes for the inputs of one run. */
export interface InputForm {
  readonly deployment: Deployment;
  readonly names: readonly string[];
  /** The values that the boxes contain first. */
  readonly values: Inputs;
  /** A message for the box that opens first: the box of `inputName`, or else the first box. */
  readonly firstWarning?: { readonly message: string; readonly inputName?: string | undefined } | undefined;
  /** Called with all values after each change, even if the user cancels later. */
  readonly onDidType: (values: Inputs) => void;
  readonly otherWayButton: vscode.QuickInputButton;
}

/** Whether an input box preserves a value. A box replaces line breaks, and returns a number or list as text, which a flow would reject. */
export function canEditInBox(value: unknown): boolean {
  return typeof value === 'string' && !/[\r\n]/.test(value);
}

/** Asks for each input in a box. The last box stays open until `closeAnsweredPrompt`. Throws `CanceledError` or `OtherWaySelected`. */
export async function askForInputs(form: InputForm) {
  const { deployment, names, values, firstWarning, onDidType, otherWayButton } = form;
  // A map, because a name may be `__proto__`.
  const proposedTexts = new Map(names.map((name) => [name, Object.hasOwn(values, name) ? inputText(values[name]) : '']));
  const enteredTexts = new Map(proposedTexts);
  const warningIndex = names.indexOf(firstWarning?.inputName ?? '');
  let warning = firstWarning?.message;
  for (let index = Math.max(0, warningIndex); index < names.length;) {
    const name = names[index] ?? '';
    const value = enteredTexts.get(name) ?? '';
    const answer = await answerOrError(
      askForText({
        title: t(commandWords.startTitle),
        // A single box has no step number.
        ...(names.length > 1 && { step: index + 1, totalSteps: names.length }),
        staysOpen: true,
        prompt: t(index < names.length - 1 ? commandWords.enterInput : commandWords.enterLastInput, defuse(name), defuse(deployment.label)),
        placeholder: t(commandWords.inputPlaceholder),
        value,
        otherWayButton,
        // Repeats the prompt, because VS Code shows a validation message instead of the prompt.
        ...(warning !== undefined && { firstWarning: t(commandWords.enterInputAgain, warning, defuse(name), defuse(deployment.label)) }),
        onDidType: (text) => {
          enteredTexts.set(name, text);
          onDidType(Object.fromEntries(enteredTexts));
        },
        validate: (text) => (text.length > maxValueLength ? t(commandWords.inputTooLong, maxValueLength) : undefined),
      }),
      BackSelected,
    );
    warning = undefined;
    if (answer instanceof BackSelected) {
      index -= 1;
      continue;
    }
    enteredTexts.set(name, answer);
    onDidType(Object.fromEntries(enteredTexts));
    index += 1;
  }
  const lastName = names.at(-1) ?? '';
  // The last Enter may be the repeat of a key that is held down, or come from another extension, unless the user typed before it.
  return { inputs: Object.fromEntries(enteredTexts), mayBeUnread: enteredTexts.get(lastName) === proposedTexts.get(lastName) };
}

/** The maximum number of inputs in the question, and of characters of each value. */
const questionLimits = { inputs: 10, valueLength: 80 };

/** The inputs of a run to start, and the reasons for warnings in the question before the start. */
export interface RunToStart extends RunInputs {
  /** Whether an earlier start of the same run may have succeeded. */
  readonly isRepeated?: boolean;
  /** The names of the inputs that another extension passed, but that AMP would silently ignore. */
  readonly ignoredNames?: readonly string[];
}

/** Asks whether to start a run. The question contains the deployment's label, the inputs, and warnings. */
export async function confirmStart({ board }: CommandParts, deployment: Deployment, run: RunToStart): Promise<boolean> {
  const { inputs, continues, isRepeated, ignoredNames = [] } = run;
  // The question may not show all inputs. Lists `id` first, because this input makes AMP reuse the ID of a run.
  const entries = Object.entries(inputs).sort(([one], [other]) => Number(other === 'id') - Number(one === 'id'));
  const shownEntries = entries.slice(0, questionLimits.inputs);
  const lines = [
    ...shownEntries.map(([name, value]) =>
      t(commandWords.nameAndValue, clean(name), clean(inputText(value), questionLimits.valueLength) || t(commandWords.emptyValue)),
    ),
    ...(entries.length > shownEntries.length ? [t(words.moreInputs, entries.length - shownEntries.length)] : []),
  ];
  const inputsDetail = lines.length === 0 ? t(commandWords.startWithoutInputs) : t(commandWords.startWithInputs, lines.join('\n'));
  const shownIgnoredNames = ignoredNames.slice(0, questionLimits.inputs).map((name) => clean(name));
  const warnings = [
    ...(isRepeated ? [t(commandWords.repeatDetail)] : []),
    ...(continues === undefined ? [] : [t(commandWords.continueDetail)]),
    ...(shownIgnoredNames.length === 0 ? [] : [t(commandWords.inputsIgnored, shownIgnoredNames)]),
  ];
  const detail = [...warnings, inputsDetail].join('\n\n');
  const label = defuse(deployment.label);
  const continuedRun = continues !== undefined && board.kickoff({ deployment: deployment.key, id: continues });
  const runName = continuedRun ? defuse(nameOf(continuedRun)) : (continues ?? '');
  const question = continues === undefined ? t(commandWords.startQuestion, label) : t(commandWords.continueQuestion, label, runName);
  return confirm(question, { detail, button: t(commandWords.startTitle), isWarning: false });
}
