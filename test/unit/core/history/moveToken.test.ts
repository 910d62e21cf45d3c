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

describe("A deployment's token", () => {
  for (const [title, to, left] of [
    ['moves with the deployment to another URL of the same origin', beside, { [beside]: 'secret' }],
    ['is deleted if the deployment moves to another origin', elsewhere, {}],
    ['stays at its URL if only the label changes', from, { [from]: 'secret' }],
  ] as const)
    it(title, async () => {
      const { tokens, now } = tokenStore([from, 'secret']);
      await changeUrlWithToken(tokens, { from, to }, () => Promise.resolve());
      assert.deepEqual(now(), left);
    });

  it("isn't stored for any URL while the deployment's URL changes", async () => {
    const { tokens, now } = tokenStore([from, 'secret']);
    let meanwhile: unknown;
    await changeUrlWithToken(tokens, { from, to: beside }, () => Promise.resolve(void (meanwhile = now())));
    assert.deepEqual(meanwhile, {});
  });

  it('stays at its URL if the change of the deployment fails, even if the new URL has a token too', async () => {
    const both = [[from, 'secret'] as const, [beside, 'another'] as const];
    for (const [to, pairs] of [
      [beside, both.slice(0, 1)],
      [beside, both],
      [beside, both.slice(1)],
      [elsewhere, both.slice(0, 1)],
      [from, both.slice(0, 1)],
    ] as const) {
      const { tokens, now } = tokenStore(...pairs);
      const change = changeUrlWithToken(tokens, { from, to }, () => Promise.reject(new Error('locked')));
      await assert.rejects(change, /locked/);
      assert.deepEqual(now(), Object.fromEntries(pairs));
    }
  });
});
