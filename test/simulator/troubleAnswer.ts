import { gzipSync } from 'node:zlib';
import { html, text, type Answer, type Outcome, type Slowness } from './answer';
import type { Dialect } from './dialect';
import type { Trouble } from './trouble';

/** Returns the outcome of a request for a run with a fault. `good` returns the normal response. */
export function troubleAnswer(trouble: Trouble, { dialect, id, good }: { dialect: Dialect; id: string; good: () => Outcome }): Outcome {
  switch (trouble.kind) {
    case 'slow':
      return slowed(good(), trouble);
    case 'stall':
    case 'reset':
      return trouble.kind;
    case 'lost':
      good();
      return typeof trouble.response === 'number' ? html(trouble.response) : trouble.response;
    case 'unauthorized':
      return dialect.error('tokenRefused');
    case 'forbidden':
      return dialect.error('forbidden');
    case 'notFound':
      return dialect.unknownRun(id);
    case 'serverError':
      return withStatus(dialect.error('crash'), trouble.status);
    case 'html':
      return html(trouble.status ?? 502);
    case 'throttled':
      return withHeader(dialect.error('throttled'), 'retry-after', trouble.retryAfter?.toString());
    case 'refused':
      return withStatus(dialect.error('missingInputs', trouble.sentence), trouble.status);
    case 'huge':
      return huge(trouble.mebibytes);
    case 'redirect':
      return withHeader(text(trouble.status ?? 308, ''), 'location', trouble.location);
    case 'word':
      return dialect.word(trouble.word);
  }
}

function slowed(outcome: Outcome, slow: Slowness): Outcome {
  return typeof outcome === 'object' ? { ...outcome, slow } : outcome;
}

/** Returns a short status after many blanks, which is valid JSON and compresses to a few kilobytes. */
function huge(mebibytes: number): Answer {
  const body = gzipSync(`${' '.repeat(mebibytes * 1_024 * 1_024)}{"state":"RUNNING"}`, { level: 1 });
  return { status: 200, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body };
}

function withStatus(answer: Answer, status = answer.status): Answer {
  return { ...answer, status };
}

function withHeader(answer: Answer, name: string, value: string | undefined): Answer {
  return value === undefined ? answer : { ...answer, headers: { ...answer.headers, [name]: value } };
}
