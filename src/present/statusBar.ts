import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { reachOf, waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { words, type Translate } from '#present/words/words';
import { clean, plain } from './cleanText';
import { nameOf, nonEmpty, phaseText, progressText, spokenList } from './names';
import { buttonCommands, troubleText, type TroubleCommand } from './troubleText';

export interface TooltipLine {
  /** The text of the line. May contain server text, so it must be shown as plain text. */
  readonly detail: string;
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

const maxLines = 10;

/** Returns the content of the status bar item. Undefined if no run is active. Runs that AMP doesn't find don't count as active. */
export function statusBarContent(kickoffs: readonly Kickoff[], context: StatusBarContext) {
  const { now, t } = context;
  const active = kickoffs
    .filter(({ phase }) => !isSettled(phase) && phase.kind !== 'missing')
    .map((kickoff) => ({ kickoff, trouble: context.troubleOf(kickoff) }));
  const [only] = active;
  if (!only) return undefined;

  const waiting = active.filter(isWaiting);
  const worst = worstRun(active);
  const listedRuns = [...new Set([...(worst ? [worst] : []), ...waiting, ...active])].slice(0, maxLines);
  const runs = t(words.runs, active.length);
  const problem = worst?.trouble ? troubleText(worst.trouble, now, t) : '';
  const isShared = waiting.length === 0 && active.every(({ trouble }) => trouble && trouble.kind === worst?.trouble?.kind);
  const counts = waiting.length > 0 ? t(words.someWaiting, waiting.length, active.length) : runs;
  const summary = isShared ? t(words.runAndFacts, runs, problem) : counts;
  const text = active.length === 1 ? progressSummary(only, context) : summary;
  const hiddenFact = active.length === 1 ? lastUpdated(only, context) : isShared ? '' : problem;
  return {
    text: `${iconOf(active, worst, context)} ${plain(text)}`,
    tooltip: [
      ...listedRuns.map((run) => tooltipLine(run, run === worst, context)),
      ...(active.length > maxLines ? [{ detail: t(words.moreRuns, active.length - maxLines) }] : []),
      ...(waiting.length > 0 ? [{ detail: t(words.waitingNote) }] : []),
      { detail: t(words.clickToShow) },
    ],
    ariaLabel: t(words.spokenStatusBar, spokenList(nonEmpty([clean(text), hiddenFact]), t)),
  };
}

export function idleStatusBarContent(t: Translate) {
  return { text: `$(rocket) ${t(words.idle)}`, tooltip: [{ detail: t(words.clickToShow) }], ariaLabel: t(words.statusBarName) };
}

function isWaiting({ kickoff }: ActiveRun): boolean {
  return kickoff.phase.kind === 'waiting';
}

/** Returns the run with the most important problem: a deployment's that the user must fix, a run's that the user must fix, or any other. */
function worstRun(active: readonly ActiveRun[]): ActiveRun | undefined {
  const findRun = (matches: (trouble: Trouble) => boolean) => active.find(({ trouble }) => trouble && matches(trouble));
  return findRun(({ kind }) => reachOf(kind) === 'deployment') ?? findRun(({ kind }) => waitsForUser(kind)) ?? findRun(() => true);
}

function tooltipLine(run: ActiveRun, isWorst: boolean, context: StatusBarContext): TooltipLine {
  const { kickoff, trouble } = run;
  const { now, t } = context;
  const facts = nonEmpty([
    progressSummary(run, context),
    trouble && isWaiting(run) && troubleText(trouble, now, t),
    lastUpdated(run, context),
  ]);
  const detail = t(words.runAndFacts, nameOf(kickoff), facts.join(' · '));
  const command = trouble ? isWorst && buttonCommands[trouble.kind] : isWaiting(run) && 'openInBrowser';
  if (!command) return { detail };
  return { detail, button: { title: t(words[command]), command, run: { deployment: kickoff.deployment, id: kickoff.id } } };
}

/** Returns the icon for all active runs. Waiting for human input comes first, then a deployment's problem that the user must fix. */
function iconOf(active: readonly ActiveRun[], worst: ActiveRun | undefined, { staleAt, now }: StatusBarContext): string {
  if (active.some(isWaiting)) return '$(person)';
  if (worst?.trouble && reachOf(worst.trouble.kind) === 'deployment') return '$(warning)';
  const running = active.filter(({ kickoff }) => kickoff.phase.kind === 'running');
  if (running.some(({ kickoff, trouble }) => !trouble && now < staleAt(kickoff))) return '$(loading~spin)';
  if (worst) return '$(warning)';
  return running.length > 0 ? '$(sync-ignored)' : '$(circle-outline)';
}

function progressSummary({ kickoff, trouble }: ActiveRun, { now, t }: StatusBarContext): string {
  if (kickoff.phase.kind === 'waiting') return phaseText(kickoff, t);
  if (trouble) return troubleText(trouble, now, t);
  const { progress } = kickoff;
  const facts = nonEmpty([progressText(progress, t), clean(progress.current ?? '', 40)]);
  // A fraction is clear without a separator, but a count of tasks would run into the task.
  return facts.join(progress.total === undefined ? ' · ' : ' ') || phaseText(kickoff, t);
}

function lastUpdated({ kickoff }: ActiveRun, { staleAt, now, t }: StatusBarContext): string {
  const { checkedAt } = kickoff;
  return checkedAt !== undefined && now >= staleAt(kickoff) ? t(words.lastUpdated, { at: checkedAt, now }) : '';
}
