import type { Kickoff } from '../core/kickoff';
import { plain } from './clean';
import { nameOf } from './naming';
import { words, type Translate } from './words';

/** What is told once of a run that ended: our own sentence around a cleaned name, for the text of a notice is parsed for command links. */
export function noticeText(kickoff: Kickoff, t: Translate): string {
  const name = plain(nameOf(kickoff));
  if (kickoff.phase.kind === 'failed') return t(words.endedFailed, name);
  return t(kickoff.phase.kind === 'stopped' ? words.endedStopped : words.endedSucceeded, name);
}
