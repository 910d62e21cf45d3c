import { UserFacingError } from '#core/lib/errors';
import { asInputs, type Inputs } from '#core/starts/attempt';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

/** Returns a copy of the inputs from another extension, which could change its object while the user reads the question. */
export function inputsFrom(given: unknown): Inputs {
  const inputs = asInputs(given) && asInputs(copyOf(given));
  if (!inputs) throw new UserFacingError(t(commandWords.inputsInvalid));
  return inputs;
}

/** Undefined if the value has no JSON, for example because of a cycle. */
function copyOf(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return undefined;
  }
}
