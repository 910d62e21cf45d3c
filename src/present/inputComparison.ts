import type { Kickoff } from '#core/kickoff/kickoff';
import { sortMembers } from '#core/lib/sortedJson';
import type { Inputs } from '#core/starts/attempt';
import { firstUniqueNames } from '#present/names';
import { runDurationText } from '#present/times';
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
  const runWithUnknownInputs = [firstRun, secondRun].find(({ inputs }) => !inputs);
  const names = differingNames(firstRun.inputs ?? {}, secondRun.inputs ?? {});
  const areInputsSame = !runWithUnknownInputs && names.length === 0;
  const comparison = areInputsSame ? t(commandWords.inputsSame) : t(commandWords.inputsDiffer, firstUniqueNames(names, maxListedNames, t));
  const sentence = runWithUnknownInputs ? t(commandWords.inputsUnknown, runWithUnknownInputs.name) : comparison;
  return { message: withDurationsAndTokens(sentence, firstRun.kickoff, secondRun.kickoff, now, t), areInputsSame };
}

/** Returns the names of inputs that only one run has, or whose values differ. The order of an object's members doesn't matter. */
function differingNames(firstInputs: Inputs, secondInputs: Inputs): readonly string[] {
  const names = [...new Set([...Object.keys(firstInputs), ...Object.keys(secondInputs)])];
  const valueOf = (inputs: Inputs, name: string) => (Object.hasOwn(inputs, name) ? sortMembers(JSON.stringify(inputs[name])) : undefined);
  return names.filter((name) => valueOf(firstInputs, name) !== valueOf(secondInputs, name));
}

/** Adds the durations and the tokens used, if both runs have them. A server that reports 0 tokens didn't count tokens. */
function withDurationsAndTokens(sentence: string, kickoff: Kickoff, otherKickoff: Kickoff, now: number, t: Translate): string {
  const [duration, otherDuration] = [runDurationText(kickoff, now, t), runDurationText(otherKickoff, now, t)];
  const sentenceWithDurations =
    duration === undefined || otherDuration === undefined ? sentence : t(commandWords.comparedDurations, sentence, duration, otherDuration);
  const [tokens = 0, otherTokens = 0] = [kickoff.totalTokens, otherKickoff.totalTokens];
  return tokens < 1 || otherTokens < 1 ? sentenceWithDurations : t(commandWords.comparedTokens, sentenceWithDurations, tokens, otherTokens);
}
