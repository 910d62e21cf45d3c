import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { scopeOf, waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { words, type Translate } from '#present/words/words';
import { clean, defuse } from './cleanText';
import { nameOf, nonEmpty, phaseText, progressText, spokenList, withSteps } from './names';
import { buttonCommands, troubleText, type TroubleCommand } from './troubleText';

export interface TooltipLine {
  /** May contain server text, so callers must show it as plain text. */
  readonly text: string;
  readonly button?: { readonly title: string; readonly command: TroubleCommand; readonly run: KickoffRef };
}

interface StatusBarContext {
  readonly troubleOf: (kickoff: Kickoff) => Trouble | undefined;
  readonly staleAt: (kickoff: Kickoff) => number;
  readonly now: number;
  readonly t: Translate;
}

interface ActiveRun {
  readonly kickoff: Kickoff;
  readonly trouble: Trouble | undefined;
}

const maxListedRuns = 10;

/** Returns the content of the status bar item. Undefined if no run is active. Runs that AMP doesn't find don't count as active. */
export function statusBarContent(kickoffs: readonly Kickoff[], context: StatusBarContext) {
  const { now, t } = context;
  const activeRuns = kickoffs
    .filter(({ phase }) => !isSettled(phase) && phase.kind !== 'missing')
    .map((kickoff) => ({ kickoff, trouble: context.troubleOf(kickoff) }));
  const [firstRun] = activeRuns;
  if (!firstRun) return undefined;

  const waitingRuns = activeRuns.filter(isWaiting);
  const worstRun = findWorstRun(activeRuns);
  const listedRuns = [...new Set([...(worstRun ? [worstRun] : []), ...waitingRuns, ...activeRuns])].slice(0, maxListedRuns);
  const runsText = t(words.runs, activeRuns.length);
  const problem = worstRun?.trouble ? troubleText(worstRun.trouble, now, t) : '';
  const isSameProblem = waitingRuns.length === 0 && activeRuns.every(({ trouble }) => trouble && trouble.kind === worstRun?.trouble?.kind);
  const countsText = waitingRuns.length > 0 ? t(words.someWaiting, waitingRuns.length, activeRuns.length) : runsText;
  const summary = isSameProblem ? t(words.runAndFacts, runsText, problem) : countsText;
  const text = activeRuns.length === 1 ? runSummary(firstRun, context) : summary;
  const hiddenFact = activeRuns.length === 1 ? lastUpdatedText(firstRun, context) : isSameProblem ? '' : problem;
  return {
    text: `${iconOf(activeRuns, worstRun, context)} ${defuse(text)}`,
    tooltip: [
      ...listedRuns.map((run) => tooltipLine(run, run === worstRun, context)),
      ...(activeRuns.length > maxListedRuns ? [{ text: t(words.moreRuns, activeRuns.length - maxListedRuns) }] : []),
      ...(waitingRuns.length > 0 ? [{ text: t(words.waitingNote) }] : []),
      { text: t(words.clickToShow) },
    ],
    ariaLabel: t(words.spokenStatusBar, spokenList(nonEmpty([clean(text), hiddenFact]), t)),
  };
}

export function idleStatusBarContent(t: Translate) {
  return { text: `$(rocket) ${t(words.idle)}`, tooltip: [{ text: t(words.clickToShow) }], ariaLabel: t(words.statusBarName) };
}

function isWaiting({ kickoff }: ActiveRun): boolean {
  return kickoff.phase.kind === 'waiting';
}

/** Returns the first run with a problem of its deployment, else with another problem that the user must fix, else with any problem. */
function findWorstRun(activeRuns: readonly ActiveRun[]): ActiveRun | undefined {
  const findRun = (matches: (trouble: Trouble) => boolean) => activeRuns.find(({ trouble }) => trouble && matches(trouble));
  return findRun(({ kind }) => scopeOf(kind) === 'deployment') ?? findRun(({ kind }) => waitsForUser(kind)) ?? findRun(() => true);
}

function tooltipLine(run: ActiveRun, isWorstRun: boolean, context: StatusBarContext): TooltipLine {
  const { kickoff, trouble } = run;
  const { now, t } = context;
  const facts = nonEmpty([
    runSummary(run, context),
    trouble && isWaiting(run) && troubleText(trouble, now, t),
    lastUpdatedText(run, context),
  ]);
  const text = t(words.runAndFacts, nameOf(kickoff), facts.join(' · '));
  const command = trouble ? isWorstRun && buttonCommands[trouble.kind] : isWaiting(run) && 'openInBrowser';
  if (!command) return { text };
  return { text, button: { title: t(words[command]), command, run: { deployment: kickoff.deployment, id: kickoff.id } } };
}

/** Returns the icon for all active runs. Waiting for human input comes first, then a deployment's problem that the user must fix. */
function iconOf(activeRuns: readonly ActiveRun[], worstRun: ActiveRun | undefined, { staleAt, now }: StatusBarContext): string {
  if (activeRuns.some(isWaiting)) return '$(person)';
  if (worstRun?.trouble && scopeOf(worstRun.trouble.kind) === 'deployment') return '$(warning)';
  const runningRuns = activeRuns.filter(({ kickoff }) => kickoff.phase.kind === 'running');
  if (runningRuns.some(({ kickoff, trouble }) => !trouble && now < staleAt(kickoff))) return '$(loading~spin)';
  if (worstRun) return '$(warning)';
  return runningRuns.length > 0 ? '$(sync-ignored)' : '$(circle-outline)';
}

function runSummary({ kickoff, trouble }: ActiveRun, { now, t }: StatusBarContext): string {
  if (kickoff.phase.kind === 'waiting') return phaseText(kickoff, t);
  if (trouble) return troubleText(trouble, now, t);
  const { progress } = kickoff;
  const facts = nonEmpty([progressText(progress, withSteps(kickoff, t)), clean(progress.current ?? '', 40)]);
  // A fraction is clear without a separator, but a count of tasks would run into the task.
  return facts.join(progress.total === undefined ? ' · ' : ' ') || phaseText(kickoff, t);
}

function lastUpdatedText({ kickoff }: ActiveRun, { staleAt, now, t }: StatusBarContext): string {
  const { checkedAt } = kickoff;
  return checkedAt !== undefined && now >= staleAt(kickoff) ? t(words.lastUpdated, { at: checkedAt, now }) : '';
}
