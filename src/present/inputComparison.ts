import type { Kickoff } from '#core/kickoff/kickoff';
import { sortMembers } from '#core/lib/sortedJson';
import type { Inputs } from '#core/starts/attempt';
import { firstUniqueNames } from '#present/names';
import { elapsedText } from '#present/times';
import { commandWords } from '#present/words/commandWords';
import type { Translate } from '#present/words/words';

const maxListedNames = 5;

export interface ComparedRun {
  readonly kickoff: Kickoff;
  readonly name: string;
  readonly inputs: Inputs | undefined;
}

/** Returns a message about the inputs that differ, with both runs' durations and tokens used. Undefined if no inputs are known. */
export function inputComparison(firstRun: ComparedRun, secondRun: ComparedRun, now: number, t: Translate) {
  if (!firstRun.inputs && !secondRun.inputs) return undefined;
  const runWithoutInputs = [firstRun, secondRun].find(({ inputs }) => !inputs);
  const names = differingNames(firstRun.inputs ?? {}, secondRun.inputs ?? {});
  const areSame = !runWithoutInputs && names.length === 0;
  const comparison = areSame ? t(commandWords.inputsSame) : t(commandWords.inputsDiffer, firstUniqueNames(names, maxListedNames, t));
  const sentence = runWithoutInputs ? t(commandWords.inputsUnknown, runWithoutInputs.name) : comparison;
  return { message: withDurationsAndTokens(sentence, firstRun.kickoff, secondRun.kickoff, now, t), areSame };
}

/** Returns the names of inputs that only one run has, or whose values differ. The order of members of an object doesn't matter. */
function differingNames(one: Inputs, other: Inputs): readonly string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const valueOf = (inputs: Inputs, name: string) => (Object.hasOwn(inputs, name) ? sortMembers(JSON.stringify(inputs[name])) : undefined);
  return names.filter((name) => valueOf(one, name) !== valueOf(other, name));
}

/** Adds the durations and the tokens used, if both runs have them. A server that reports 0 tokens didn't count tokens. */
function withDurationsAndTokens(sentence: string, one: Kickoff, other: Kickoff, now: number, t: Translate): string {
  const [first, second] = [elapsedText(one, now, t), elapsedText(other, now, t)];
  const sentenceWithDurations =
    first === undefined || second === undefined ? sentence : t(commandWords.comparedDurations, sentence, first, second);
  const [tokens = 0, otherTokens = 0] = [one.totalTokens, other.totalTokens];
  return tokens < 1 || otherTokens < 1 ? sentenceWithDurations : t(commandWords.comparedTokens, sentenceWithDurations, tokens, otherTokens);
}
