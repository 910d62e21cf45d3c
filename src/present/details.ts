import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';
import type { FormatDate } from './times';
import { troubleDetails } from './troubleText';

const longestThought = 300;

/** Returns the lines that tooltip and report share: the next step after a problem, then agent, thought, and tool of an active run. */
export function runDetails(kickoff: Kickoff, trouble: Trouble | undefined, formatDate: FormatDate, t: Translate): readonly string[] {
  return [...troubleDetails(trouble, formatDate, t), ...agentDetails(kickoff, t)];
}

function agentDetails({ phase, progress }: Kickoff, t: Translate): readonly string[] {
  if (isSettled(phase) || phase.kind === 'missing') return [];
  const known = [
    [words.reportAgent, clean(progress.agent ?? '')],
    [words.reportThought, clean(progress.thought ?? '', longestThought)],
    [words.reportTool, clean(progress.tool ?? '')],
  ] as const;
  return known.filter(([, text]) => text !== '').map(([pattern, text]) => t(pattern, text));
}

/** Returns `undefined` for 0, because a server that reports 0 didn't count tokens. */
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
