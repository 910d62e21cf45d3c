import assert from 'node:assert/strict';
import { isTroubleKind, needsToken, notSavedBecause, reachOf, sameTrouble, waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { HistoryFailure } from '#core/lib/errors';
import { troubleKinds } from '#test/support/builders';

describe('A problem kind', () => {
  it('has a scope: all hosts, one host, one deployment, one run, or none', () => {
    const reaching = (reach: ReturnType<typeof reachOf>) => troubleKinds.filter((kind) => reachOf(kind) === reach);
    assert.deepEqual(reaching('all'), ['offline']);
    assert.deepEqual(reaching('host'), ['throttled', 'nameUnknown', 'unreachable', 'certificate', 'proxy']);
    assert.deepEqual(reaching('deployment'), ['noToken', 'tokenRefused', 'moved', 'wrongAddress']);
    assert.deepEqual(reaching('run'), ['notAllowed', 'serverTrouble', 'notAnAnswer', 'tooLarge', 'refused']);
    assert.deepEqual(reaching('none'), ['notSaved']);
  });

  it('needs the user if it stops a deployment or if a retry is useless', () => {
    const needed = troubleKinds.filter(waitsForUser);
    assert.deepEqual(
      needed,
      troubleKinds.filter((kind) => reachOf(kind) === 'deployment' || /^(?:notAllowed|tooLarge|refused)$/.test(kind)),
    );
  });

  it('needs a token if the deployment has no token or rejects it', () => {
    assert.deepEqual(troubleKinds.filter(needsToken), ['noToken', 'tokenRefused']);
  });

  it('is distinguished from other stored values', () => {
    for (const word of ['offline', 'proxy']) assert.equal(isTroubleKind(word), true, word);
    for (const word of ['', 'other', 'toString', 7, undefined, ['offline']]) assert.equal(isTroubleKind(word), false, String(word));
  });
});

describe('Two problems', () => {
  const one: Trouble = { kind: 'refused', detail: 'no', retryAt: 1 };

  it('are the same if their kind, detail, and times are the same', () => {
    assert.equal(sameTrouble(one, { ...one, since: 5 }), true);
    assert.equal(sameTrouble(undefined, undefined), true);
    for (const other of [
      { ...one, kind: 'tooLarge' },
      { ...one, detail: 'never' },
      { ...one, retryAt: 2 },
      { ...one, failedAt: 1 },
      undefined,
    ] as const) {
      assert.equal(sameTrouble(one, other), false);
      assert.equal(sameTrouble(other, one), false);
    }
  });
});

describe('The problem notSaved', () => {
  it('contains the kind of a history failure, and no detail for another error', () => {
    assert.deepEqual(notSavedBecause(new HistoryFailure('diskFull')), { kind: 'notSaved', detail: 'diskFull' });
    assert.deepEqual(notSavedBecause(new Error('x')), { kind: 'notSaved' });
  });
});
