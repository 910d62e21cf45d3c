// Published names and limits. `test/unit/manifest.test.ts` compares these constants with `package.json`.

/** The prefix of the names of commands, settings, views, colors, and context keys. */
export const contributionPrefix = 'crewaiKickoffs';

export const extensionId = 'kickoffs.crewai-kickoffs';

/** The names of all commands, without the prefix `crewaiKickoffs.`. */
export const commandNames = [
  'track',
  // Only in menus of deployments and of starts whose result is unknown.
  'trackHere',
  'start',
  'startAgain',
  'continueRun',
  'stop',
  'addDeployment',
  'importEnv',
  'setToken',
  'refresh',
  // The button in the view's title. Ignores its argument, because VS Code passes the focused row to such buttons.
  'refreshAll',
  'openOutput',
  'openReport',
  'openRawStatus',
  'moveToDeployment',
  'copyId',
  'copyAllIds',
  'copyOutput',
  'copyError',
  'copyDiagnostics',
  'saveOutput',
  'compareWithPrevious',
  'compareSelected',
  // Does the same as `compareSelected`. Has its own title, for the menu of two selected tasks.
  'compareSelectedTasks',
  'markRead',
  'markAllRead',
  // Only in a deployment's menu. `markAllRead` would mark the runs of all deployments.
  'markDeploymentRead',
  'mute',
  'unmute',
  'rename',
  'remove',
  'undoRemove',
  'editDeployment',
  'deleteToken',
  'removeDeployment',
  'deleteOldRuns',
  'deleteAllData',
  'openInBrowser',
  'openNetworkSettings',
  'openSettings',
  'saveAnswer',
  'showLog',
] as const;

export type CommandName = (typeof commandNames)[number];

export function commandId(name: CommandName): string {
  return `${contributionPrefix}.${name}`;
}

export const viewId = 'crewaiKickoffs.kickoffs';

/** The color of unread rows. The default colors are readable at 70 % opacity, which VS Code uses for descriptions of colored rows. */
export const unreadColorId = 'crewaiKickoffs.unreadForeground';

export const statusBarItemId = 'crewaiKickoffs.status';

/**
 * The context keys for conditions in `package.json`. `isEmpty` and keys with `No` are false until the history is loaded. VS Code
 * ignores a step's condition that is true before the walkthrough opens, so each step has one that also needs the walkthrough in front.
 */
export const contextKeys = {
  isEmpty: 'crewaiKickoffs.isEmpty',
  hasNoRuns: 'crewaiKickoffs.hasNoRuns',
  hasNoMuted: 'crewaiKickoffs.hasNoMuted',
  hasNoTooLarge: 'crewaiKickoffs.hasNoTooLarge',
  hasTracked: 'crewaiKickoffs.hasTracked',
  hasSetToken: 'crewaiKickoffs.hasSetToken',
  hasRead: 'crewaiKickoffs.hasRead',
  reportsWithOutput: 'crewaiKickoffs.reportsWithOutput',
  documentsWithPrevious: 'crewaiKickoffs.documentsWithPrevious',
} as const;

/** The URI scheme of runs' documents, for example of reports and outputs. */
export const documentScheme = 'crewai-kickoff';

/** The keys, default values, and allowed values or limits of all settings, as in `package.json`. */
export const settingDefinitions = {
  notifications: { key: 'crewaiKickoffs.notifications', default: 'all', values: ['all', 'failures', 'none'] },
  openWith: { key: 'crewaiKickoffs.openWith', default: 'report', values: ['report', 'output'] },
  openOutputWhenFinished: { key: 'crewaiKickoffs.openOutputWhenFinished', default: 'never', values: ['never', 'output', 'report'] },
  statusBar: { key: 'crewaiKickoffs.statusBar', default: 'whenActive', values: ['whenActive', 'always', 'never'] },
  keepDays: { key: 'crewaiKickoffs.history.keepDays', default: 0, minimum: 0, maximum: 3_650 },
  keepInputs: { key: 'crewaiKickoffs.history.keepInputs', default: true },
  minimumSeconds: { key: 'crewaiKickoffs.polling.minimumSeconds', default: 3, minimum: 1, maximum: 300 },
  maximumSeconds: { key: 'crewaiKickoffs.polling.maximumSeconds', default: 60, minimum: 10, maximum: 3_600 },
} as const;
