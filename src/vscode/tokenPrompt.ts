import * as vscode from 'vscode';
import { originOf, type Deployment, type DeploymentUrl } from '../core/deployment';
import { words } from '../present/wordsAll';
import { ask, back, type Place } from './prompts';
import type { SecretTokens } from './secretTokens';

/** What a deployment says of a token, before it is saved. */
export type TokenCheck = (url: DeploymentUrl, token: string) => Promise<'good' | 'refused' | 'notAllowed' | 'notChecked'>;

/** Asks for a deployment's token, has it checked, and keeps it; throws `Cancelled` on Escape. One that was found in a paste stands in the box, hidden. */
export async function askForToken(
  deployment: Deployment,
  place: Place,
  check: TokenCheck,
  tokens: SecretTokens,
  found = '',
): Promise<void> {
  const text = await ask({
    ...place,
    prompt: vscode.l10n.t(words.tokenPrompt, originOf(deployment.url)),
    placeholder: vscode.l10n.t(words.tokenPlaceholder),
    isSecret: true,
    value: found,
    hasNoBack: true,
    overrule: vscode.l10n.t(words.saveAnyway),
    check: (typed) => tokenIsWrong(bare(typed)),
    take: async (typed) => {
      const verdict = await check(deployment.url, bare(typed));
      if (verdict === 'notChecked') vscode.window.setStatusBarMessage(vscode.l10n.t(words.tokenNotChecked), 8_000);
      if (verdict === 'refused') return vscode.l10n.t(words.tokenRefusedAnswer);
      return verdict === 'notAllowed' ? vscode.l10n.t(words.tokenNotAllowedAnswer) : undefined;
    },
  });
  if (text !== back) await tokens.set(deployment.url, bare(text));
}

function tokenIsWrong(token: string): string | undefined {
  if (token === '') return vscode.l10n.t(words.tokenEmpty);
  return /^[\x21-\x7e]+$/.test(token) ? undefined : vscode.l10n.t(words.tokenIllegal);
}

/** A token as it is sent: people copy it with its scheme and with blanks around. */
function bare(text: string): string {
  return text
    .trim()
    .replace(/^(?:Authorization:\s*)?Bearer\s+/i, '')
    .trim();
}
