import type { Deployment } from '#core/kickoff/deployment';
import { clean } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

/**
 * Returns a JSON schema that lets VS Code complete, explain, and underline files with inputs. Without `deployments`, the schema contains no
 * names, and accepts every deployment and every input.
 */
export function inputsSchema(deployments: readonly Deployment[] | undefined, t: Translate): string {
  const errorMessage = t(commandWords.unknownDeployment);
  const oneOf = (choices: readonly Deployment[]) => {
    const known = { enum: choices.flatMap(({ label, url }) => [label, url]), errorMessage };
    return { anyOf: [known, { pattern: otherSpellings(choices), errorMessage }] };
  };
  return JSON.stringify({
    type: 'object',
    required: ['deployment', 'inputs'],
    additionalProperties: false,
    properties: {
      deployment: { type: 'string', description: t(documentWords.inputsSchemaDeployment), ...(deployments && oneOf(deployments)) },
      inputs: { type: 'object', description: t(documentWords.inputsSchemaInputs) },
      restoreFromStateId: { type: 'string', description: t(documentWords.inputsSchemaState) },
    },
    allOf: deployments?.map((deployment) => {
      const { label, inputNames } = deployment;
      if (!inputNames) return true;
      const description = t(documentWords.inputsSchemaInput, clean(label));
      const properties = Object.fromEntries(inputNames.map((name) => [name, { description }]));
      // Every file may have `id`, but it isn't offered, because a run must not reuse an ID unless the user wants it.
      const inputs = { required: inputNames, additionalProperties: false, properties, patternProperties: { '^id$': {} } };
      return { if: { required: ['deployment'], properties: { deployment: oneOf([deployment]) } }, then: { properties: { inputs } } };
    }),
  });
}

/** Returns a pattern of the other spellings of URLs that a start accepts: with capital letters, without `https://`, or with `/` at the end. */
function otherSpellings(deployments: readonly Deployment[]): string {
  const patterns = deployments.map(({ url }) => url.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/^https:\/\//, '(?:https://)?'));
  return `(?i)^(?:${patterns.join('|')})/*$`;
}
