import * as vscode from 'vscode';
import type { KickoffInfo } from '../api';
import type { Board } from '../core/board';
import { originOf, type DeploymentUrl } from '../core/deployment';
import { Cancelled, UserFacingError } from '../core/errors';
import { linkOf, type Link } from '../core/link';
import { words } from '../present/wordsAll';
import type { Adding } from './adding';
import { agreesToSendUnencrypted, urlIsWrong } from './deploymentPrompts';

const sentences = {
  unknown: words.linkUnknown,
  holdsMore: words.linkHoldsMore,
  withoutUrl: words.linkWithoutUrl,
  withoutId: words.linkWithoutId,
} as const satisfies Record<NonNullable<Link['wrong']>, string>;

/** Follows links to runs. Anybody can write one, so it names a known deployment, or the user is asked before anything is kept or sent. */
export class Links {
  constructor(
    private readonly board: Board,
    private readonly adding: Adding,
  ) {}

  async follow(uri: vscode.Uri): Promise<KickoffInfo> {
    const link = linkOf(uri);
    if (link.wrong !== undefined) throw new UserFacingError(vscode.l10n.t(sentences[link.wrong]));

    const { url, id } = link;
    const deployment = this.board.deployments.find((one) => one.url === url);
    if (!deployment) await agreed(url);
    return this.adding.trackAgreed({ captured: { id, url }, url, ...(deployment && { deployment }) });
  }
}

/** Shows what the token would be sent to as it is, in ASCII and on a line of its own; throws `Cancelled` where the user does not agree. */
async function agreed(url: DeploymentUrl): Promise<void> {
  const wrong = urlIsWrong(url);
  if (wrong !== undefined) throw new UserFacingError(wrong);

  const goOn = vscode.l10n.t(words.linkGoOn);
  const detail = `${originOf(url)}\n\n${vscode.l10n.t(words.linkDetail)}`;
  const choice = await vscode.window.showWarningMessage(vscode.l10n.t(words.linkQuestion), { modal: true, detail }, goOn);
  if (choice !== goOn || !(await agreesToSendUnencrypted(url))) throw new Cancelled();
}
