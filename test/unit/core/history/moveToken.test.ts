import assert from 'node:assert/strict';
import { changeUrlWithToken, type TokenStore } from '#core/history/moveToken';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { url } from '#test/support/builders';

const from = url('https://crew.example.com');
const beside = url('https://crew.example.com/base');
const elsewhere = url('https://other.example.com');

function tokenStore(...pairs: readonly (readonly [DeploymentUrl, string])[]) {
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
  it('moves to another URL of the same origin, and is stored there before the deployment changes', async () => {
    const { tokens, now } = tokenStore([from, 'secret']);
    await changeUrlWithToken(tokens, { from, to: beside }, () => {
      assert.deepEqual(now(), { [from]: 'secret', [beside]: 'secret' });
      return Promise.resolve();
    });
    assert.deepEqual(now(), { [beside]: 'secret' });
  });

  it('stays at its URL if the change fails, even if only the new URL has a token', async () => {
    const { tokens, now } = tokenStore([from, 'secret']);
    await assert.rejects(changeUrlWithToken(tokens, { from, to: beside }, failing), /locked/);
    assert.deepEqual(now(), { [from]: 'secret' });

    for (const pairs of [[[from, 'secret'] as const, [beside, 'another'] as const], [[beside, 'another'] as const]]) {
      const { tokens: both, now: left } = tokenStore(...pairs);
      await assert.rejects(changeUrlWithToken(both, { from, to: beside }, failing), /locked/);
      assert.deepEqual(left(), Object.fromEntries(pairs));
    }
  });

  it('is not moved to another origin, but deleted after the change of the URL', async () => {
    const { tokens, now } = tokenStore([from, 'secret']);
    await assert.rejects(changeUrlWithToken(tokens, { from, to: elsewhere }, failing), /locked/);
    assert.deepEqual(now(), { [from]: 'secret' });
    await changeUrlWithToken(tokens, { from, to: elsewhere }, () => Promise.resolve());
    assert.deepEqual(now(), {});
  });

  it('stays at the URL if only the label changes, even if that change fails', async () => {
    const { tokens, now } = tokenStore([from, 'secret']);
    await changeUrlWithToken(tokens, { from, to: from }, () => Promise.resolve());
    assert.deepEqual(now(), { [from]: 'secret' });
    await assert.rejects(changeUrlWithToken(tokens, { from, to: from }, failing), /locked/);
    assert.deepEqual(now(), { [from]: 'secret' });
  });
});
