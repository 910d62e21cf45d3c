import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocument } from '#core/kickoff/responseBody';
import { bodyDocument } from './bodyDocument';
import { parseStatus } from './parseStatus';
import type { ReceivedAt } from './serverTime';

/** A body to parse, or to convert to a document. `at` is the time of the response that a poll received. */
export interface Job {
  readonly body: Uint8Array;
  readonly at?: ReceivedAt | undefined;
  readonly document?: BodyDocument;
}

/** Returns the result that a worker sends. After a poll, the output has only its language, because the poll doesn't need the text. */
export function jobResult({ body, at, document }: Job): Uint8Array | Answer | undefined {
  if (document) return bodyDocument(body, document);
  const answer = parseStatus(body, at);
  return answer?.output && at ? { ...answer, output: { text: '', language: answer.output.language } } : answer;
}
