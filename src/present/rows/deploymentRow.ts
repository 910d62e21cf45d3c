import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { clean } from '#present/cleanText';
import { spokenList } from '#present/names';
import type { FormatDate } from '#present/times';
import { buttonContext } from '#present/troubleButton';
import { troubleDetails, troubleInRow, troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import { cutDescription, warningIcon, type Row } from './kickoffRow';

interface DeploymentContext {
  readonly kickoffs: readonly Kickoff[];
  readonly trouble?: Trouble | undefined;
  /** Returns the problem of a run that isn't a problem of the whole deployment. */
  readonly troubleOf: (kickoff: Kickoff) => Trouble | undefined;
  readonly now: number;
  readonly formatDate: FormatDate;
  readonly t: Translate;
}

/** Shows a problem only while the deployment has unfinished runs, or no run and no token. Also shows problems of runs, because the row may be collapsed. */
export function deploymentRow(deployment: Deployment, { kickoffs, trouble, troubleOf, now, formatDate, t }: DeploymentContext): Row {
  const active = kickoffs.filter(({ phase }) => !isSettled(phase));
  const isNew = kickoffs.length === 0 && trouble?.kind === 'noToken';
  const current = active.length > 0 || isNew ? trouble : undefined;
  const count = active.filter(({ phase }) => phase.kind !== 'missing').length;
  const unread = kickoffs.filter(({ isUnread }) => isUnread).length;
  const label = clean(deployment.label);
  const problems = problemsText(active.map(troubleOf), now, t);
  const counts = [count > 0 ? t(words.activeRuns, count) : '', problems].filter(Boolean);
  const facts = current ? [troubleText(current, now, t)] : counts;
  return {
    label,
    description: current ? cutDescription(troubleInRow(current, now, t)) : counts.join(' · '),
    // VS Code adds the text of the badge.
    tooltip: [facts.join(' · '), ...troubleDetails(active.length > 0 ? trouble : undefined, formatDate, t), deployment.url]
      .filter(Boolean)
      .join('\n'),
    icon: current || problems !== '' ? warningIcon : { id: 'rocket' },
    context: ['deployment', ...(active.length > 0 ? ['open'] : []), ...(unread > 0 ? ['unread'] : []), ...buttonContext(current)].join(' '),
    ariaLabel: spokenList([label, ...facts, ...(unread > 0 ? [t(words.unreadRuns, unread)] : [])], t),
  };
}

/** Returns the problem if all active runs have the same, else the number of runs with a problem. */
function problemsText(ofRuns: readonly (Trouble | undefined)[], now: number, t: Translate): string {
  const [first, ...others] = ofRuns;
  if (first && others.every((one) => one?.kind === first.kind)) return troubleText({ kind: first.kind }, now, t);
  const count = ofRuns.filter((one) => one !== undefined).length;
  return count > 0 ? t(words.runsWithProblems, count) : '';
}
