import assert from 'node:assert/strict';
import { isTroubleKind, needsToken, notSavedTrouble, scopeOf, isSameTrouble, waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { HistoryFailure } from '#core/lib/errors';
import { troubleKinds } from '#test/support/builders';

describe('A problem kind', () => {
  for (const [reach, kinds] of Object.entries({
    all: ['offline'],
    host: ['throttled', 'nameUnknown', 'unreachable', 'certificate', 'proxy'],
    deployment: ['noToken', 'tokenRefused', 'moved', 'wrongAddress'],
    run: ['notAllowed', 'serverTrouble', 'notAnAnswer', 'tooLarge', 'refused'],
    none: ['notSaved'],
  }))
    it(`has the scope "${reach}" if and only if it is ${kinds.join(' or ')}`, () => {
      const found = troubleKinds.filter((kind) => scopeOf(kind) === reach);
      assert.deepEqual(found, kinds);
    });

  it('needs the user only if it stops a deployment or a retry is useless', () => {
    const needed = ['moved', 'noToken', 'notAllowed', 'refused', 'tokenRefused', 'tooLarge', 'wrongAddress'];
    assert.deepEqual(troubleKinds.filter(waitsForUser).toSorted(), needed);
  });

  it('needs a token only if the deployment has no token or rejects it', () => {
    assert.deepEqual(troubleKinds.filter(needsToken), ['noToken', 'tokenRefused']);
  });

  it('is distinguished from other stored values', () => {
    for (const word of ['offline', 'proxy']) assert.equal(isTroubleKind(word), true, word);
    for (const word of ['', 'other', 'toString', 7, undefined, ['offline']]) assert.equal(isTroubleKind(word), false, String(word));
  });
});

describe('Two problems', () => {
  const one: Trouble = { kind: 'refused', detail: 'no', retryAt: 1 };

  it('are the same only if their kind, detail, retry time, and failure time are the same', () => {
    assert.equal(isSameTrouble(one, { ...one, since: 5 }), true);
    assert.equal(isSameTrouble(undefined, undefined), true);
    for (const other of [
      { ...one, kind: 'tooLarge' },
      { ...one, detail: 'never' },
      { ...one, retryAt: 2 },
      { ...one, failedAt: 1 },
      undefined,
    ] as const) {
      assert.equal(isSameTrouble(one, other), false);
      assert.equal(isSameTrouble(other, one), false);
    }
  });
});

describe("The problem that a response can't be stored", () => {
  it('has the kind of a history failure as its detail, and no detail for other errors', () => {
    assert.deepEqual(notSavedTrouble(new HistoryFailure('diskFull')), { kind: 'notSaved', detail: 'diskFull' });
    assert.deepEqual(notSavedTrouble(new Error('x')), { kind: 'notSaved' });
  });
});
