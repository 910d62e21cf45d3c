import type { LogOutputChannel } from 'vscode';
import { statusUrl } from '#core/kickoff/deploymentUrl';
import type { Source } from '#core/polling/ports';

export function traceOf(error: unknown): string {
  return error instanceof Error ? `${error.stack}${error.cause ? `\n${traceOf(error.cause)}` : ''}` : String(error);
}

export function removalLogger(log: LogOutputChannel): (removed: Promise<unknown>) => void {
  return (removed) =>
    void removed.then(
      (count) => {
        if (typeof count === 'number' && count > 0) log.info(`history.keepDays removed runs: ${count}`);
      },
      (error: unknown) => log.warn(`Failed to remove runs: ${String(error)}`),
    );
}

/** Never logs a token, a header, or a body. Skips aborted polls. */
export function withLogging(source: Source, log: LogOutputChannel): Source {
  return {
    observe: async (deployment, id, signal) => {
      const observation = await source.observe(deployment, id, signal);
      if (observation.kind === 'answered') log.debug(`Polled ${statusUrl(deployment.url, id)}: ${observation.answer.phase.kind}`);
      else if (!signal.aborted) log.warn(`Poll failed: ${statusUrl(deployment.url, id)}: ${observation.trouble.kind}`);
      return observation;
    },
  };
}
