import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { reachOf, waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { words, type Translate } from '#present/words/words';
import { clean, plain } from './cleanText';
import { nameOf, phaseText, progressText, spokenList } from './names';
import { commandFor, type TroubleCommand } from './troubleButton';
import { troubleText } from './troubleText';

export interface TooltipLine {
  /** Server text, which the view must show as plain text. */
  readonly detail: string;
  readonly button?: { readonly title: string; readonly command: TroubleCommand; readonly about: KickoffRef };
}

export interface StatusBarLook {
  readonly text: string;
  readonly tooltip: readonly TooltipLine[];
  readonly ariaLabel: string;
}

export interface StatusBarContext {
  readonly troubleOf: (kickoff: Kickoff) => Trouble | undefined;
  readonly staleAt: (kickoff: Kickoff) => number;
  readonly now: number;
}

interface Run {
  readonly kickoff: Kickoff;
  readonly trouble: Trouble | undefined;
}

const mostLines = 10;

/** Returns `undefined` when no run is active. Runs that AMP doesn't find don't count as active. */
export function statusBarLook(kickoffs: readonly Kickoff[], outlook: StatusBarContext, t: Translate): StatusBarLook | undefined {
  const active = kickoffs
    .filter(({ phase }) => !isSettled(phase) && phase.kind !== 'missing')
    .map((kickoff) => ({ kickoff, trouble: outlook.troubleOf(kickoff) }));
  const [only] = active;
  if (!only) return undefined;

  const waiting = active.filter(isWaiting);
  const worst = worstOf(active);
  const current = active.find(
    ({ kickoff, trouble }) => kickoff.phase.kind === 'running' && !trouble && outlook.now < outlook.staleAt(kickoff),
  );
  const first = [...(worst ? [worst] : []), ...waiting.filter((run) => run !== worst)];
  const listed = [...first, ...active.filter((run) => !first.includes(run))].slice(0, mostLines);
  const runs = t(words.runs, active.length);
  const told = worst?.trouble ? troubleText(worst.trouble, outlook.now, t) : '';
  const isTold = waiting.length === 0 && active.every(({ trouble }) => trouble && trouble.kind === worst?.trouble?.kind);
  const counted = waiting.length > 0 ? t(words.someWaiting, waiting.length, active.length) : runs;
  const many = isTold ? t(words.runAndFacts, runs, told) : counted;
  const text = active.length === 1 ? progressSummary(only, outlook, t) : many;
  const unseen = active.length === 1 ? lastUpdated(only, outlook, t) : told === '' || isTold ? [] : [told];
  return {
    text: `${iconOf(active, { worst, current })} ${plain(text)}`,
    tooltip: [
      ...listed.map((run) => lineOf(run, run === worst, outlook, t)),
      ...(active.length > mostLines ? [{ detail: t(words.moreRuns, active.length - mostLines) }] : []),
      ...(waiting.length > 0 ? [{ detail: t(words.waitingNote) }] : []),
      { detail: t(words.clickToShow) },
    ],
    ariaLabel: t(words.spokenStatusBar, spokenList([clean(text), ...unseen], t)),
  };
}

export function idleStatusBarLook(t: Translate): StatusBarLook {
  return { text: `$(rocket) ${t(words.idle)}`, tooltip: [{ detail: t(words.clickToShow) }], ariaLabel: t(words.statusBarName) };
}

function isWaiting({ kickoff }: Run): boolean {
  return kickoff.phase.kind === 'waiting';
}

/** Problems of a deployment that the user must fix come first, then such problems of a run, then other problems. */
function worstOf(active: readonly Run[]): Run | undefined {
  const has = (isIt: (trouble: Trouble) => boolean) => active.find(({ trouble }) => trouble && isIt(trouble));
  return has(needsUser) ?? has(({ kind }) => waitsForUser(kind)) ?? has(() => true);
}

function needsUser({ kind }: Trouble): boolean {
  return reachOf(kind) === 'deployment';
}

function lineOf(run: Run, isWorst: boolean, outlook: StatusBarContext, t: Translate): TooltipLine {
  const { kickoff, trouble } = run;
  const facts = [
    progressSummary(run, outlook, t),
    ...(trouble && isWaiting(run) ? [troubleText(trouble, outlook.now, t)] : []),
    ...lastUpdated(run, outlook, t),
  ];
  const detail = t(words.runAndFacts, nameOf(kickoff), facts.join(' · '));
  const command = trouble ? isWorst && commandFor(trouble.kind) : isWaiting(run) && 'openInBrowser';
  if (!command) return { detail };
  return { detail, button: { title: t(words[command]), command, about: { deployment: kickoff.deployment, id: kickoff.id } } };
}

/** A run that waits for human input comes first, then a deployment that needs the user. Neither icon spins. */
function iconOf(active: readonly Run[], { worst, current }: { worst: Run | undefined; current: Run | undefined }): string {
  if (active.some(isWaiting)) return '$(person)';
  if (worst?.trouble && needsUser(worst.trouble)) return '$(warning)';
  if (current) return '$(loading~spin)';
  if (worst) return '$(warning)';
  return active.some(({ kickoff }) => kickoff.phase.kind === 'running') ? '$(sync-ignored)' : '$(circle-outline)';
}

function progressSummary({ kickoff, trouble }: Run, { now }: StatusBarContext, t: Translate): string {
  if (kickoff.phase.kind === 'waiting') return phaseText(kickoff, t);
  if (trouble) return troubleText(trouble, now, t);
  const { progress } = kickoff;
  const facts = [progressText(progress, t) ?? '', clean(progress.current ?? '', 40)].filter((fact) => fact !== '');
  // A fraction is clear without a separator, but a count of tasks would run into the task.
  return facts.join(progress.total === undefined ? ' · ' : ' ') || phaseText(kickoff, t);
}

function lastUpdated({ kickoff }: Run, { staleAt, now }: StatusBarContext, t: Translate): readonly string[] {
  const { checkedAt } = kickoff;
  return checkedAt !== undefined && now >= staleAt(kickoff) ? [t(words.lastUpdated, { at: checkedAt, now })] : [];
}
