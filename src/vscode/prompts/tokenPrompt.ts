import vscode = require('vscode');
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import { CanceledError } from '#core/lib/errors';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import type { SecretTokens } from '#vscode/secretTokens';
import { answerOrError, askForText, type PromptStep } from './prompts';

/** Sends a request to check a token. `refused` means HTTP 401, `notAllowed` HTTP 403, and `notChecked` any other failure. */
export type TokenCheck = (url: DeploymentUrl, token: string) => Promise<'good' | 'refused' | 'notAllowed' | 'notChecked'>;

export interface TokenPromptParts {
  readonly checkToken: TokenCheck;
  readonly tokens: Pick<SecretTokens, 'set'>;
  readonly pastedToken?: string | undefined;
  /** The reason for the prompt, which the box shows first. */
  readonly reason?: string;
}

/** Asks for a token, checks it, and saves it. A pasted text's token is already in the box, masked. Throws `CanceledError` on Escape. */
export async function askForToken(
  deployment: Deployment,
  step: PromptStep,
  { checkToken, tokens, pastedToken = '', reason }: TokenPromptParts,
): Promise<void> {
  const prompt = t(commandWords.tokenPrompt, originOf(deployment.url));
  // The cast is needed because TypeScript doesn't notice the assignment in `submit`.
  let isChecked = true as boolean;
  const tokenText = await askForText({
    ...step,
    prompt,
    placeholder: t(commandWords.tokenPlaceholder),
    isSecret: true,
    value: pastedToken,
    hasNoBack: true,
    // Repeats the prompt, because VS Code shows a validation message instead of the prompt.
    ...(reason !== undefined && { firstWarning: `${reason} ${prompt}` }),
    ignoreTooltip: t(commandWords.saveAnyway),
    validate: (text) => tokenErrorText(withoutPrefix(text)),
    submit: async (text) => {
      const result = await checkToken(deployment.url, withoutPrefix(text));
      isChecked = result !== 'notChecked';
      if (result === 'refused') return t(commandWords.tokenRefusedAnswer);
      return result === 'notAllowed' ? t(commandWords.tokenNotAllowedAnswer) : undefined;
    },
  });
  await tokens.set(deployment.url, withoutPrefix(tokenText));
  if (!isChecked) vscode.window.setStatusBarMessage(t(commandWords.tokenNotChecked), 8_000);
}

/** Asks for a token like `askForToken`. After Escape, returns without a new token, so that the command continues. */
export async function askForOptionalToken(deployment: Deployment, step: PromptStep, parts: TokenPromptParts): Promise<void> {
  await answerOrError(askForToken(deployment, step, parts), CanceledError);
}

/** Returns a message if a token is empty, or contains other characters than visible ASCII characters. */
function tokenErrorText(token: string): string | undefined {
  if (token === '') return t(commandWords.tokenEmpty);
  return /^[\x21-\x7e]+$/.test(token) ? undefined : t(commandWords.tokenIllegal);
}

/** Removes outer spaces, and a leading `Authorization: Bearer` or `Bearer`, from a token. */
function withoutPrefix(text: string): string {
  return text
    .trim()
    .replace(/^(?:Authorization:\s*)?Bearer\s+/i, '')
    .trim();
}
