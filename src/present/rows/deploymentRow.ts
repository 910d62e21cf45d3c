import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { clean } from '#present/cleanText';
import { spokenList } from '#present/names';
import { buttonContext } from '#present/troubleButton';
import { troubleInRow, troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import { cutDescription, warningIcon, type RowWithTooltip } from './kickoffRow';

interface DeploymentContext {
  readonly kickoffs: readonly Kickoff[];
  readonly trouble?: Trouble | undefined;
  /** Returns the problem of a run that isn't a problem of the whole deployment. */
  readonly troubleOf: (kickoff: Kickoff) => Trouble | undefined;
  readonly now: number;
  readonly t: Translate;
}

/** Shows a problem only while the deployment has unfinished runs, or no run and no token. Also shows problems of runs, because the row may be collapsed. */
export function deploymentRow(deployment: Deployment, { kickoffs, trouble, troubleOf, now, t }: DeploymentContext): RowWithTooltip {
  const active = kickoffs.filter(({ phase }) => !isSettled(phase));
  const isNew = kickoffs.length === 0 && trouble?.kind === 'noToken';
  const shown = active.length > 0 || isNew ? trouble : undefined;
  const count = active.filter(({ phase }) => phase.kind !== 'missing').length;
  const unread = kickoffs.filter(({ isUnread }) => isUnread).length;
  const label = clean(deployment.label);
  const problems = problemsText(active.map(troubleOf), now, t);
  const counted = [count > 0 ? t(words.activeRuns, count) : '', problems].filter(Boolean);
  const said = shown ? [troubleText(shown, now, t)] : counted;
  const unreadTold = unread > 0 ? [t(words.unreadRuns, unread)] : [];
  return {
    label,
    description: shown ? cutDescription(troubleInRow(shown, now, t)) : counted.join(' · '),
    // VS Code adds the text of the badge to the tooltip.
    whole: said.join(' · '),
    icon: shown || problems !== '' ? warningIcon : { id: 'rocket' },
    context: ['deployment', ...(active.length > 0 ? ['open'] : []), ...(unread > 0 ? ['unread'] : []), ...buttonContext(shown)].join(' '),
    ariaLabel: spokenList([label, ...said, ...unreadTold], t),
  };
}

/** Returns the problem if all active runs have the same, else the number of runs with a problem. */
function problemsText(ofRuns: readonly (Trouble | undefined)[], now: number, t: Translate): string {
  const [first, ...others] = ofRuns;
  if (first && others.every((one) => one?.kind === first.kind)) return troubleText({ kind: first.kind }, now, t);
  const count = ofRuns.filter((one) => one !== undefined).length;
  return count > 0 ? t(words.runsWithProblems, count) : '';
}
