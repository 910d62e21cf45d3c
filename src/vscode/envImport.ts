import * as vscode from 'vscode';
import type { Board } from '../core/board';
import { Cancelled, UserFacingError } from '../core/errors';
import type { Importable } from '../core/importing';
import type { Tracking } from '../core/tracking';
import { plain } from '../present/clean';
import { words } from '../present/wordsAll';
import { agreesToSendUnencrypted } from './deploymentPrompts';
import { chooseEnvFile, textOfEnvFile } from './envFiles';
import { chooseMany } from './prompts';
import type { SecretTokens } from './secretTokens';
import type { TokenCheck } from './tokenPrompt';

const t = vscode.l10n.t;

/** How deployments come in from .env files: nothing is kept before the user has chosen it, and no token is ever shown. */
export class EnvImport {
  constructor(
    private readonly board: Board,
    private readonly tracking: Tracking,
    private readonly tokens: SecretTokens,
    private readonly check: TokenCheck,
  ) {}

  async run(): Promise<void> {
    const file = await chooseEnvFile();
    const { importables } = await import('../core/readers');
    const found = await importables(await textOfEnvFile(file), this.board.deployments, ({ url }) => this.tokens.get(url));
    if (found.length === 0) throw new UserFacingError(t(words.envNothing));
    const chosen = await chooseMany(found.map(rowOf), { title: t(words.importTitle), placeholder: t(words.importPlaceholder) });
    const kept: Importable[] = [];
    for (const { importable } of chosen) if (await this.#keep(importable)) kept.push(importable);
    if (kept.length === 0) throw new Cancelled();
    vscode.window.setStatusBarMessage(t(words.imported, kept.length), 5_000);
    const refusing = (await Promise.all(kept.map((one) => this.#keepToken(one)))).filter((label) => label !== undefined);
    if (refusing.length > 0) throw new UserFacingError(t(words.importRefused, refusing.join(', ')));
  }

  /** Whether it is wanted: a token that would travel unencrypted only after a question. A new deployment is stored before its server is asked anything. */
  async #keep({ found: { url }, label, brings }: Importable): Promise<boolean> {
    if (brings === 'nothing' || !(await agreesToSendUnencrypted(url))) return false;
    if (brings === 'deployment') await this.tracking.addDeployment(url, label);
    return true;
  }

  /** Checked before it is kept, as one that is typed; gives the label of a deployment that refuses it, and leaves what was kept before. */
  async #keepToken({ found: { url, token }, label }: Importable): Promise<string | undefined> {
    if (token === undefined) return undefined;
    const verdict = await this.check(url, token);
    if (verdict === 'refused' || verdict === 'notAllowed') return plain(label);
    if (verdict === 'notChecked') vscode.window.setStatusBarMessage(t(words.tokenNotChecked), 8_000);
    await this.tokens.set(url, token);
    return undefined;
  }
}

/** What is new is chosen already; a token that is kept is replaced only when the user says so. */
function rowOf(importable: Importable): vscode.QuickPickItem & { readonly importable: Importable } {
  const { found, label, brings } = importable;
  return {
    label: plain(label),
    description: plain(found.url),
    detail: t(found.token === undefined && brings === 'deployment' ? words.bringsDeploymentOnly : said[brings]),
    picked: brings === 'deployment' || brings === 'token',
    importable,
  };
}

const said = {
  deployment: words.bringsDeployment,
  token: words.bringsToken,
  otherToken: words.bringsOtherToken,
  nothing: words.bringsNothing,
} as const satisfies Record<Importable['brings'], string>;
