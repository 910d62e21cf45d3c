import { isUnknown, labelOf, type StartAttempt } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { spokenList } from '#present/names';
import type { FormatDate } from '#present/times';
import { troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import { inputLines } from './inputLines';
import type { Row } from './kickoffRow';

/** Returns the content of the row of a start that AMP hasn't confirmed. */
export function startRow(attempt: StartAttempt, { now, t, formatDate }: { now: number; t: Translate; formatDate: FormatDate }): Row {
  const { inputs = {}, problem, sentAt } = attempt;
  const label = clean(labelOf(inputs) ?? '') || t(words.newRun);
  const isOpen = !isUnknown(attempt, now);
  const facts = [t(isOpen ? words.starting : words.mayHaveStarted), ...(problem ? [troubleText(problem, now, t)] : [])];
  const description = facts.join(' · ');
  return {
    label,
    description,
    icon: isOpen ? { id: 'loading~spin' } : { id: 'question', color: 'charts.yellow' },
    context: isOpen ? 'start sending' : 'start unknown button-openInBrowser',
    ariaLabel: spokenList([label, ...facts], t),
    tooltip: [
      t(words.runAndFacts, label, description),
      t(words.startSent, formatDate(sentAt)),
      ...(isOpen ? [] : [t(words.mayHaveStartedNote)]),
      ...inputLines(inputs, t),
    ].join('\n'),
  };
}
