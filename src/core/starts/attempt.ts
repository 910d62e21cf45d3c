import type { DeploymentKey } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Trouble } from '#core/kickoff/trouble';
import { defined } from '#core/lib/defined';

/** The inputs of a run by name, as JSON values. A crew turns every value into text. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Returns a JSON object as inputs; undefined for any other value. */
export function asInputs(value: unknown): Inputs | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Inputs) : undefined;
}

/** Returns a text unchanged, and any other value as JSON. */
export function inputText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The inputs that the user chooses for a new run, and the run that the new run continues. */
export interface RunInputs {
  readonly inputs: Inputs;
  /** The earlier run whose state the new run continues. Only flows have a state. */
  readonly continues?: KickoffId | undefined;
}

/** A start without a response that says whether AMP started the run. Stored before the request is sent. */
export interface StartAttempt {
  readonly deployment: DeploymentKey;
  /** Undefined if the setting `history.keepInputs` was off at the start. */
  readonly inputs?: Inputs;
  /** A UUID. AMP returns it in the status of the run, as `meta.requestId` of the last task. */
  readonly requestId: string;
  /** The earlier run whose state the new run continues. Only flows have a state. */
  readonly continues?: KickoffId;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Why the result is unknown. Undefined while the sending window waits for the response, or if that window was closed. */
  readonly problem?: Trouble;
}

/** A start with the inputs to send, even if they aren't stored. */
export type StartRequest = StartAttempt & { readonly inputs: Inputs };

/** The result of a request to start a run. `unknown` means that AMP may have started the run. */
export type StartResult =
  | { readonly kind: 'started'; readonly id: KickoffId }
  | { readonly kind: 'notStarted'; readonly trouble: Trouble; readonly missingInputs: readonly string[] }
  | { readonly kind: 'unknown'; readonly trouble: Trouble };

/** The maximum time for which a window waits for the response to a start. */
export const startTimeoutMs = 60_000;

/** Whether the start has a problem, or its response is overdue, as after the window that sent the request was closed. */
export function hasUnknownResult({ problem, sentAt }: StartAttempt, now: number): boolean {
  return problem !== undefined || Math.abs(now - sentAt) > 2 * startTimeoutMs;
}

/** Adds an attempt's data to its run. A run that finished before tracking becomes unread, because the user waits for its end. */
export function startedKickoff(kickoff: Kickoff, { inputs = {}, continues }: StartAttempt): Kickoff {
  const hasFinishedBeforeTracking = isSettled(kickoff.phase) && kickoff.finishedAt === undefined;
  return {
    ...kickoff,
    isStarted: true,
    ...defined({ inputLabel: inputLabelOf(inputs), continues }),
    ...(hasFinishedBeforeTracking && { finishedAt: kickoff.trackedAt, isUnread: true }),
  };
}

const maxLabelLength = 40;

/** Returns the first text or number that is short and on one line. It names the run unless the user sets a label. */
export function inputLabelOf(inputs: Inputs): string | undefined {
  return Object.values(inputs)
    .map((value) => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''))
    .find((text) => text !== '' && text.length <= maxLabelLength && !/[\r\n\u2028\u2029]/.test(text));
}
