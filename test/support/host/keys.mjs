// Keys for commands that tests run often. A key needs less CPU time than the Command Palette, which lists all commands each time.
export const closeEditorsKey = 'Control+Alt+F7';
export const clearNotificationsKey = 'Control+Alt+F8';

/** The `keybindings.json` of the user. */
export const keybindings = [
  { key: 'ctrl+alt+f7', command: 'workbench.action.closeAllEditors' },
  { key: 'ctrl+alt+f8', command: 'notifications.clearAll' },
];
