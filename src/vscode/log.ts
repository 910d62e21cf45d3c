import type { LogOutputChannel } from 'vscode';
import { statusUrl } from '#core/kickoff/deploymentUrl';
import type { LoggedPoll } from '#core/polling/pollRecorder';
import { utcText } from './clock';

/** Returns the stack traces of an error and of its causes. */
export function stackTraceOf(error: unknown): string {
  return error instanceof Error ? `${error.stack}${error.cause ? `\n${stackTraceOf(error.cause)}` : ''}` : String(error);
}

/** Returns a function that logs a poll: the status, or the problem and the time of the next poll. Never logs tokens, headers, or bodies. */
export function pollLogger(log: Pick<LogOutputChannel, 'debug' | 'warn'>): (poll: LoggedPoll) => void {
  return ({ deployment, id, observation, nextAt }) => {
    const requestLine = `GET ${statusUrl(deployment.url, id)}`;
    if (observation.kind === 'answered') {
      log.debug(`${requestLine}: ${observation.answer.phase.kind}`);
      return;
    }
    const { kind, code } = observation.trouble;
    const problem = code === undefined ? kind : `${code} (${kind})`;
    log.warn(`${requestLine}: ${problem}, ${nextAt === undefined ? 'no next check' : `next check ${utcText(nextAt)}`}`);
  };
}
