import { historyFailures } from '../core/errors';

/** Puts a text into the user's language and fills its {0}, {1} …; `vscode.l10n.t` is one. */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** The sentences that are needed from the start; the English text is its own key. */
export const words = {
  // Phases
  queued: 'queued',
  notHeardYet: 'not heard yet',
  running: 'running',
  waiting: 'waiting for a human',
  missing: 'not found, or waiting for a human',
  succeeded: 'succeeded',
  failed: 'failed',
  stopped: 'stopped',
  unread: 'new',

  // Times
  justNow: 'just now',
  minutesAgo: '{0} min ago',
  hoursAgo: '{0} h ago',
  daysAgo: '{0} d ago',
  checkedAt: 'Checked at {0}',
  lastHeard: 'last heard {0}',

  // Trouble
  noToken: 'token needed',
  tokenRefused: 'token refused',
  notAllowed: 'not allowed for this token',
  throttledUntil: 'throttled until {0}',
  serverTrouble: 'server error',
  nextTryAt: '{0}, next try {1}',
  notAnAnswer: 'not an AMP answer (a sign-in page?)',
  moved: 'moved to {0}',
  wrongAddress: 'no AMP deployment at this URL',
  nameUnknown: 'host name unknown',
  unreachable: 'no connection',
  certificate: 'certificate not trusted',
  proxy: 'proxy refused',
  tooLarge: 'answer over 64 MiB',
  refused: 'refused: {0}',
  offlineSince: 'offline since {0}',
  notSaved: 'history cannot be saved',
  notSavedBecause: 'history cannot be saved: {0}',
  causeDiskFull: 'disk full',
  causeReadOnly: 'its folder is read-only',
  causeLocked: 'another program keeps it locked',
  causeDamaged: 'its file is damaged',
  refresh: 'Refresh',
  openInBrowser: 'Open in Browser',
  openSettings: 'Open Settings',
  saveAnswer: 'Save Answer to File',
  openRawStatus: 'Open Raw Status',

  // Tree and status bar
  openRuns: '{0} open',
  noRuns: 'No kickoff is tracked. Track Kickoff (+) takes an ID.',
  unreadRuns: '{0} finished, not opened yet',
  kickoffs: '{0} kickoffs',
  idle: 'Kickoffs',
  statusBarName: 'CrewAI Kickoffs',
  clickToShow: 'Click to show the kickoffs.',
  ofOne: '{0}: {1}',
  spokenKickoff: '{0}, {1}',
  spokenTask: 'Task {0}, {1}',
  taskDone: 'done',
  taskUnderWay: 'under way',
  taskUnseen: 'output not captured',
  taskNumber: 'Task {0}',
  taskNumbers: 'Tasks {0}–{1}',

  // Notices
  endedSucceeded: '{0} has finished.',
  endedFailed: '{0} has failed.',
  endedMany: '{0} kickoffs have ended, {1} of them without success.',
  endedManyWell: '{0} kickoffs have finished.',
  showKickoffs: 'Show Kickoffs',
  endedStopped: '{0} was stopped.',
  openOutput: 'Open Output',
  openReport: 'Open Report',
  setToken: 'Set Token',
  tokenRefusedNotice: '{0} refuses its token. Its kickoffs are kept and asked again as soon as there is a new one.',
  showLog: 'Show Log',
  failure: 'Something went wrong. See the log.',
  setAside: 'The history could not be read. It was set aside as {0}. Runs brought back: {1}.',
  historyGone: 'The file of the history was gone. Runs brought back: {0}.',
  triedAgain: '{0} It is tried again by itself, and the list comes as soon as it can.',

  ...historyFailures,

  // When it will end, or that it perhaps hangs
  noProgress: 'no progress for {0}',
  noProgressUsually: 'no progress for {0}, usually {1}',
  usually: 'usually {0}',
  usuallyOnceStarted: 'usually {0} once started',
  longerThanUsual: 'longer than usual (usually {0})',
  timeLeft: '{0} left',
  aboutLeft: 'about {0} left',
  lessThanMinuteLeft: 'less than a minute left',
  lastThreeTook: 'last 3 took {0}, {1} and {2}',
  lastFourTook: 'last 4 took {0}, {1}, {2} and {3}',
  minutesSpan: '{0}-{1} min',
  hoursSpan: '{0}-{1} h',
  upToMinutes: 'up to {0} min',
  upToHours: 'up to {0} h',
  underMinute: 'under a minute',
  inSeconds: '{0} s',
  inMinutes: '{0} min',
  inHours: '{0} h',

  // Boxes and removing
  noOutput: 'There is no output to show.',
  notHeard: 'There is no answer to show yet.',
  editTitle: 'Edit Deployment',

  // What a run does now, in tooltips and reports, and what a state means
  reportAgent: 'Agent',
  reportThought: 'Last thought',
  reportTool: 'Last tool',
  reportTokens: '{0} tokens',
  missingNote:
    'AMP answers the same for an ID that it does not know and for a crew that waits for a human. It is asked ever more rarely, in the end only on Refresh and at start-up.',
  waitingNote: 'It goes on once a human has answered.',
  unknownWordNote: 'This is a word of the server that is not known here: the run is taken to go on.',
  reportId: 'Kickoff ID',
  reportDeployment: 'Deployment',
  readonly: 'What a kickoff left is kept as it came: it cannot be edited.',
} as const;
