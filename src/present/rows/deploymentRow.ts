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
  readonly now: number;
  readonly t: Translate;
}

/** Shows a problem only while the deployment has unfinished runs. */
export function deploymentRow(deployment: Deployment, { kickoffs, trouble, now, t }: DeploymentContext): RowWithTooltip {
  const active = kickoffs.filter(({ phase }) => !isSettled(phase));
  const shown = active.length > 0 ? trouble : undefined;
  const count = active.filter(({ phase }) => phase.kind !== 'missing').length;
  const unread = kickoffs.filter(({ isUnread }) => isUnread).length;
  const label = clean(deployment.label);
  const counted = count > 0 ? t(words.activeRuns, count) : '';
  const said = [shown ? troubleText(shown, now, t) : counted, unread > 0 ? t(words.unreadRuns, unread) : ''].filter(Boolean);
  return {
    label,
    description: shown ? cutDescription(troubleInRow(shown, now, t)) : counted,
    whole: said.join(' · '),
    icon: shown ? warningIcon : { id: 'rocket' },
    context: ['deployment', ...(active.length > 0 ? ['open'] : []), ...(unread > 0 ? ['unread'] : []), ...buttonContext(shown)].join(' '),
    ariaLabel: spokenList([label, ...said], t),
  };
}
