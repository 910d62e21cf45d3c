import assert from 'node:assert/strict';
import { changeUrlWithToken, type TokenStore } from '#core/history/moveToken';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { url } from '#test/support/builders';

const from = url('https://crew.example.com');
const beside = url('https://crew.example.com/base');
const elsewhere = url('https://other.example.com');

function kept(...pairs: readonly (readonly [DeploymentUrl, string])[]) {
  const map = new Map(pairs);
  const tokens: TokenStore = {
    get: (of) => Promise.resolve(map.get(of)),
    set: (of, token) => Promise.resolve(void map.set(of, token)),
    delete: (of) => Promise.resolve(void map.delete(of)),
  };
  return { tokens, now: () => Object.fromEntries(map) };
}

const failing = () => Promise.reject(new Error('locked'));

describe("A deployment's token", () => {
  it('goes along to another address of the same origin, and is there before the deployment is', async () => {
    const { tokens, now } = kept([from, 'secret']);
    await changeUrlWithToken(tokens, { from, to: beside }, () => {
      assert.deepEqual(now(), { [from]: 'secret', [beside]: 'secret' });
      return Promise.resolve();
    });
    assert.deepEqual(now(), { [beside]: 'secret' });
  });

  it('stays where it was when the change fails, and so does what was kept at the other address', async () => {
    const { tokens, now } = kept([from, 'secret']);
    await assert.rejects(changeUrlWithToken(tokens, { from, to: beside }, failing), /locked/);
    assert.deepEqual(now(), { [from]: 'secret' });

    const both = kept([from, 'secret'], [beside, 'another']);
    await assert.rejects(changeUrlWithToken(both.tokens, { from, to: beside }, failing), /locked/);
    assert.deepEqual(both.now(), { [from]: 'secret', [beside]: 'another' });
  });

  it('goes to no other origin, and is forgotten once the deployment is there', async () => {
    const { tokens, now } = kept([from, 'secret']);
    await assert.rejects(changeUrlWithToken(tokens, { from, to: elsewhere }, failing), /locked/);
    assert.deepEqual(now(), { [from]: 'secret' });
    await changeUrlWithToken(tokens, { from, to: elsewhere }, () => Promise.resolve());
    assert.deepEqual(now(), {});
  });

  it('stays when only the label changes, and when that fails', async () => {
    const { tokens, now } = kept([from, 'secret']);
    await changeUrlWithToken(tokens, { from, to: from }, () => Promise.resolve());
    assert.deepEqual(now(), { [from]: 'secret' });
    await assert.rejects(changeUrlWithToken(tokens, { from, to: from }, failing), /locked/);
    assert.deepEqual(now(), { [from]: 'secret' });
  });

  it('that is kept at the other address alone stays there when the change fails', async () => {
    const { tokens, now } = kept([beside, 'another']);
    await assert.rejects(changeUrlWithToken(tokens, { from, to: beside }, failing), /locked/);
    assert.deepEqual(now(), { [beside]: 'another' });
  });
});
