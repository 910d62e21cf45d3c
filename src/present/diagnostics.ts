import { statusUrl } from '#core/kickoff/deploymentUrl';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import type { Inputs } from '#core/starts/attempt';
import { defuse } from './cleanText';
import { nonEmpty } from './names';

const maxListedInputs = 50;
const maxInputNameLength = 60;

export interface DiagnosticsParts {
  readonly kickoff: Kickoff;
  readonly url: string | undefined;
  readonly trouble: Trouble | undefined;
  readonly inputs: Inputs | undefined;
  /** `editor` contains the editor's name, its version, and where it runs: desktop, web, or remote. */
  readonly environment: { readonly extensionVersion: string; readonly editor: string; readonly system: string };
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly now: number;
  readonly timeText: (time: number) => string;
}

/** Returns facts for a bug report, in English. Contains the names of inputs, but no other free text, which could contain secrets. */
export function diagnostics({ kickoff, url = '', trouble, inputs, environment, settings, now, timeText }: DiagnosticsParts): string {
  const { phase, progress, tasks } = kickoff;
  const { completed = '?', total = '?' } = progress;
  const times = { tracked: kickoff.trackedAt, started: kickoff.startedAt, response: kickoff.checkedAt, finished: kickoff.finishedAt, now };
  const timeTexts = Object.entries(times).map(([name, time]) => `${name} ${time === undefined ? '?' : timeText(time)}`);
  const settingTexts = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  const inputNames = inputs && Object.keys(inputs).slice(0, maxListedInputs);
  const inputNamesText = inputNames?.map((name) => defuse(name, maxInputNameLength) || '""').join(', ') ?? 'unknown';
  return [
    `Kickoffs for CrewAI AMP ${environment.extensionVersion}, ${environment.editor}, ${environment.system}`,
    `Run: ${statusUrl(url, kickoff.id)}`,
    `Status: ${phase.kind}${phase.kind === 'running' && phase.stateText !== undefined ? ' (unknown status word)' : ''}`,
    `Problem: ${trouble ? troubleFactsText(trouble, timeText) : 'none'}`,
    `Times: ${timeTexts.join(', ')}`,
    `Tasks: ${completed} of ${total}, known ${tasks.length}, with output ${tasks.filter(({ hasOutput }) => hasOutput).length}`,
    `Output: ${kickoff.output ?? 'none'}, reported duration ${kickoff.executionSeconds ?? 'none'}, tokens used ${kickoff.totalTokens ?? 'none'}`,
    `Inputs: ${inputNamesText || 'none'}`,
    `Settings: ${settingTexts.join(', ')}`,
  ].join('\n');
}

function troubleFactsText({ kind, code, failedAt, retryAt }: Trouble, timeText: (time: number) => string): string {
  return nonEmpty([
    code === undefined ? kind : `${kind} (${code})`,
    failedAt !== undefined && `failed ${timeText(failedAt)}`,
    retryAt !== undefined && `next check ${timeText(retryAt)}`,
  ]).join(', ');
}
