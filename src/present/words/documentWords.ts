/** The texts of reports and other documents. The English text is the key of its translation. */
export const documentWords = {
  // Report
  reportCut: 'The rest is left out here: it is in the output itself.',
  reportReason: 'Why it failed',
  reportOutput: 'Output',
  reportWholeJson: 'Whole JSON',
  reportNoOutput: 'There is no output.',
  reportTasks: 'Tasks',
  answerLost: 'What the server answered was lost with an earlier file of the history.',
  reportNoTaskOutput: 'Output not captured.',

  // The picture of a run's tasks
  timeline: 'When each task ran, and how long it took',
  timeUnknown: 'time unknown',
  timeSoFar: '{0} so far',
  // Advice on known reasons of a failure
  hintKeyMissing: "A key or a variable seems to be missing. Add it to the deployment's environment variables in AMP, then start a new run.",
  hintKeyRefused: "A provider refused its API key. Check the key in the deployment's environment variables in AMP.",
  hintRateLimit: "A provider's rate limit was reached. Wait a while before the next run, or lower max_rpm of the crew.",
  hintQuota: 'The account at a provider seems to be out of credit or quota. Check its billing before the next run.',
  hintModel: 'The provider does not know this model, or the key has no access to it. Check the name of the model.',
  hintInputs: 'An input seems to be missing. Start a run with every input that the texts of the crew name.',
  hintContext: 'There was more text than the model takes. Shorten the inputs, or choose a model with a larger context window.',
  hintPolicy: "A provider's content rules refused the text. Change the inputs or the texts of the crew, or choose another model.",
  hintBusy: 'A provider was overloaded or had trouble of its own. That often passes: start a new run after a while.',
  hintConnection: 'The deployment could not reach a server. Check its address: AMP cannot reach what runs on your own machine.',
  hintEmpty: 'The model gave an empty answer. That often passes: start a new run, or choose another model.',
  hintGuardrail: 'A guardrail refused what a task put out, each time it was tried. The reason above says what it missed.',
  hintTimeout: 'Something did not answer in time. That often passes: start a new run, or allow more time.',
} as const;
