import { UserFacingError } from '../core/errors';

const sentences = {
  diskFull: 'History cannot be saved: the disk is full.',
  readOnly: 'History cannot be saved: its folder is read-only.',
  locked: 'History cannot be saved: another program keeps it locked.',
  damaged: 'History cannot be read: its file is damaged.',
  damagedAnswer: 'The stored answer of this run is damaged.',
  newer: 'History was written by a newer version of this extension. Update the extension to see it.',
  unavailable: 'History cannot be saved: this editor has no SQLite.',
  closed: 'History is closed: this window is going away.',
  other: 'History cannot be saved. See the log.',
} as const;

type StoreFailureKind = keyof typeof sentences;

/** Why something could not be kept or found again; its cause is for the log. */
export class StoreFailure extends UserFacingError {
  constructor(
    readonly kind: StoreFailureKind,
    cause?: unknown,
  ) {
    super(sentences[kind], { cause });
  }
}

const codes = { error: 1, busy: 5, locked: 6, corrupt: 11, protocol: 15, notADatabase: 26 } as const;

/** By SQLite's primary result code. */
const kindsOfResult: ReadonlyMap<number, StoreFailureKind> = new Map([
  [3, 'readOnly'],
  [codes.busy, 'locked'],
  [codes.locked, 'locked'],
  [8, 'readOnly'],
  [codes.corrupt, 'damaged'],
  [13, 'diskFull'],
  [14, 'readOnly'],
  [codes.protocol, 'locked'],
  [23, 'readOnly'],
  [codes.notADatabase, 'damaged'],
]);

const kindsOfCode: ReadonlyMap<string, StoreFailureKind> = new Map([
  ['ENOSPC', 'diskFull'],
  ['EDQUOT', 'diskFull'],
  ['EROFS', 'readOnly'],
  ['EACCES', 'readOnly'],
  ['EPERM', 'readOnly'],
  ['EBUSY', 'locked'],
  ['ERR_INVALID_STATE', 'closed'],
]);

/** What the caller of the store is told. A failure that is neither SQLite's nor the disk's is a bug and stays what it is. */
export function failureOf(error: unknown): unknown {
  if (error instanceof StoreFailure) return error;
  const result = resultOf(error);
  if (result !== undefined) return new StoreFailure(kindsOfResult.get(result) ?? 'other', error);
  const code = codeOf(error);
  return code === undefined ? error : new StoreFailure(kindsOfCode.get(code) ?? 'other', error);
}

/** Another connection holds a lock: the same may succeed a moment later. */
export function isBusy(error: unknown): boolean {
  const result = resultOf(error);
  return result === codes.busy || result === codes.locked || result === codes.protocol;
}

/**
 * The file is not a database that we can read. Only true of failures while it is opened: there even a plain SQL error,
 * such as a table that is missing, can have no cause but the file.
 */
export function isDamage(error: unknown): boolean {
  const result = resultOf(error);
  return (
    (error instanceof StoreFailure && error.kind === 'damaged') ||
    result === codes.error ||
    result === codes.corrupt ||
    result === codes.notADatabase
  );
}

/** SQLite's primary result code, without the extension in the higher bits. */
function resultOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return 'syscall' in error || kindsOfCode.has(error.code) ? error.code : undefined;
}
