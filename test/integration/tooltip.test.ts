import assert from 'node:assert/strict';
import { commandId } from '#contributions';
import { Board } from '#core/history/board';
import { HostHealth } from '#core/polling/hostHealth';
import { isFromUser } from '#vscode/commands/target';
import { tooltipOf } from '#vscode/statusBar/statusBar';
import { deployment, id, key, kickoff } from '#test/support/builders';

describe('The tooltip of the status bar', () => {
  /** Returns the encoded and the decoded argument of the button in a tooltip, and the run of its line. */
  function argumentOfButton() {
    const board = new Board(new HostHealth(() => 0.5));
    const other = deployment({ key: 2, url: 'https://other.example.com/(a)%20b' });
    const run = kickoff({ deployment: key(2), id: id(2) });
    board.show([deployment(), other], [kickoff(), run]);
    const lines = [{ text: 'A problem', button: { command: 'setToken', title: 'Set Token', run } }, { text: 'Another run' }] as const;
    const [, encoded = ''] = /\(command:[\w.]+\?(\S+) /.exec(tooltipOf(lines, board).value) ?? [];
    return { decoded: decodeURIComponent(encoded), other, run };
  }

  it('has buttons that run their commands as user actions for the run in the same line', () => {
    const { decoded, other, run } = argumentOfButton();
    const [target] = JSON.parse(decoded) as readonly unknown[];
    assert.ok(isFromUser(target));
    assert.deepEqual(target, { deployment: other.url, kickoffId: run.id, isLink: true });
  });

  it('has buttons whose arguments stay the same whether VS Code decodes them once or twice', () => {
    const { decoded } = argumentOfButton();
    assert.equal(decodeURIComponent(decoded), decoded);
  });

  it('has no parenthesis in the argument of a button, because a parenthesis could end the link', () => {
    const { decoded } = argumentOfButton();
    assert.match(decoded, /other\.example\.com/);
    assert.doesNotMatch(decoded, /[()]/);
  });

  it('shows special characters as plain text', () => {
    const text = '[x](command:evil) <b> &amp; a@b.co | https://x.co $(bug) ![p](q)';
    const { value, supportHtml, supportThemeIcons } = tooltipOf([{ text }], new Board(new HostHealth(() => 0.5)));
    assert.doesNotMatch(value, /(?<!\\)[<|@&:.[\]()]/);
    assert.ok(!supportHtml && !supportThemeIcons);
  });

  it('shows each run in its own paragraph', () => {
    const { value } = tooltipOf([{ text: 'first' }, { text: 'second' }], new Board(new HostHealth(() => 0.5)));
    assert.deepEqual(value.split('\n\n'), ['first', 'second', '']);
  });

  it('enables exactly the commands of its buttons', () => {
    const board = new Board(new HostHealth(() => 0.5));
    const run = kickoff();
    board.show([deployment()], [run]);
    const buttons = { setToken: 'Set Token', openInBrowser: 'Open in Browser' } as const;
    const commands = ['setToken', 'openInBrowser'] as const;
    const { isTrusted } = tooltipOf(
      commands.map((command) => ({ text: 'A problem', button: { command, title: buttons[command], run } })),
      board,
    );
    assert.deepEqual(isTrusted, { enabledCommands: commands.map(commandId) });
  });
});
