import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HistoryFailure, type HistoryFailureKind } from '#core/lib/errors';
import { toHistoryFailure, isBusyError, isDamageAfterOpen, isDamageOnOpen, isReadOnlyError } from '#store/sqliteErrors';

/** Returns an error with the members of a node:sqlite error. `errcode` can have an extension in its higher bits. */
function sqliteError(errcode: number): Error {
  return Object.assign(new Error('from SQLite'), { code: 'ERR_SQLITE_ERROR', errcode, errstr: 'from SQLite' });
}

/** Returns an error with the members of a node:fs error. */
function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: from the disk, write`), { errno: -1, code, syscall: 'write' });
}

function nodeError(code: string): Error {
  return Object.assign(new RangeError('from Node.js'), { code });
}

/** Returns the names of the checks that match an error. */
function checksOf(error: unknown): readonly string[] {
  return Object.entries({ isBusyError, isReadOnlyError, isDamageOnOpen, isDamageAfterOpen }).flatMap(([name, is]) =>
    is(error) ? [name] : [],
  );
}

describe('An error of the run history', () => {
  const kinds: readonly (readonly [name: string, error: Error, kind: HistoryFailureKind, checks: readonly string[]])[] = [
    ['SQLITE_ERROR', sqliteError(1), 'other', ['isDamageOnOpen']],
    ['SQLITE_PERM', sqliteError(3), 'readOnly', []],
    ['SQLITE_BUSY', sqliteError(5), 'locked', ['isBusyError']],
    ['SQLITE_BUSY_SNAPSHOT', sqliteError(517), 'locked', ['isBusyError']],
    ['SQLITE_LOCKED', sqliteError(6), 'locked', ['isBusyError']],
    ['SQLITE_READONLY', sqliteError(8), 'readOnly', ['isReadOnlyError']],
    ['SQLITE_IOERR', sqliteError(10), 'other', []],
    ['SQLITE_CORRUPT', sqliteError(11), 'damaged', ['isDamageOnOpen', 'isDamageAfterOpen']],
    ['SQLITE_FULL', sqliteError(13), 'diskFull', []],
    ['SQLITE_CANTOPEN', sqliteError(14), 'readOnly', []],
    ['SQLITE_PROTOCOL', sqliteError(15), 'locked', ['isBusyError']],
    ['SQLITE_TOOBIG', sqliteError(18), 'damaged', ['isDamageOnOpen']],
    ['SQLITE_CONSTRAINT', sqliteError(19), 'other', []],
    ['SQLITE_AUTH', sqliteError(23), 'readOnly', []],
    ['SQLITE_NOTADB', sqliteError(26), 'damaged', ['isDamageOnOpen', 'isDamageAfterOpen']],
    ['ENOSPC', diskError('ENOSPC'), 'diskFull', []],
    ['EDQUOT', diskError('EDQUOT'), 'diskFull', []],
    ['EROFS', diskError('EROFS'), 'readOnly', []],
    ['EACCES', diskError('EACCES'), 'readOnly', []],
    ['EPERM', diskError('EPERM'), 'readOnly', []],
    ['EBUSY', diskError('EBUSY'), 'locked', []],
    ['EIO', diskError('EIO'), 'other', []],
    ['ERR_INVALID_STATE', nodeError('ERR_INVALID_STATE'), 'closed', []],
    ['ERR_OUT_OF_RANGE', nodeError('ERR_OUT_OF_RANGE'), 'damaged', ['isDamageOnOpen', 'isDamageAfterOpen']],
  ];
  for (const [name, error, kind, checks] of kinds)
    it(`with the code ${name} has the kind ${kind} and is matched by ${checks.join(' and ') || 'no check'}`, () => {
      const failure = toHistoryFailure(error);
      assert.ok(failure instanceof HistoryFailure);
      assert.deepEqual([failure.kind, failure.cause, checksOf(error)], [kind, error, checks]);
    });

  it('has the kind that matches its code if SQLite itself throws it', () => {
    const memory = new DatabaseSync(':memory:');
    const large = memory.prepare('SELECT 9223372036854775807');
    const hasKind = (kind: HistoryFailureKind) => (error: unknown) => (toHistoryFailure(error) as HistoryFailure).kind === kind;
    assert.throws(() => large.get(), hasKind('damaged'));
    assert.throws(() => memory.exec('PRAGMA query_only = 1; CREATE TABLE a (b)'), hasKind('readOnly'));
    memory.close();
    assert.throws(() => memory.exec('SELECT 1'), hasKind('closed'));
  });

  it('is returned unchanged if it is already a HistoryFailure', () => {
    const [locked, damaged, newer] = [new HistoryFailure('locked'), new HistoryFailure('damaged'), new HistoryFailure('newer')];
    for (const failure of [locked, damaged, newer]) assert.equal(toHistoryFailure(failure), failure);
    assert.deepEqual([locked, damaged, newer].map(checksOf), [['isBusyError'], ['isDamageOnOpen', 'isDamageAfterOpen'], []]);
  });

  it('is converted to a HistoryFailure only if SQLite or the file system caused it', () => {
    const bugs: readonly unknown[] = [
      undefined,
      null,
      'text',
      { code: 'ENOSPC', syscall: 'write' },
      { errcode: 11 },
      new TypeError('a bug'),
      Object.assign(new Error('a bug'), { code: 5, syscall: 'spawn' }),
      Object.assign(new Error('a bug'), { errcode: '11' }),
    ];
    for (const bug of bugs) assert.deepEqual([toHistoryFailure(bug) === bug, checksOf(bug)], [true, []]);
    assert.throws(
      () => readFileSync({} as string),
      (bug) => toHistoryFailure(bug) === bug,
    );
  });
});
