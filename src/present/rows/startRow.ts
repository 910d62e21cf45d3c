import { isUnknown, labelOf, type StartAttempt } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { spokenList } from '#present/names';
import type { FormatDate } from '#present/times';
import { troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import type { RowWithTooltip } from './kickoffRow';

/** Returns the look of a start that AMP hasn't confirmed. `whole` is the tooltip. */
export function startRow(
  attempt: StartAttempt,
  { now, t, formatDate }: { now: number; t: Translate; formatDate: FormatDate },
): RowWithTooltip {
  const { inputs = {}, problem, sentAt } = attempt;
  const label = clean(labelOf(inputs) ?? '') || t(words.newRun);
  const isOpen = !isUnknown(attempt, now);
  const state = t(isOpen ? words.starting : words.mayHaveStarted);
  const why = problem ? [troubleText(problem, now, t)] : [];
  return {
    label,
    description: [state, ...why].join(' · '),
    icon: isOpen ? { id: 'loading~spin' } : { id: 'question', color: 'charts.yellow' },
    context: isOpen ? 'start sending' : 'start unknown button-openInBrowser',
    ariaLabel: spokenList([label, state, ...why], t),
    whole: [
      t(words.runAndFacts, label, [state, ...why].join(' · ')),
      t(words.startSent, formatDate(sentAt)),
      ...(isOpen ? [] : [t(words.mayHaveStartedNote)]),
    ].join('\n'),
  };
}
