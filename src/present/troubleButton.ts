import type { Trouble, TroubleKind } from '#core/kickoff/trouble';
import { words, type Translate } from '#present/words/words';

const titles = {
  setToken: words.setToken,
  showLog: words.showLog,
  refresh: words.refresh,
  openInBrowser: words.openInBrowser,
  editDeployment: words.editTitle,
  openNetworkSettings: words.openNetworkSettings,
  saveAnswer: words.saveAnswer,
  openRawStatus: words.openRawStatus,
} as const;

export type TroubleCommand = keyof typeof titles;

const buttons = {
  noToken: 'setToken',
  tokenRefused: 'setToken',
  notAllowed: 'setToken',
  throttled: 'showLog',
  serverTrouble: 'refresh',
  notAnAnswer: 'openInBrowser',
  moved: 'editDeployment',
  wrongAddress: 'editDeployment',
  nameUnknown: 'editDeployment',
  unreachable: 'refresh',
  offline: 'refresh',
  certificate: 'openNetworkSettings',
  proxy: 'openNetworkSettings',
  tooLarge: 'saveAnswer',
  refused: 'openRawStatus',
  notSaved: 'showLog',
} as const satisfies Record<TroubleKind, TroubleCommand>;

export function commandFor(kind: TroubleKind): TroubleCommand {
  return buttons[kind];
}

export function buttonTitle(command: TroubleCommand, t: Translate): string {
  return t(titles[command]);
}

export function buttonContext(trouble: Trouble | undefined): readonly string[] {
  return trouble ? [`button-${commandFor(trouble.kind)}`] : [];
}
