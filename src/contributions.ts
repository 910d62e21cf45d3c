/** Every identifier shared with package.json. `test/unit/manifest.test.ts` keeps the two equal. */
export const commands = {
  track: 'crewaiKickoffs.track',
  addDeployment: 'crewaiKickoffs.addDeployment',
  importEnv: 'crewaiKickoffs.importEnv',
  setToken: 'crewaiKickoffs.setToken',
  refresh: 'crewaiKickoffs.refresh',
  /** For the view's title: VS Code hands its buttons the focused row, whichever that is. */
  refreshAll: 'crewaiKickoffs.refreshAll',
  openOutput: 'crewaiKickoffs.openOutput',
  openReport: 'crewaiKickoffs.openReport',
  openRawStatus: 'crewaiKickoffs.openRawStatus',
  copyId: 'crewaiKickoffs.copyId',
  copyAllIds: 'crewaiKickoffs.copyAllIds',
  copyOutput: 'crewaiKickoffs.copyOutput',
  saveOutput: 'crewaiKickoffs.saveOutput',
  compareWithPrevious: 'crewaiKickoffs.compareWithPrevious',
  compareSelected: 'crewaiKickoffs.compareSelected',
  markRead: 'crewaiKickoffs.markRead',
  mute: 'crewaiKickoffs.mute',
  unmute: 'crewaiKickoffs.unmute',
  rename: 'crewaiKickoffs.rename',
  remove: 'crewaiKickoffs.remove',
  undoRemove: 'crewaiKickoffs.undoRemove',
  editDeployment: 'crewaiKickoffs.editDeployment',
  deleteToken: 'crewaiKickoffs.deleteToken',
  removeDeployment: 'crewaiKickoffs.removeDeployment',
  deleteOldRuns: 'crewaiKickoffs.deleteOldRuns',
  deleteAllData: 'crewaiKickoffs.deleteAllData',
  openInBrowser: 'crewaiKickoffs.openInBrowser',
  openNetworkSettings: 'crewaiKickoffs.openNetworkSettings',
  saveAnswer: 'crewaiKickoffs.saveAnswer',
  showLog: 'crewaiKickoffs.showLog',
} as const;

export type CommandName = keyof typeof commands;

export const views = { kickoffs: 'crewaiKickoffs.kickoffs' } as const;

export const statusBarId = 'crewaiKickoffs.status';

/** Set when the list has been read, so that the welcome text does not flash up before it. */
export const contextKeys = { ready: 'crewaiKickoffs.ready' } as const;

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
