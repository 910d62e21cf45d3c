import vscode = require('vscode');
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { Canceled } from '#core/lib/errors';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import type { SecretTokens } from '#vscode/secretTokens';
import { ask, type PromptStep } from './prompts';

/** `refused` means HTTP 401, `notAllowed` HTTP 403, and `notChecked` any other failure. */
export type TokenCheck = (url: DeploymentUrl, token: string) => Promise<'good' | 'refused' | 'notAllowed' | 'notChecked'>;

export interface TokenPromptParts {
  readonly check: TokenCheck;
  readonly tokens: Pick<SecretTokens, 'set'>;
  readonly found?: string | undefined;
  /** Why the box opens. */
  readonly objection?: string;
}

/** Asks for a token, checks it, and saves it. A token from a pasted text is already in the box, masked. Throws `Canceled` on Escape. */
export async function askForToken(
  deployment: Deployment,
  step: PromptStep,
  { check, tokens, found = '', objection }: TokenPromptParts,
): Promise<void> {
  const prompt = t(commandWords.tokenPrompt, originOf(deployment.url));
  // The cast is needed because TypeScript doesn't notice the assignment in `take`.
  let isChecked = true as boolean;
  const text = await ask({
    ...step,
    prompt,
    placeholder: t(commandWords.tokenPlaceholder),
    isSecret: true,
    value: found,
    hasNoBack: true,
    // VS Code shows an objection instead of the prompt.
    ...(objection !== undefined && { objection: `${objection} ${prompt}` }),
    overrule: t(commandWords.saveAnyway),
    check: (typed) => tokenIsWrong(bare(typed)),
    take: async (typed) => {
      const result = await check(deployment.url, bare(typed));
      isChecked = result !== 'notChecked';
      if (result === 'refused') return t(commandWords.tokenRefusedAnswer);
      return result === 'notAllowed' ? t(commandWords.tokenNotAllowedAnswer) : undefined;
    },
  });
  await tokens.set(deployment.url, bare(text));
  if (!isChecked) vscode.window.setStatusBarMessage(t(commandWords.tokenNotChecked), 8_000);
}

/** After Escape, the command continues without a new token. */
export async function askForTokenUnlessCanceled(deployment: Deployment, step: PromptStep, parts: TokenPromptParts): Promise<void> {
  try {
    await askForToken(deployment, step, parts);
  } catch (error) {
    if (!(error instanceof Canceled)) throw error;
  }
}

function tokenIsWrong(token: string): string | undefined {
  if (token === '') return t(commandWords.tokenEmpty);
  return /^[\x21-\x7e]+$/.test(token) ? undefined : t(commandWords.tokenIllegal);
}

function bare(text: string): string {
  return text
    .trim()
    .replace(/^(?:Authorization:\s*)?Bearer\s+/i, '')
    .trim();
}
