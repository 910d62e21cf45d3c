import type { Kickoff } from '#core/kickoff/kickoff';
import { sortMembers } from '#core/lib/sortedJson';
import type { Inputs } from '#core/starts/attempt';
import { plain } from '#present/cleanText';
import { elapsed } from '#present/times';
import { commandWords } from '#present/words/commandWords';
import { words, type Translate } from '#present/words/words';

/** The maximum number of names in a message, and of characters of each. */
const most = { names: 5, characters: 40 };

export interface ComparedRun {
  readonly kickoff: Kickoff;
  readonly name: string;
  /** Undefined if they aren't known. */
  readonly inputs: Inputs | undefined;
}

/** The result of comparing the inputs of two runs. */
export interface InputComparison {
  readonly message: string;
  readonly areSame: boolean;
}

/** Returns which inputs differ, with duration and tokens used of both runs. Undefined if the inputs of neither run are known. */
export function inputComparison(one: ComparedRun, other: ComparedRun, now: number, t: Translate): InputComparison | undefined {
  if (!one.inputs && !other.inputs) return undefined;
  const unknown = [one, other].find(({ inputs }) => !inputs);
  const names = differing(one.inputs ?? {}, other.inputs ?? {});
  const sentence = unknown
    ? t(commandWords.inputsUnknown, unknown.name)
    : names.length === 0
      ? t(commandWords.inputsSame)
      : t(commandWords.inputsDiffer, shortened(names, t));
  return { message: withTokens(withDuration(sentence, one, other, now, t), one, other, t), areSame: !unknown && names.length === 0 };
}

/** Returns the names of inputs that only one run has, or whose values differ. The order of members of an object doesn't matter. */
function differing(one: Inputs, other: Inputs): readonly string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const valueOf = (inputs: Inputs, name: string) => (Object.hasOwn(inputs, name) ? sortMembers(JSON.stringify(inputs[name])) : undefined);
  return names.filter((name) => valueOf(one, name) !== valueOf(other, name));
}

function shortened(names: readonly string[], t: Translate): readonly string[] {
  const shown = names.slice(0, most.names).map((name) => plain(name, most.characters) || '""');
  const more = names.length - shown.length;
  return more > 0 ? [...shown, t(words.moreNames, more)] : shown;
}

function withDuration(message: string, one: ComparedRun, other: ComparedRun, now: number, t: Translate): string {
  const [first, second] = [elapsed(one.kickoff, now, t), elapsed(other.kickoff, now, t)];
  return first === undefined || second === undefined ? message : t(commandWords.comparedDurations, message, first, second);
}

/** A server that reports 0 tokens didn't count them. */
function withTokens(message: string, one: ComparedRun, other: ComparedRun, t: Translate): string {
  const [first = 0, second = 0] = [one.kickoff.totalTokens, other.kickoff.totalTokens];
  return first < 1 || second < 1 ? message : t(commandWords.comparedTokens, message, first, second);
}
