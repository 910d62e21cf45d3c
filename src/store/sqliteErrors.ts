import { HistoryFailure, type HistoryFailureKind } from '../core/errors';

const codes = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  protocol: 15,
  tooBig: 18,
  constraint: 19,
  notADatabase: 26,
} as const;

/** By SQLite's primary result code. */
const kindsOfResult: ReadonlyMap<number, HistoryFailureKind> = new Map([
  [3, 'readOnly'],
  [codes.busy, 'locked'],
  [codes.locked, 'locked'],
  [codes.readOnly, 'readOnly'],
  [codes.corrupt, 'damaged'],
  [13, 'diskFull'],
  [14, 'readOnly'],
  [codes.protocol, 'locked'],
  [codes.tooBig, 'damaged'],
  [23, 'readOnly'],
  [codes.notADatabase, 'damaged'],
]);

const kindsOfCode: ReadonlyMap<string, HistoryFailureKind> = new Map([
  ['ENOSPC', 'diskFull'],
  ['EDQUOT', 'diskFull'],
  ['EROFS', 'readOnly'],
  ['EACCES', 'readOnly'],
  ['EPERM', 'readOnly'],
  ['EBUSY', 'locked'],
  ['ERR_INVALID_STATE', 'closed'],
  // A number that no version of ours has written.
  ['ERR_OUT_OF_RANGE', 'damaged'],
]);

/** What the caller of the store is told. A failure that is neither SQLite's nor the disk's is a bug and stays what it is. */
export function failureOf(error: unknown): unknown {
  if (error instanceof HistoryFailure) return error;
  const result = resultOf(error);
  if (result !== undefined) return new HistoryFailure(kindsOfResult.get(result) ?? 'other', error);
  const code = codeOf(error);
  return code === undefined ? error : new HistoryFailure(kindsOfCode.get(code) ?? 'other', error);
}

/** Another connection holds a lock: the same may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  if (error instanceof HistoryFailure) return error.kind === 'locked';
  const result = resultOf(error);
  return result === codes.busy || result === codes.locked || result === codes.protocol;
}

/** The table does not take such values. */
export function isRefused(error: unknown): boolean {
  return resultOf(error) === codes.constraint;
}

/** The connection is one that only reads. */
export function cannotWrite(error: unknown): boolean {
  return resultOf(error) === codes.readOnly;
}

/**
 * The file is not a database that we can read. Only true of failures while it is opened: there even a plain SQL error,
 * such as a table that is missing, can have no cause but the file.
 */
export function isDamage(error: unknown): boolean {
  const result = resultOf(error);
  return (
    (error instanceof HistoryFailure && error.kind === 'damaged') ||
    result === codes.error ||
    result === codes.corrupt ||
    result === codes.tooBig ||
    result === codes.notADatabase
  );
}

/** Result codes that say of a page that it is none: true at any time, unlike `isDamage`. */
export const damages: readonly number[] = [codes.corrupt, codes.notADatabase];

export function isCorrupt(error: unknown): boolean {
  const result = resultOf(error);
  return result === undefined ? kindsOfCode.get(codeOf(error) ?? '') === 'damaged' : damages.includes(result);
}

/** SQLite's primary result code, without the extension in the higher bits. */
function resultOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return 'syscall' in error || kindsOfCode.has(error.code) ? error.code : undefined;
}
