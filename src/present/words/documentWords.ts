/** Strings of reports and other documents. The English text is the key of its translation. */
export const documentWords = {
  // Report
  reportCut: 'Truncated. Open the output to see all of it.',
  reportNotRendered:
    'Rendering failed. The report shows only the start of the output as plain text, or omits the output. To see the whole output, run Open Output.',
  reportReason: 'Error',
  reportOutput: 'Output',
  reportWholeJson: 'Full JSON',
  reportThoughts: 'Thoughts',
  reportContinues: 'Continues from: {0}',
  reportNoOutput: 'No output.',
  reportInputs: 'Inputs',
  reportInputsCut: 'Truncated. The report shows the first 300,000 characters of the inputs.',
  answerLost: "This run's response was lost when an earlier history file was damaged or deleted.",
  reportNoTaskOutput: 'Output not captured.',

  // Timeline of a run's tasks
  timeUnknown: 'time unknown',
  timeSoFar: '{0} so far',

  // Hints for known failures
  hintKeyMissing:
    "An API key or environment variable seems to be missing. Add it to the deployment's environment variables in AMP, then start a new run.",
  hintKeyRefused: "A provider rejected the API key. Check the key in the deployment's environment variables in AMP.",
  hintRateLimit: "A provider's rate limit was reached. Wait before you start the next run, or lower the crew's max_rpm.",
  hintQuota: "A provider account seems to be out of credit or quota. Check the account's billing before you start a new run.",
  hintModel: "The provider doesn't recognize this model, or the API key has no access to it. Check the model name.",
  hintInputs: 'An input seems to be missing. Start a new run with all inputs that the crew requires.',
  hintContext: "The text exceeded the model's context window. Shorten the inputs, or choose a model with a larger context window.",
  hintPolicy: "A provider's content policy blocked the text. Change the inputs or the crew's prompts, or choose another model.",
  hintBusy: 'A provider was overloaded or had a temporary problem. Start a new run in a few minutes.',
  hintConnection: "The deployment couldn't reach a server. Check the server's URL. AMP can't reach services that run on your own machine.",
  hintEmpty: 'The model returned an empty response. Start a new run, or choose another model.',
  hintGuardrail:
    "A guardrail rejected a task's output on every attempt. Read the reason in the error above, then change the task or the guardrail.",
  hintTimeout: "An operation timed out. Start a new run, or increase the timeout of the tool or model in the crew's code.",

  // What VS Code shows beside the members of a file with inputs
  inputsSchemaDeployment: 'The label or URL of a deployment in your list',
  inputsSchemaInputs: 'The inputs of the run by name',
  inputsSchemaInput: 'Input of {0}',
  inputsSchemaState: 'Optional, for flows: the kickoff ID of the run whose state the new run continues from',
} as const;
