/** Every identifier shared with package.json. `test/unit/manifest.test.ts` keeps the two equal. */
/** The prefix of all contributed names. */
export const section = 'crewaiKickoffs';

/** The identifier of the extension. */
export const extensionId = 'kickoffs.crewai-kickoffs';

/** The names of the commands. */
export const commandNames = [
  'track',
  // For a deployment's menu.
  'trackHere',
  'addDeployment',
  'importEnv',
  'setToken',
  'refresh',
  // For the view's title: VS Code hands its buttons the focused row, whichever that is.
  'refreshAll',
  'openOutput',
  'openReport',
  'openRawStatus',
  'moveToDeployment',
  'copyId',
  'copyAllIds',
  'copyOutput',
  'copyError',
  'saveOutput',
  'compareWithPrevious',
  'compareSelected',
  // For the menu of two tasks, with a title of its own.
  'compareSelectedTasks',
  'markRead',
  'markAllRead',
  // For a deployment's menu: VS Code passes the focused row to the buttons of the view's title too.
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

/** The identifier of a command in the editor. */
export function commandId(name: CommandName): string {
  return `${section}.${name}`;
}

export const views = { kickoffs: 'crewaiKickoffs.kickoffs' } as const;

export const statusBarId = 'crewaiKickoffs.status';

/**
 * `isEmpty` is true while the list is known to be empty. A context key outlives the extension host, so its old value must not claim more than that.
 * The other keys complete steps of the walkthrough.
 */
export const contextKeys = {
  isEmpty: 'crewaiKickoffs.isEmpty',
  hasTracked: 'crewaiKickoffs.hasTracked',
  hasSetToken: 'crewaiKickoffs.hasSetToken',
} as const;

/** The scheme of the documents that a run leaves. */
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
