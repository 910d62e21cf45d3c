import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import type { KickoffList } from '#core/history/kickoffList';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { Canceled, UserFacingError } from '#core/lib/errors';
import { parseKickoffLink, type KickoffLink } from '#core/paste/kickoffLink';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted, urlIsWrong } from '#vscode/prompts/deploymentPrompts';
import type { TrackCommands } from './track';

const sentences = {
  unknown: commandWords.linkUnknown,
  containsMore: commandWords.linkContainsMore,
  withoutUrl: commandWords.linkWithoutUrl,
  withoutId: commandWords.linkWithoutId,
} as const satisfies Record<NonNullable<KickoffLink['wrong']>, string>;

/** Opens links to runs. Anybody can write a link, so the user confirms an unknown deployment before anything is stored or sent. */
export async function followLink(uri: vscode.Uri, board: KickoffList, trackCommands: TrackCommands): Promise<KickoffInfo> {
  const link = parseKickoffLink(uri);
  if (link.wrong !== undefined) throw new UserFacingError(t(sentences[link.wrong]));

  const { url, id } = link;
  const deployment = board.deployments.find((one) => one.url === url);
  if (!deployment) await confirmLink(url);
  return trackCommands.trackAgreed({ captured: { id, url }, url, ...(deployment && { deployment }) });
}

/** Shows the deployment's origin in ASCII. Throws `Canceled` unless the user agrees. */
async function confirmLink(url: DeploymentUrl): Promise<void> {
  const wrong = urlIsWrong(url);
  if (wrong !== undefined) throw new UserFacingError(wrong);

  const goOn = t(commandWords.linkGoOn);
  const detail = `${originOf(url)}\n\n${t(commandWords.linkDetail)}`;
  const choice = await vscode.window.showWarningMessage(t(commandWords.linkQuestion), { modal: true, detail }, goOn);
  if (choice !== goOn || !(await agreesToSendUnencrypted(url))) throw new Canceled();
}
