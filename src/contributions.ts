// Published names and limits. `test/unit/manifest.test.ts` compares these constants with `package.json`.

/** The prefix of the names of commands, settings, views, colors, and context keys. */
export const section = 'crewaiKickoffs';

export const extensionId = 'kickoffs.crewai-kickoffs';

/** Without the prefix `crewaiKickoffs.`. */
export const commandNames = [
  'track',
  // Only in a deployment's menu.
  'trackHere',
  'start',
  'startAgain',
  'continueRun',
  'stop',
  'addDeployment',
  'importEnv',
  'setToken',
  'refresh',
  // A button in the view's title. VS Code passes the focused row to such a button, so the command ignores its argument.
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
  // Only in the menu of two selected tasks, with another title than `compareSelected`.
  'compareSelectedTasks',
  'markRead',
  'markAllRead',
  // Only in a deployment's menu. `markAllRead` can't replace this command, because `markAllRead` ignores its argument.
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
  return `${section}.${name}`;
}

export const views = { kickoffs: 'crewaiKickoffs.kickoffs' } as const;

/** The color of unread rows. VS Code shows the description of a colored row at 70 % opacity. The default colors are readable even then. */
export const unreadColor = 'crewaiKickoffs.unreadForeground';

export const statusBarId = 'crewaiKickoffs.status';

/**
 * `hasTracked`, `hasSetToken`, and `hasRead` are for the walkthrough, which also requires that it is in front. VS Code ignores a condition
 * that is true before the walkthrough opens. `isEmpty` and keys with `No` are false until the history is loaded.
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

export const scheme = 'crewai-kickoff';

export const settings = {
  notifications: { key: 'crewaiKickoffs.notifications', default: 'all', values: ['all', 'failures', 'none'] },
  openWith: { key: 'crewaiKickoffs.openWith', default: 'report', values: ['report', 'output'] },
  openOutputWhenFinished: { key: 'crewaiKickoffs.openOutputWhenFinished', default: 'never', values: ['never', 'output', 'report'] },
  statusBar: { key: 'crewaiKickoffs.statusBar', default: 'whenActive', values: ['whenActive', 'always', 'never'] },
  keepDays: { key: 'crewaiKickoffs.history.keepDays', default: 0, minimum: 0, maximum: 3_650 },
  keepInputs: { key: 'crewaiKickoffs.history.keepInputs', default: true },
  minimumSeconds: { key: 'crewaiKickoffs.polling.minimumSeconds', default: 3, minimum: 1, maximum: 300 },
  maximumSeconds: { key: 'crewaiKickoffs.polling.maximumSeconds', default: 60, minimum: 10, maximum: 3_600 },
} as const;
