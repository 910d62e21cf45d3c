import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';

/** The maximum number of characters of an agent's thought. Longer thoughts are cut. */
const longestThought = 300;

/** Returns a line each for the last known agent, thought, and tool of an active run. Server text is cleaned. */
export function agentDetails({ phase, progress }: Kickoff, t: Translate): readonly string[] {
  if (isSettled(phase) || phase.kind === 'missing') return [];
  const known = [
    [words.reportAgent, clean(progress.agent ?? '')],
    [words.reportThought, clean(progress.thought ?? '', longestThought)],
    [words.reportTool, clean(progress.tool ?? '')],
  ] as const;
  return known.filter(([, text]) => text !== '').map(([pattern, text]) => t(pattern, text));
}

/**
 * Returns the number of tokens that a run has used, as text. Returns `undefined` if the number is unknown or 0, because a server that
 * reports 0 didn't count tokens.
 */
export function tokensText({ totalTokens }: Kickoff, t: Translate): string | undefined {
  if (totalTokens === undefined || totalTokens < 1) return undefined;
  return totalTokens === 1 ? t(words.reportToken) : t(words.reportTokens, totalTokens);
}

/**
 * Returns an explanation of a status that isn't obvious: not found, waiting, or unknown to the extension. Returns `undefined` for other
 * statuses.
 */
export function phaseNote({ phase, checkedAt }: Kickoff, t: Translate): string | undefined {
  if (checkedAt === undefined) return undefined;
  if (phase.kind === 'missing') return t(words.missingNote);
  if (phase.kind === 'waiting') return t(words.waitingNote);
  return phase.kind === 'running' && phase.stateText !== undefined ? t(words.unknownWordNote) : undefined;
}
