import assert from 'node:assert/strict';
import { TokenNotStored } from '#core/lib/errors';
import { url } from '#test/support/builders';
import { SecretTokens } from '#vscode/secretTokens';

const urls = ['https://a.example', 'https://b.example', 'https://c.example'].map(url);

/** VS Code's secret storage. Rejects the deletion of the key `failing`. */
class Secrets {
  readonly stored = new Map(urls.map((of) => [`token:${of}`, 'tok-demo']));
  readonly listeners = new Set<(event: { readonly key: string }) => unknown>();

  constructor(private readonly failing?: string) {}

  readonly get = (key: string): Promise<string | undefined> => Promise.resolve(this.stored.get(key));

  store(key: string, value: string): Promise<void> {
    this.stored.set(key, value);
    for (const listener of this.listeners) listener({ key });
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    if (key === this.failing) return Promise.reject(new Error('the keychain is locked'));
    this.stored.delete(key);
    return Promise.resolve();
  }

  readonly onDidChange = (listener: (event: { readonly key: string }) => unknown) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
}

const unmarked = { recordToken: () => Promise.resolve() };

describe('Tokens in the secret storage', () => {
  it('are stored under the URL of their deployment', async () => {
    const secrets = new Secrets();
    let didSet = 0;
    const tokens = new SecretTokens(secrets, unmarked, () => didSet++);
    const another = url('https://d.example');
    await tokens.set(another, 'tok-demo-d');
    assert.equal(didSet, 1);
    assert.equal(secrets.stored.get('token:https://d.example'), 'tok-demo-d');
    assert.equal(await tokens.get(another), 'tok-demo-d');
    assert.equal(await tokens.get(urls[0]!), 'tok-demo');
  });

  it('are read again if a token is stored during the read', async () => {
    const secrets = new Secrets();
    const another = url('https://d.example');
    const earlier = Promise.withResolvers<undefined>();
    const reads: (Promise<undefined> | undefined)[] = [earlier.promise];
    const read = secrets.get;
    const tokens = new SecretTokens(
      Object.assign(secrets, { get: (key: string) => reads.shift() ?? read(key) }),
      unmarked,
      () => undefined,
    );
    const reading = tokens.get(another);
    await secrets.store('token:https://d.example', 'tok-demo-d');
    earlier.resolve(undefined);
    assert.deepEqual([await reading, secrets.listeners.size], ['tok-demo-d', 0]);
  });

  /** Returns tokens whose history is locked. `marks` contains the marks, each with the stored token at that time. */
  function tokensWithMarks() {
    const secrets = new Secrets();
    const marks: unknown[] = [];
    const recordToken = (of: string, isSaved: boolean) => {
      marks.push([of, isSaved, secrets.stored.get(`token:${of}`)]);
      return Promise.reject(new Error('the history is locked'));
    };
    return { tokens: new SecretTokens(secrets, { recordToken }, () => undefined), marks };
  }

  it('are marked as saved in the run history after they are stored', async () => {
    const { tokens, marks } = tokensWithMarks();
    await tokens.set(urls[0]!, 'tok-demo-new');
    assert.deepEqual(marks, [[urls[0], true, 'tok-demo-new']]);
  });

  it('are marked as deleted in the run history before they are deleted', async () => {
    const { tokens, marks } = tokensWithMarks();
    assert.deepEqual(await tokens.deleteEach(urls.slice(0, 1)), urls.slice(0, 1));
    assert.deepEqual(marks, [[urls[0], false, 'tok-demo']]);
  });

  it("are found in a text even if the token for another URL can't be read", async () => {
    const secrets = new Secrets();
    const tokens = new SecretTokens(
      Object.assign(secrets, {
        get: (key: string) => (key.includes('a.example') ? Promise.reject(new Error('locked')) : Promise.resolve(secrets.stored.get(key))),
      }),
      unmarked,
      () => undefined,
    );
    assert.equal(await tokens.isTokenIn(['abc', 'tok-demo'], urls), true);
    assert.equal(await tokens.isTokenIn(['abc', 'tok-demo'], urls.slice(0, 1)), false);
    assert.equal(await tokens.isTokenIn(['abc', 'tok-demo-other'], urls), false);
    await tokens.set(urls[1]!, 'tok-demo-long');
    assert.equal(await tokens.isTokenIn(['token:tok-demo-long.'], urls), true);
  });

  it('cause the error TokenNotStored if the secret storage rejects them or returns another value', async () => {
    let didSet = 0;
    const rejecting = Object.assign(new Secrets(), { store: () => Promise.reject(new Error('no keyring')) });
    const forgetting = Object.assign(new Secrets(), { store: () => Promise.resolve() });
    for (const secrets of [rejecting, forgetting])
      await assert.rejects(new SecretTokens(secrets, unmarked, () => didSet++).set(urls[0]!, 'tok-demo-new'), TokenNotStored);
    assert.equal(didSet, 0);
  });

  it("that change are reported with their deployment's URL", async () => {
    const secrets = new Secrets();
    const changed: string[] = [];
    new SecretTokens(secrets, unmarked, () => undefined).onDidChange((of) => changed.push(of));
    await secrets.store('another secret', 'x');
    await secrets.store('a token:https://a.example', 'x');
    await secrets.store('token:https://a.example', 'tok-demo-new');
    assert.deepEqual(changed, ['https://a.example']);
  });

  for (const [index, failing] of urls.map((of) => `token:${of}`).entries())
    it(`are all deleted except token ${index + 1}, whose deletion fails`, async () => {
      const secrets = new Secrets(failing);
      const deleted = await new SecretTokens(secrets, unmarked, () => undefined).deleteEach(urls);
      assert.deepEqual(
        deleted,
        urls.filter((of) => `token:${of}` !== failing),
      );
      assert.deepEqual([...secrets.stored.keys()], [failing]);
    });

  it('are all deleted if no deletion fails', async () => {
    const secrets = new Secrets();
    await new SecretTokens(secrets, unmarked, () => undefined).deleteEach(urls);
    assert.equal(secrets.stored.size, 0);
  });
});
