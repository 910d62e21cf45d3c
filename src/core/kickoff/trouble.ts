import { HistoryFailure } from '#core/lib/errors';

/** A problem with a request to AMP, or with storing its response. A problem never changes a run's status. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** The server's message, the origin that a deployment redirects to, or the kind of failure that prevents saving the history. */
  readonly detail?: string;
  /** The time of the next retry, in milliseconds since the epoch. */
  readonly retryAt?: number;
  /** The time when the network was lost, only for `offline`. */
  readonly since?: number;
  /** The HTTP status or error code of the failed request, such as `HTTP 500` or `ECONNREFUSED`. */
  readonly code?: string;
  /** The time of the failed request. Undefined if no request failed, as for `noToken` and `notSaved`. */
  readonly failedAt?: number;
}

/** The scope of a problem: all hosts but this machine, one origin, one deployment, one run, or none. */
export type TroubleScope = 'all' | 'host' | 'deployment' | 'run' | 'none';

const troubleScopes = {
  noToken: 'deployment',
  tokenRefused: 'deployment',
  moved: 'deployment',
  wrongAddress: 'deployment',
  throttled: 'host',
  nameUnknown: 'host',
  unreachable: 'host',
  certificate: 'host',
  proxy: 'host',
  serverTrouble: 'run',
  notAnAnswer: 'run',
  notAllowed: 'run',
  tooLarge: 'run',
  refused: 'run',
  offline: 'all',
  notSaved: 'none',
} as const satisfies Record<string, TroubleScope>;

export type TroubleKind = keyof typeof troubleScopes;

export function isTroubleKind(value: unknown): value is TroubleKind {
  return typeof value === 'string' && Object.hasOwn(troubleScopes, value);
}

/** Returns a problem's scope. After `serverTrouble` or `notAnAnswer` for three runs in a row, `HostHealth` blames the host instead. */
export function scopeOf(kind: TroubleKind): TroubleScope {
  return troubleScopes[kind];
}

/** Whether retrying is useless until the user changes something. */
export function waitsForUser(kind: TroubleKind): boolean {
  return troubleScopes[kind] === 'deployment' || kind === 'notAllowed' || kind === 'tooLarge' || kind === 'refused';
}

/** Whether the deployment has no token, or rejects it. */
export function needsToken(kind: TroubleKind): boolean {
  return kind === 'noToken' || kind === 'tokenRefused';
}

export function notSavedTrouble(error: unknown): Trouble {
  return { kind: 'notSaved', ...(error instanceof HistoryFailure && { detail: error.kind }) };
}

/** Whether two problems look the same to the user. */
export function isSameTrouble(one: Trouble | undefined, other: Trouble | undefined): boolean {
  const keys = ['kind', 'detail', 'retryAt', 'failedAt'] as const;
  return keys.every((key) => one?.[key] === other?.[key]);
}
