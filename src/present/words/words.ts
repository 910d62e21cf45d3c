import { historyFailures } from '#core/lib/errors';

/** A time to format. The text includes the date if `at` and `now` are on different days. */
export interface Moment {
  readonly at: number;
  readonly now: number;
}

/** Data in a text. `valueFormat()` formats numbers, moments, and lists of names in the user's language. */
export type Value = string | number | Moment | readonly string[];

/** A function that translates a text into the user's language and fills its {0}, {1} … with formatted values. */
export type Translate = (text: string, ...values: Value[]) => string;

/** Strings that are needed at startup. The English text is the key of its translation. */
export const words = {
  // Statuses
  queued: 'queued',
  notCheckedYet: 'not checked yet',
  running: 'running',
  waiting: 'waiting for human input',
  waitingInRow: 'waiting for input',
  missing: 'not found or waiting for human input',
  missingInRow: 'not found or waiting',
  succeeded: 'succeeded',
  failed: 'failed',
  stopped: 'stopped',
  unread: 'unread',
  muted: 'muted',

  // Times
  justNow: 'just now',
  minutesAgo: '{0} min ago',
  hoursAgo: '{0} h ago',
  daysAgo: '{0} d ago',
  checkedAt: 'Last updated: {0}',
  started: 'Started: {0}',
  finished: 'Finished: {0}',
  finishedBefore: 'Finished before {0}',
  lastUpdated: 'last updated {0}',

  // Problems
  noToken: 'token needed',
  tokenRefused: 'token rejected',
  notAllowed: 'token has no access',
  throttled: 'throttled',
  throttledUntil: 'throttled until {0}',
  throttledSoon: 'throttled, retrying soon',
  serverTrouble: 'server error',
  serverTroubleRetry: 'server error, retrying at {0}',
  serverTroubleSoon: 'server error, retrying soon',
  notAnAnswer: 'unexpected response (sign-in page?)',
  notAnAnswerRetry: 'unexpected response (sign-in page?), retrying at {0}',
  notAnAnswerSoon: 'unexpected response (sign-in page?), retrying soon',
  moved: 'redirects elsewhere',
  movedTo: 'redirects to {0}',
  wrongAddress: 'no AMP deployment at this URL',
  nameUnknown: 'host not found',
  nameUnknownRetry: 'host not found, retrying at {0}',
  nameUnknownSoon: 'host not found, retrying soon',
  unreachable: "can't reach server",
  unreachableRetry: "can't reach server, retrying at {0}",
  unreachableSoon: "can't reach server, retrying soon",
  certificate: 'certificate not trusted',
  proxy: 'blocked by proxy',
  tooLarge: 'response over 64 MiB',
  refused: 'request rejected',
  refusedBecause: 'request rejected: {0}',
  offline: 'offline',
  offlineSince: 'offline since {0}',
  notSaved: "can't save history",
  notSavedDiskFull: "can't save history: disk full",
  notSavedReadOnly: "can't save history: folder is read-only",
  notSavedLocked: "can't save history: file is locked",
  notSavedDamaged: "can't save history: file is damaged",
  refresh: 'Refresh',
  openInBrowser: 'Open in Browser',
  openNetworkSettings: 'Open Network Settings',
  saveAnswer: 'Save Response As…',
  openRawStatus: 'Open Raw Response',

  // Tree and status bar
  activeRuns: '{0} active',
  tasksFinished: 'tasks finished: {0}',
  noRuns: 'No runs yet. Select Track Kickoff (+) to add one.',
  unreadRuns: 'Unread runs: {0}',
  waitingRuns: 'Waiting for human input: {0}',
  unreadAndWaitingRuns: 'Unread runs: {0}, waiting for human input: {1}',
  runs: '{0} active runs',
  someWaiting: '{0} of {1} runs waiting for human input',
  idle: 'Kickoffs',
  statusBarName: 'CrewAI Kickoffs',
  clickToShow: 'Click to show runs',
  runAndFacts: '{0}: {1}',
  spokenList: '{0}, {1}',
  spokenStatusBar: 'CrewAI Kickoffs: {0}',
  spokenTask: 'Task {0}, {1}',
  taskDone: 'finished',
  taskInProgress: 'in progress',
  taskNotCaptured: 'output not captured',
  taskNumber: 'Task {0}',
  taskNumbers: 'Tasks {0}–{1}',

  // Notifications
  noticeSucceeded: '{0}: {1} succeeded.',
  noticeSucceededIn: '{0}: {1} succeeded in {2}.',
  noticeFailed: '{0}: {1} failed.',
  noticeFailedAfter: '{0}: {1} failed after {2}.',
  noticeFailedBecause: '{0}: {1} failed: {2}',
  noticeFailedAfterBecause: '{0}: {1} failed after {2}: {3}',
  noticeStopped: '{0}: {1} was stopped.',
  noticeStoppedAfter: '{0}: {1} was stopped after {2}.',
  noticeWaiting: '{0}: {1} is waiting for human input.',
  noticeWaitingMany: '{0} runs are waiting for human input.',
  endedMany: "{0} runs finished. {1} didn't succeed.",
  endedManyWell: '{0} runs succeeded.',
  showKickoffs: 'Show Runs',
  turnOffNotifications: 'Turn Off Notifications',
  notificationsOff: 'Run notifications are off. To turn them back on, run CrewAI: Open Settings.',
  openOutput: 'Open Output',
  openReport: 'Open Report',
  setToken: 'Set Token',
  tokenRefusedNotice: '{0} rejected its token. Set a new token to resume checking its runs.',
  tokenNotStored: "Couldn't save the token: VS Code's secret storage isn't available. On Linux, install a keyring such as gnome-keyring.",
  showLog: 'Show Log',
  failure: 'Something went wrong. See the log for details.',
  setAside: "The extension couldn't read the run history and replaced the file. The old file is now {0}. Runs restored: {1}.",
  historyGone: 'The run history was missing or empty, so the extension restored the runs from a backup. Runs restored: {0}.',
  triedAgain: '{0} The extension keeps trying, and shows your runs as soon as it can.',

  ...historyFailures,

  // Estimated end of a run, and missing progress
  noProgress: 'no progress for {0}',
  noProgressUsually: 'no progress for {0} (task usually takes {1})',
  usually: 'usually takes {0}',
  usuallyOnceStarted: 'usually takes {0} once started',
  longerThanUsual: 'taking longer (usually {0})',
  timeLeft: '{0} left',
  aboutLeft: 'about {0} left',
  lessThanMinuteLeft: 'under 1 min left',
  lastThreeTook: 'last 3 runs: {0}, {1}, {2}',
  lastFourTook: 'last 4 runs: {0}, {1}, {2}, {3}',
  minutesSpan: '{0}–{1} min',
  hoursSpan: '{0}–{1} h',
  upToMinutes: 'up to {0} min',
  upToHours: 'up to {0} h',
  underMinute: 'under 1 min',
  inSeconds: '{0} s',
  inMinutes: '{0} min',
  inHours: '{0} h',

  // Input boxes and documents
  noOutput: 'No output available.',
  noResponse: 'No response stored yet.',
  editTitle: 'Edit Deployment',

  // Details of a run in tooltips and reports, and explanations of statuses
  reportAgent: 'Agent: {0}',
  reportThought: 'Last thought: {0}',
  reportTool: 'Last tool: {0}',
  reportToken: '1 token used',
  reportTokens: '{0} tokens used',
  missingNote:
    "AMP returns the same response for an unknown kickoff ID and for a run that's waiting for human input. Provide the input in AMP, or check the ID and the deployment. The extension checks this run less and less often, and eventually only when you select Refresh or start VS Code.",
  waitingNote: 'The run continues after someone provides the input in AMP.',
  unknownWordNote: "AMP reported a status that this extension doesn't know. The run is treated as still running.",
  reportId: 'Kickoff ID: {0}',
  reportDeployment: 'Deployment: {0} ({1})',
  readonly: 'This document is read-only. To edit it, save a copy.',
} as const;
