import type * as vscode from 'vscode';
import type { Store } from '#core/history/store';
import type { DeploymentUrl, Tokens } from '#core/kickoff/deployment';
import { TokenNotStored } from '#core/lib/errors';

const keyPrefix = 'token:';

/** The minimum length of a token to search for inside another text. A kickoff ID can contain a shorter token by chance. */
const minSearchLength = 12;

/** Tokens in VS Code's secret storage, by URL, so that they are found again after the history is lost. */
export class SecretTokens implements Tokens {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly store: Pick<Store, 'recordToken'>,
    private readonly onDidSet: () => unknown,
  ) {}

  /** Returns the token for a URL. Reads the token again if it changed meanwhile, because VS Code may return the previous token. */
  async get(url: DeploymentUrl): Promise<string | undefined> {
    const key = keyPrefix + url;
    const changedKeys: string[] = [];
    const subscription = this.secrets.onDidChange((change) => changedKeys.push(change.key));
    try {
      const token = await this.secrets.get(key);
      return changedKeys.includes(key) ? await this.get(url) : token;
    } finally {
      subscription.dispose();
    }
  }

  /** Whether a text is a token for one of the URLs. A text that contains a long token counts, too. Ignores tokens that can't be read. */
  async isTokenIn(texts: readonly string[], urls: readonly DeploymentUrl[]): Promise<boolean> {
    const results = await Promise.allSettled(urls.map((url) => this.get(url)));
    const tokens = results.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : []));
    return texts.some((text) => tokens.some((token) => text === token || (token.length >= minSearchLength && text.includes(token))));
  }

  /** Saves a token. Throws `TokenNotStored` if VS Code can't store the token, for example without a keyring. */
  async set(url: DeploymentUrl, token: string): Promise<void> {
    try {
      await this.secrets.store(keyPrefix + url, token);
    } catch (error) {
      throw new TokenNotStored({ cause: error });
    }
    if ((await this.get(url)) !== token) throw new TokenNotStored();
    await this.#recordToken(url, true);
    this.onDidSet();
  }

  async delete(url: DeploymentUrl): Promise<void> {
    await this.#recordToken(url, false);
    await this.secrets.delete(keyPrefix + url);
  }

  /** Deletes the tokens of URLs. Continues after a failure. Returns the URLs whose tokens were deleted. */
  async deleteEach(urls: readonly DeploymentUrl[]): Promise<readonly DeploymentUrl[]> {
    const results = await Promise.allSettled(urls.map((url) => this.delete(url)));
    return urls.filter((_, index) => results[index]?.status === 'fulfilled');
  }

  /** Records whether a token is saved. Ignores failures, because only the notification of a lost token reads the record. */
  async #recordToken(url: DeploymentUrl, isSaved: boolean): Promise<void> {
    await this.store.recordToken(url, isSaved).catch(() => undefined);
  }

  onDidChange(listener: (url: string) => unknown): vscode.Disposable {
    return this.secrets.onDidChange(({ key }) => {
      if (key.startsWith(keyPrefix)) listener(key.slice(keyPrefix.length));
    });
  }
}
