import { statusUrl } from '#core/kickoff/deploymentUrl';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';

/** The versions of the extension, the editor, and Node.js, and the platform. */
export interface HostFacts {
  readonly version: string;
  /** The name and version of the editor, and its location: desktop, web, or remote. */
  readonly editor: string;
  /** The platform, the processor architecture, and the Node.js version. */
  readonly system: string;
}

/** The data from which `diagnostics` builds its text. */
export interface DiagnosticsParts {
  readonly kickoff: Kickoff;
  readonly url: string | undefined;
  readonly trouble: Trouble | undefined;
  readonly host: HostFacts;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly now: number;
  /** Formats a time for a bug report. */
  readonly timeText: (time: number) => string;
}

/**
 * Returns the facts about a run that help with a bug report, in English. Contains only facts that the log may contain, such as the URL, the
 * ID, and times. Texts of the server or the user are left out, because they can contain secrets.
 */
export function diagnostics({ kickoff, url = '', trouble, host, settings, now, timeText }: DiagnosticsParts): string {
  const { phase, progress, tasks } = kickoff;
  const { completed = '?', total = '?' } = progress;
  const times = { tracked: kickoff.trackedAt, started: kickoff.startedAt, response: kickoff.checkedAt, finished: kickoff.finishedAt, now };
  return [
    `Kickoffs for CrewAI AMP ${host.version}, ${host.editor}, ${host.system}`,
    `Run: ${statusUrl(url, kickoff.id)}`,
    `Status: ${phase.kind}${phase.kind === 'running' && phase.stateText !== undefined ? ' (unknown status word)' : ''}`,
    `Problem: ${trouble ? `${trouble.kind}${trouble.retryAt === undefined ? '' : `, next check ${timeText(trouble.retryAt)}`}` : 'none'}`,
    `Times: ${Object.entries(times)
      .map(([name, time]) => `${name} ${time === undefined ? '?' : timeText(time)}`)
      .join(', ')}`,
    `Tasks: ${completed} of ${total}, known ${tasks.length}, with output ${tasks.filter(({ hasOutput }) => hasOutput).length}`,
    `Output: ${kickoff.output ?? 'none'}, reported duration ${kickoff.executionSeconds ?? 'none'}, tokens used ${kickoff.totalTokens ?? 'none'}`,
    `Settings: ${Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
  ].join('\n');
}
