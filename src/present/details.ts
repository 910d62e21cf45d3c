import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';

/** Characters of a thought that are shown. */
const longestThought = 300;

/** Returns the last known agent, thought, and tool of an active run, each with its name. They are server text, on one clean line. */
export function agentDetails({ phase, progress }: Kickoff, t: Translate): readonly (readonly [string, string])[] {
  if (isSettled(phase) || phase.kind === 'missing') return [];
  const known = [
    [t(words.reportAgent), clean(progress.agent ?? '')],
    [t(words.reportThought), clean(progress.thought ?? '', longestThought)],
    [t(words.reportTool), clean(progress.tool ?? '')],
  ] as const;
  return known.filter(([, text]) => text !== '');
}

/** Returns how many tokens a run has used. Undefined for 0: a server that reports 0 didn't count. */
export function tokensText({ totalTokens }: Kickoff, t: Translate): string | undefined {
  return totalTokens === undefined || totalTokens < 1 ? undefined : t(words.reportTokens, totalTokens.toLocaleString('en'));
}

/** Returns an explanation of the statuses that need one. */
export function phaseNote({ phase, checkedAt }: Kickoff, t: Translate): string | undefined {
  if (checkedAt === undefined) return undefined;
  if (phase.kind === 'missing') return t(words.missingNote);
  if (phase.kind === 'waiting') return t(words.waitingNote);
  return phase.kind === 'running' && phase.stateText !== undefined ? t(words.unknownWordNote) : undefined;
}
