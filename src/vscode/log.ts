import type { LogOutputChannel } from 'vscode';
import { statusUrl } from '#core/kickoff/deploymentUrl';
import type { Source } from '#core/polling/ports';

/** Returns a function that logs unexpected errors that can't be shown to the user. */
export function errorLogger(log: LogOutputChannel): (error: unknown) => void {
  return (error) => log.error(traceOf(error));
}

/** Returns the stack of an error and of its causes. */
export function traceOf(error: unknown): string {
  return error instanceof Error ? `${error.stack}${error.cause ? `\n${traceOf(error.cause)}` : ''}` : String(error);
}

/** Returns a function that logs the number of runs removed because of their age, or the error. No caller waits for a removal. */
export function removalLogger(log: LogOutputChannel): (removed: Promise<unknown>) => void {
  return (removed) =>
    void removed.then(
      (count) => {
        if (typeof count === 'number' && count > 0) log.info(`history.keepDays removed runs: ${count}`);
      },
      (error: unknown) => log.warn(`Failed to remove runs: ${String(error)}`),
    );
}

/** Wraps a source, and logs the result of each poll: URL, ID, and status or problem. Never logs a token, a header, or a body. */
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
