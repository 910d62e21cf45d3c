import { codeOf, HistoryFailure, type HistoryFailureKind } from '#core/lib/errors';

const genericErrorCode = 1;
const readOnlyCode = 8;
const tooBigCode = 18;

/** SQLite's primary result codes, and codes of Node.js. `ERR_OUT_OF_RANGE` means damage, because no version writes such large numbers. */
const codesByKind: readonly (readonly [HistoryFailureKind, readonly (number | string)[]])[] = [
  ['locked', [5, 6, 15, 'EBUSY']],
  ['readOnly', [3, readOnlyCode, 14, 23, 'EROFS', 'EACCES', 'EPERM']],
  ['damaged', [11, tooBigCode, 26, 'ERR_OUT_OF_RANGE']],
  ['diskFull', [13, 'ENOSPC', 'EDQUOT']],
  ['closed', ['ERR_INVALID_STATE']],
];

/** Converts errors of SQLite and the disk to a `HistoryFailure`. Returns other errors unchanged. */
export function toHistoryFailure(error: unknown): unknown {
  if (error instanceof HistoryFailure) return error;
  const kind = failureKindOf(error);
  const isKnown = kind !== undefined || primaryCodeOf(error) !== undefined || (codeOf(error) !== undefined && 'syscall' in Object(error));
  return isKnown ? new HistoryFailure(kind ?? 'other', error) : error;
}

/** Whether another connection has a lock, so that a later try may succeed. */
export function isBusyError(error: unknown): boolean {
  return failureKindOf(error) === 'locked' && codeOf(error) !== 'EBUSY';
}

export function isReadOnlyError(error: unknown): boolean {
  return primaryCodeOf(error) === readOnlyCode;
}

/** Whether an error while opening a file means damage. During opening, only damage can cause an SQL error such as a missing table. */
export function isDamageOnOpen(error: unknown): boolean {
  return failureKindOf(error) === 'damaged' || primaryCodeOf(error) === genericErrorCode;
}

/** Whether an error in an open file means damage. Unlike `isDamageOnOpen`, excludes errors that bugs can cause. */
export function isDamageAfterOpen(error: unknown): boolean {
  return failureKindOf(error) === 'damaged' && !isTooBigError(error);
}

export function isTooBigError(error: unknown): boolean {
  return primaryCodeOf(error) === tooBigCode;
}

function failureKindOf(error: unknown): HistoryFailureKind | undefined {
  if (error instanceof HistoryFailure) return error.kind;
  const code = primaryCodeOf(error) ?? codeOf(error) ?? '';
  return codesByKind.find(([, kindCodes]) => kindCodes.includes(code))?.[0];
}

/** Returns SQLite's primary result code, without the bits of `errcode` that extend it. */
function primaryCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
