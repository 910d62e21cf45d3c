import { codeOf, HistoryFailure, type HistoryFailureKind } from '#core/lib/errors';

const codes = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  protocol: 15,
  tooBig: 18,
  notADatabase: 26,
} as const;

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

/** The file contains a number that is too large. No version writes such a number. */
const tooLargeNumber = 'ERR_OUT_OF_RANGE';

const kindsOfCode: ReadonlyMap<string, HistoryFailureKind> = new Map([
  ['ENOSPC', 'diskFull'],
  ['EDQUOT', 'diskFull'],
  ['EROFS', 'readOnly'],
  ['EACCES', 'readOnly'],
  ['EPERM', 'readOnly'],
  ['EBUSY', 'locked'],
  ['ERR_INVALID_STATE', 'closed'],
  [tooLargeNumber, 'damaged'],
]);

/** Converts errors of SQLite and the disk to a `HistoryFailure`. Returns other errors unchanged. */
export function failureOf(error: unknown): unknown {
  const result = resultOf(error);
  if (result !== undefined) return new HistoryFailure(kindsOfResult.get(result) ?? 'other', error);
  const kind = kindsOfCode.get(codeOf(error) ?? '');
  const isOfNode = kind !== undefined || (codeOf(error) !== undefined && 'syscall' in Object(error));
  return isOfNode ? new HistoryFailure(kind ?? 'other', error) : error;
}

/** Whether another connection has a lock, so that a later try may succeed. */
export function isBusy(error: unknown): boolean {
  if (error instanceof HistoryFailure) return error.kind === 'locked';
  const result = resultOf(error);
  return result === codes.busy || result === codes.locked || result === codes.protocol;
}

export function isReadOnlyError(error: unknown): boolean {
  return resultOf(error) === codes.readOnly;
}

/** While a file is opened, only damage can cause a plain SQL error, such as a missing table. */
export function isDamage(error: unknown): boolean {
  const result = resultOf(error);
  return isCorrupt(error) || result === codes.error || result === codes.tooBig;
}

/** Unlike `isDamage`, excludes errors that may be bugs after the file was opened. */
export function isCorrupt(error: unknown): boolean {
  if (error instanceof HistoryFailure) return error.kind === 'damaged';
  const result = resultOf(error);
  if (result === undefined) return codeOf(error) === tooLargeNumber;
  return result === codes.corrupt || result === codes.notADatabase;
}

/** The higher bits extend the primary result code. */
function resultOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
