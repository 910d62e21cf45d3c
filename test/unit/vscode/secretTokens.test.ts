import assert from 'node:assert/strict';
import { SecretTokens } from '../../../src/vscode/secretTokens';
import { url } from '../../support/builders';

describe('Deleting several tokens', () => {
  const urls = ['https://a.example', 'https://b.example', 'https://c.example'].map(url);

  /** Tokens in a secret storage that rejects the deletion of one key. */
  function tokensBut(failing?: string) {
    const kept = new Set(urls.map((of) => `token:${of}`));
    const secrets = {
      get: (key: string) => Promise.resolve(kept.has(key) ? 'tok-demo' : undefined),
      store: () => Promise.resolve(),
      delete: (key: string) =>
        key === failing ? Promise.reject(new Error('the keychain is locked')) : Promise.resolve(void kept.delete(key)),
      onDidChange: () => ({ dispose: () => undefined }),
    };
    return { tokens: new SecretTokens(secrets, () => undefined), kept };
  }

  for (const [index, failing] of urls.map((of) => `token:${of}`).entries())
    it(`deletes the others and reports the failure when the secret storage rejects number ${index + 1}`, async () => {
      const { tokens, kept } = tokensBut(failing);
      await assert.rejects(tokens.deleteEach(urls), /the keychain is locked/);
      assert.deepEqual([...kept], [failing]);
    });

  it('leaves none when the secret storage works', async () => {
    const { tokens, kept } = tokensBut();
    await tokens.deleteEach(urls);
    assert.deepEqual([...kept], []);
  });
});
