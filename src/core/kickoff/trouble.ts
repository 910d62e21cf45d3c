import { HistoryFailure } from '#core/lib/errors';

/** Why a run cannot be heard. */
export type TroubleKind =
  | 'noToken'
  | 'tokenRefused'
  | 'notAllowed'
  | 'throttled'
  | 'serverTrouble'
  | 'notAnAnswer'
  | 'moved'
  | 'wrongAddress'
  | 'nameUnknown'
  | 'unreachable'
  | 'certificate'
  | 'proxy'
  | 'tooLarge'
  | 'refused'
  | 'offline'
  | 'notSaved';

/** Why we cannot hear a run. It says nothing of what the run does. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** The server's own sentence, the address that a deployment moved to, or the kind of failure that keeps history from being saved. */
  readonly detail?: string;
  /** When it will be asked again by itself, in milliseconds since the epoch. */
  readonly retryAt?: number;
  /** When it began, in milliseconds since the epoch; of `offline` alone. */
  readonly since?: number;
}

/** What a trouble stops: everything but this machine's own addresses, everything under one origin, one deployment, one run, or nothing. */
export type Reach = 'all' | 'host' | 'deployment' | 'run' | 'none';

const reaches = {
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
} as const satisfies Record<TroubleKind, Reach>;

/** Whether a stored word is a kind of trouble. */
export function isTroubleKind(word: unknown): word is TroubleKind {
  return typeof word === 'string' && Object.hasOwn(reaches, word);
}

/** What a trouble stops as long as it is alone; three different runs with server trouble in a row make it the host's. */
export function reachOf(kind: TroubleKind): Reach {
  return reaches[kind];
}

/** Whether asking again without a change by the user is useless. */
export function waitsForUser(kind: TroubleKind): boolean {
  return reaches[kind] === 'deployment' || kind === 'notAllowed' || kind === 'tooLarge' || kind === 'refused';
}

/** The trouble of a run when what was heard of it could not be stored. */
export function notSavedBecause(error: unknown): Trouble {
  return { kind: 'notSaved', ...(error instanceof HistoryFailure && { detail: error.kind }) };
}

/** Whether nothing new is to be said. */
export function sameTrouble(one: Trouble | undefined, other: Trouble | undefined): boolean {
  return one?.kind === other?.kind && one?.detail === other?.detail && one?.retryAt === other?.retryAt;
}
