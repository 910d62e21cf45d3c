import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';

const longestThought = 300;

export function agentDetails({ phase, progress }: Kickoff, t: Translate): readonly string[] {
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

export function phaseNote({ phase, checkedAt }: Kickoff, t: Translate): string | undefined {
  if (checkedAt === undefined) return undefined;
  if (phase.kind === 'missing') return t(words.missingNote);
  if (phase.kind === 'waiting') return t(words.waitingNote);
  return phase.kind === 'running' && phase.stateText !== undefined ? t(words.unknownWordNote) : undefined;
}
