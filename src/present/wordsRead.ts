/** What only reports say. */
export const wordsRead = {
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
} as const;
