import { isSettled, type Kickoff } from '../core/kickoff';
import { clean } from './clean';
import { words, type Translate } from './words';

/** A thought may be long; its beginning says what it is about. */
const longestThought = 300;

/** What an open run was last heard to be about, each with what it is called. It is a server's text, on one clean line. */
export function doing({ phase, progress }: Kickoff, t: Translate): readonly (readonly [string, string])[] {
  if (isSettled(phase) || phase.kind === 'missing') return [];
  const known = [
    [t(words.reportAgent), clean(progress.agent ?? '')],
    [t(words.reportThought), clean(progress.thought ?? '', longestThought)],
    [t(words.reportTool), clean(progress.tool ?? '')],
  ] as const;
  return known.filter(([, text]) => text !== '');
}

/** How many tokens a run has used, so far or in all; a server that says none has not counted. */
export function tokensText({ totalTokens }: Kickoff, t: Translate): string | undefined {
  return totalTokens === undefined || totalTokens < 1 ? undefined : t(words.reportTokens, totalTokens.toLocaleString('en'));
}

/** What a state means that does not explain itself. */
export function phaseNote({ phase, checkedAt }: Kickoff, t: Translate): string | undefined {
  if (checkedAt === undefined) return undefined;
  if (phase.kind === 'missing') return t(words.missingNote);
  if (phase.kind === 'waiting') return t(words.waitingNote);
  return phase.kind === 'running' && phase.stateText !== undefined ? t(words.unknownWordNote) : undefined;
}
