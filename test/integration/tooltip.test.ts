import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import { HostHealth } from '#core/polling/hostHealth';
import { isFromUser } from '#vscode/commands/target';
import { tooltipOf } from '#vscode/statusBar/tooltip';
import { deployment, kickoff } from '#test/support/builders';

describe('The tooltip of the status bar', () => {
  it("has buttons that count as the user's, so that the user sees an error of their commands", () => {
    const board = new Board(new HostHealth(() => 0.5));
    board.show([deployment()], [kickoff()]);
    const lines = [{ detail: 'A problem', button: { command: 'setToken', title: 'Set Token', about: kickoff() } }] as const;
    const [, encoded = ''] = /\(command:[\w.]+\?(\S+) /.exec(tooltipOf(lines, board).value) ?? [];
    const [target] = JSON.parse(decodeURIComponent(encoded)) as readonly unknown[];
    assert.ok(isFromUser(target));
  });
});
