import { UserFacingError } from '#core/lib/errors';
import type { Inputs } from '#core/starts/attempt';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

/** Returns a copy of the inputs from another extension, which could change its object while the user reads the question. */
export function inputsFrom(given: unknown): Inputs {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new UserFacingError(t(commandWords.inputsInvalid));
  try {
    const copy = JSON.parse(JSON.stringify(given)) as unknown;
    if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) return copy as Inputs;
  } catch {
    // An object with a cycle, for example, has no JSON.
  }
  throw new UserFacingError(t(commandWords.inputsInvalid));
}
