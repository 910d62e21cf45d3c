import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import type { Clock } from '#core/lib/types';
import { inputText, type RunInputs } from '#core/starts/attempt';
import { clean, plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { confirm, pauseAfterPress } from '#vscode/prompts/prompts';

/** The maximum number of inputs in the question, and of characters of each value. */
const limits = { inputs: 10, characters: 80 };

/** A run that is started after a question. */
export interface QuestionedRun extends RunInputs {
  /** Whether an earlier start of the same run may have succeeded. */
  readonly isRepeated?: boolean;
  /** The names of inputs from another extension that AMP would ignore without a message. */
  readonly ignored?: readonly string[];
}

/** Asks whether to start a run. The question names the deployment, the inputs, and inputs that AMP ignores. */
export async function agreesToStart(
  { board, clock }: { readonly board: KickoffList; readonly clock: Clock },
  deployment: Deployment,
  { inputs, continues, isRepeated, ignored = [] }: QuestionedRun,
): Promise<boolean> {
  // Lists `id` first, which makes AMP reuse the ID of a run. The question may not show all inputs.
  const all = Object.entries(inputs).sort(([one], [other]) => Number(other === 'id') - Number(one === 'id'));
  const first = all.slice(0, limits.inputs);
  const lines = [
    ...first.map(([name, value]) =>
      t(commandWords.nameAndValue, clean(name), clean(inputText(value), limits.characters) || t(commandWords.emptyValue)),
    ),
    ...(all.length > first.length ? [t(words.moreInputs, all.length - first.length)] : []),
  ];
  const about = lines.length === 0 ? t(commandWords.startWithoutInputs) : t(commandWords.startWithInputs, lines.join('\n'));
  const names = ignored.slice(0, limits.inputs).map((name) => clean(name));
  const warnings = [
    ...(isRepeated ? [t(commandWords.repeatDetail)] : []),
    ...(continues === undefined ? [] : [t(commandWords.continueDetail)]),
    ...(names.length === 0 ? [] : [t(commandWords.inputsIgnored, names)]),
  ];
  const detail = [...warnings, about].join('\n\n');
  const label = plain(deployment.label);
  const known = continues !== undefined && board.kickoff({ deployment: deployment.key, id: continues });
  const name = known ? plain(nameOf(known)) : (continues ?? '');
  const question = continues === undefined ? t(commandWords.startQuestion, label) : t(commandWords.continueQuestion, label, name);
  await pauseAfterPress(clock);
  return confirm(question, { detail, button: t(commandWords.startTitle), isWarning: false });
}
