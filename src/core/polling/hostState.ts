import { scopeOf, type Trouble } from '#core/kickoff/trouble';
import { backOffMs } from '#core/lib/backOff';
import type { Random } from '#core/lib/types';

/** The maximum wait for `Retry-After`, even if the system clock was set back after the response. */
export const maxRetryAfterMs = 24 * 3_600_000;
const minThrottleMs = 60_000;
const minRunsToBlameHost = 3;
/** The number of failures in a row after which the wait is never shorter than the back-off, even if `Retry-After` is. */
const maxShortWaits = 2;

export type HostState =
  | { readonly kind: 'healthy' }
  /** `runKeys` are the runs with a server error or an invalid response since the host's last poll with another result. */
  | { readonly kind: 'suspected'; readonly runKeys: readonly string[] }
  /** The host gets one probe at a time, and the next one at `retryAt`. */
  | { readonly kind: 'failing'; readonly failures: number; readonly trouble: Trouble & { readonly retryAt: number } }
  /** The network is back, and the host hasn't responded since. */
  | { readonly kind: 'unproven' };

export type FailingHost = Extract<HostState, { kind: 'failing' }>;

export const healthyHost: HostState = { kind: 'healthy' };

/** A poll's result. No `runKey` if the run's previous poll failed too. No `trouble` if AMP returned a status or didn't find the run. */
export interface PollOutcome {
  readonly runKey: string | undefined;
  readonly trouble: Trouble | undefined;
  readonly now: number;
}

/** Returns a host's state after a poll that sent a request. */
export function nextHostState(state: HostState, { runKey, trouble, now }: PollOutcome, random: Random): HostState {
  if (state.kind === 'failing' && now < state.trouble.retryAt) return stateAfterLateResult(state, trouble, now);
  if (!trouble || !blamesHost(trouble)) return healthyHost;
  if (isHostOrRunTrouble(trouble) && state.kind !== 'failing') {
    const keysBefore = state.kind === 'suspected' ? state.runKeys : [];
    const runKeys = runKey === undefined || keysBefore.includes(runKey) ? keysBefore : [...keysBefore, runKey];
    if (runKeys.length < minRunsToBlameHost) return { kind: 'suspected', runKeys };
  }
  const failures = state.kind === 'failing' ? state.failures + 1 : 1;
  return { kind: 'failing', failures, trouble: { ...trouble, retryAt: probeTime(trouble, failures, now, random) } };
}

/** Returns the state after a request sent before the host failed. Its result can start or prolong throttling, or end another problem. */
function stateAfterLateResult(host: FailingHost, trouble: Trouble | undefined, now: number): HostState {
  const isThrottled = host.trouble.kind === 'throttled';
  if (trouble?.kind === 'throttled') {
    const { retryAt = now + minThrottleMs } = trouble;
    return isThrottled && host.trouble.retryAt >= retryAt ? host : { ...host, trouble: { ...trouble, retryAt } };
  }
  return isThrottled || (trouble && blamesHost(trouble)) ? host : healthyHost;
}

function probeTime({ kind, retryAt }: Trouble, failures: number, now: number, random: Random): number {
  const waitMs = backOffMs(failures, random);
  if (retryAt === undefined) return now + (kind === 'throttled' ? Math.max(minThrottleMs, waitMs) : waitMs);
  return failures > maxShortWaits ? Math.max(retryAt, now + waitMs) : retryAt;
}

function blamesHost(trouble: Trouble): boolean {
  return isHostOrRunTrouble(trouble) || scopeOf(trouble.kind) === 'host';
}

function isHostOrRunTrouble({ kind }: Trouble): boolean {
  return kind === 'serverTrouble' || kind === 'notAnAnswer';
}
