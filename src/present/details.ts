import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { inputText, type Inputs } from '#core/starts/attempt';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';
import { nonEmpty } from './names';
import { troubleDetails } from './troubleText';

const maxThoughtLength = 300;
/** The maximum number of inputs in a tooltip, and of characters in an input's name and value. */
const inputLimits = { count: 3, nameLength: 40, valueLength: 80 };

/** Returns the lines that tooltip and report share: the details of a problem, then an active run's agent, thought, and tool. */
export function runDetails(kickoff: Kickoff, trouble: Trouble | undefined, t: Translate): readonly string[] {
  const { phase, progress } = kickoff;
  const agent = clean(progress.agent ?? '');
  const thought = clean(progress.thought ?? '', maxThoughtLength);
  const tool = clean(progress.tool ?? '');
  const showsProgress = !isSettled(phase) && phase.kind !== 'missing';
  return nonEmpty([
    ...troubleDetails(trouble, t),
    showsProgress && agent !== '' && t(words.reportAgent, agent),
    showsProgress && thought !== '' && t(words.reportThought, thought),
    showsProgress && tool !== '' && t(words.reportTool, tool),
  ]);
}

/** Returns the text for the tokens used. Undefined for 0, because a server that reports 0 didn't count tokens. */
export function tokensText({ totalTokens }: Kickoff, t: Translate): string | undefined {
  if (totalTokens === undefined || totalTokens < 1) return undefined;
  return totalTokens === 1 ? t(words.reportToken) : t(words.reportTokens, totalTokens);
}

/** Returns an explanation of a status that users may not understand, else `undefined`. */
export function phaseExplanation({ phase, checkedAt }: Kickoff, t: Translate): string | undefined {
  if (checkedAt === undefined) return undefined;
  if (phase.kind === 'missing') return t(words.missingNote);
  if (phase.kind === 'waiting') return t(words.waitingNote);
  return phase.kind === 'running' && phase.stateText !== undefined ? t(words.unknownWordNote) : undefined;
}

/** Returns the lines for the first inputs of a run. The lines contain text of users, so callers must show them as plain text. */
export function inputLines(inputs: Inputs, t: Translate): readonly string[] {
  const entries = Object.entries(inputs);
  const lines = entries
    .slice(0, inputLimits.count)
    .map(([name, value]) => t(words.inputAndValue, clean(name, inputLimits.nameLength), clean(inputText(value), inputLimits.valueLength)));
  const otherCount = entries.length - lines.length;
  return otherCount > 0 ? [...lines, t(words.moreInputs, otherCount)] : lines;
}
