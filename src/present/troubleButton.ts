import type { Trouble, TroubleKind } from '#core/kickoff/trouble';
import type { words } from '#present/words/words';

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
} as const satisfies Record<TroubleKind, keyof typeof words>;

export type TroubleCommand = (typeof buttons)[TroubleKind];

export function commandFor(kind: TroubleKind): TroubleCommand {
  return buttons[kind];
}

/** Returns the word of a row's context for the button of its problem. */
export function buttonContext({ kind }: Trouble): string {
  return `button-${commandFor(kind)}`;
}
