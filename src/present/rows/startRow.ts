import { isUnknown, labelOf, type StartAttempt } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { inputLines } from '#present/details';
import { nonEmpty, spokenList } from '#present/names';
import { troubleText } from '#present/troubleText';
import { words } from '#present/words/words';
import type { Row, TextContext } from './kickoffRow';

/** Returns the content of the row of a start that AMP hasn't confirmed. */
export function startRow(attempt: StartAttempt, { now, t }: TextContext): Row {
  const { inputs = {}, problem, sentAt } = attempt;
  const label = clean(labelOf(inputs) ?? '') || t(words.newRun);
  const isSending = !isUnknown(attempt, now);
  const facts = nonEmpty([t(isSending ? words.starting : words.mayHaveStarted), problem && troubleText(problem, now, t)]);
  const description = facts.join(' · ');
  return {
    label,
    description,
    icon: isSending ? { id: 'loading~spin' } : { id: 'question', color: 'charts.yellow' },
    context: isSending ? 'start sending' : 'start unknown button-openInBrowser',
    ariaLabel: spokenList([label, ...facts], t),
    tooltip: nonEmpty([
      t(words.runAndFacts, label, description),
      t(words.startSent, { at: sentAt }),
      !isSending && t(words.mayHaveStartedNote),
      ...inputLines(inputs, t),
    ]).join('\n'),
  };
}
