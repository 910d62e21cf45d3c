import type { LogOutputChannel } from 'vscode';
import { statusUrl } from '#core/kickoff/deploymentUrl';
import type { LoggedPoll } from '#core/polling/pollResults';
import { utcText } from './clock';

export function traceOf(error: unknown): string {
  return error instanceof Error ? `${error.stack}${error.cause ? `\n${traceOf(error.cause)}` : ''}` : String(error);
}

/** Logs a poll with its HTTP status or error code. Never logs a token, a header, or a body. */
export function pollLogger(log: Pick<LogOutputChannel, 'debug' | 'warn'>): (poll: LoggedPoll) => void {
  return ({ deployment, id, observation, next }) => {
    const request = `GET ${statusUrl(deployment.url, id)}`;
    if (observation.kind === 'answered') {
      log.debug(`${request}: ${observation.answer.phase.kind}`);
      return;
    }
    const { kind, code } = observation.trouble;
    const result = code === undefined ? kind : `${code} (${kind})`;
    log.warn(`${request}: ${result}, ${next === undefined ? 'no next check' : `next check ${utcText(next)}`}`);
  };
}
