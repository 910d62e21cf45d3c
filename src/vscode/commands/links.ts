import vscode = require('vscode');
import { deploymentAt, type KickoffList } from '#core/history/kickoffList';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { CanceledError, UserFacingError } from '#core/lib/errors';
import { parseKickoffLink } from '#core/paste/kickoffLink';
import { runsInLine, type LineRun } from '#core/paste/paste';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { confirmUnencrypted, urlErrorText } from '#vscode/prompts/deploymentPrompts';
import { confirm } from '#vscode/prompts/prompts';
import type { TrackAnswers } from '#vscode/prompts/trackPrompts';

/** Returns the run and deployment in a link as answers to prompts. Anybody can write a link, so the user confirms an unknown deployment. */
export async function answersFromLink(uri: vscode.Uri, board: KickoffList): Promise<TrackAnswers> {
  const link = parseKickoffLink(uri);
  if (link.problem !== undefined) throw new UserFacingError(t(commandWords[link.problem]));

  const { url, id } = link;
  const deployment = deploymentAt(board, url);
  if (!deployment) await ensureLinkConfirmed(url);
  return { runs: [{ id, url }], url, ...(deployment && { deployment }) };
}

/** Asks whether to add a link's deployment. Shows its origin in ASCII, which reveals look-alike letters. Throws unless the user agrees. */
async function ensureLinkConfirmed(url: DeploymentUrl): Promise<void> {
  const errorText = urlErrorText(url);
  if (errorText !== undefined) throw new UserFacingError(errorText);

  const detail = `${originOf(url)}\n\n${t(commandWords.linkDetail)}`;
  const isConfirmed = await confirm(t(commandWords.linkQuestion), { detail, button: t(commandWords.addDeploymentTitle) });
  if (!isConfirmed || !(await confirmUnencrypted(url))) throw new CanceledError();
}

/** A kickoff ID in a terminal that the user can click. */
export class KickoffIdLink extends vscode.TerminalLink {
  /** Makes `isFromUser` return true, so that the user sees errors. */
  readonly isLink = true;

  constructor(readonly run: LineRun) {
    super(run.offset, run.id.length, t(commandWords.trackTitle));
  }
}

/** Returns the kickoff IDs in a line of a terminal as links. */
export function linksIn(line: string): readonly KickoffIdLink[] {
  return runsInLine(line).map((run) => new KickoffIdLink(run));
}
