// The identifiers that `package.json` contains too. `test/unit/manifest.test.ts` compares the two.

/** The prefix of all contributed names. */
export const section = 'crewaiKickoffs';

/** The identifier of the extension. */
export const extensionId = 'kickoffs.crewai-kickoffs';

/** The names of the commands, without the prefix `crewaiKickoffs.`. */
export const commandNames = [
  'track',
  // Only in a deployment's menu.
  'trackHere',
  'addDeployment',
  'importEnv',
  'setToken',
  'refresh',
  // A button in the view's title. It ignores its argument, because VS Code passes the focused row.
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
  // Only in the menu of two tasks, where it has another title.
  'compareSelectedTasks',
  'markRead',
  'markAllRead',
  // Only in a deployment's menu. `markAllRead` is also in the view's title, where VS Code passes the focused row.
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

/** Returns the identifier of a command in VS Code. */
export function commandId(name: CommandName): string {
  return `${section}.${name}`;
}

export const views = { kickoffs: 'crewaiKickoffs.kickoffs' } as const;

/** The color of unread rows. Its defaults are readable at 70 %, which is how VS Code shows the description of a colored row. */
export const unreadColor = 'crewaiKickoffs.unreadForeground';

export const statusBarId = 'crewaiKickoffs.status';

/**
 * The context keys. All are set without waiting, and only when their value changes.
 *
 * - `isEmpty`: there is no deployment. Shows the welcome text, and disables commands for deployments.
 * - `hasNoRuns`: there is no run. Disables commands for runs.
 * - `hasTracked`, `hasSetToken`, `hasRead`: complete steps of the walkthrough.
 *
 * The first two are true only after the history is loaded, because a context key outlives the extension host. So no command is disabled by mistake.
 */
export const contextKeys = {
  isEmpty: 'crewaiKickoffs.isEmpty',
  hasNoRuns: 'crewaiKickoffs.hasNoRuns',
  hasTracked: 'crewaiKickoffs.hasTracked',
  hasSetToken: 'crewaiKickoffs.hasSetToken',
  hasRead: 'crewaiKickoffs.hasRead',
} as const;

/** The URI scheme of the documents of runs. */
export const scheme = 'crewai-kickoff';

export const settings = {
  minimumSeconds: { key: 'crewaiKickoffs.polling.minimumSeconds', default: 3, minimum: 1, maximum: 300 },
  maximumSeconds: { key: 'crewaiKickoffs.polling.maximumSeconds', default: 60, minimum: 10, maximum: 3_600 },
  notifications: { key: 'crewaiKickoffs.notifications', default: 'all', values: ['all', 'failures', 'none'] },
  openOutputWhenFinished: { key: 'crewaiKickoffs.openOutputWhenFinished', default: 'never', values: ['never', 'output', 'report'] },
  openWith: { key: 'crewaiKickoffs.openWith', default: 'report', values: ['report', 'output'] },
  statusBar: { key: 'crewaiKickoffs.statusBar', default: 'whenActive', values: ['whenActive', 'always', 'never'] },
  keepDays: { key: 'crewaiKickoffs.history.keepDays', default: 0, minimum: 0, maximum: 3_650 },
} as const;
