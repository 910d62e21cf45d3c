/** What documents say; part of `words`. */
export const wordsRead = {
  // Documents
  reportCut: 'The rest is left out here: it is in the output itself.',
  readonly: 'What a kickoff left is kept as it came: it cannot be edited.',
  answerLost: 'What the server answered was lost with an earlier file of the history.',
  reportDeployment: 'Deployment',
  reportId: 'Kickoff ID',
  reportTokens: '{0} tokens',
  reportAgent: 'Agent',
  reportThought: 'Last thought',
  reportTool: 'Last tool',
  reportReason: 'Why it failed',
  reportOutput: 'Output',
  reportNoOutput: 'There is no output.',
  reportTasks: 'Tasks',
  reportNoTaskOutput: 'Its output was not seen.',

  // What a state means
  missingNote:
    'AMP answers the same for an ID that it does not know and for a crew that waits for a human. It is asked ever more rarely, in the end only on Refresh and at start-up.',
  waitingNote: 'It goes on once a human has answered.',
  unknownWordNote: 'This is a word of the server that is not known here: the run is taken to go on.',

  // The picture of a run's tasks
  timeline: 'When each task ran, and how long it took',
  timeUnknown: 'time unknown',
  timeSoFar: '{0} so far',
} as const;
