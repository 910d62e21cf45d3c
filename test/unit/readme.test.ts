import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { settings } from '#contributions';
import type { TroubleKind } from '#core/kickoff/trouble';
import { buttonTitle, commandFor } from '#present/troubleButton';
import { words } from '#present/words/words';
import { t } from './present/documents/hostile';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
  };
}

const readme = readFileSync('README.md', 'utf8').replaceAll('\r\n', '\n');
const english = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** Returns the rows of the table whose first header begins with `head`, each as a list of cells. */
function table(head: string): readonly (readonly string[])[] {
  const lines = readme.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`| ${head}`));
  assert.ok(first > 0, head);
  const rows = lines.slice(first + 2);
  return rows.slice(0, rows.indexOf('')).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('The README', () => {
  it('lists exactly the commands of the Command Palette, by their titles', () => {
    const hidden = contributes.menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const titles = contributes.commands
      .filter(({ command }) => !hidden.includes(command))
      .map(({ title }) => english[title.slice(1, -1)] ?? title);
    const listed = table('command').flatMap(([names = '']) => names.split(', ').map((name) => name.replace(/ \(`\w+`\)$/, '')));
    assert.deepEqual([...listed].sort(), [...titles].sort());
  });

  it('lists every setting with its default, values, and limits', () => {
    const listed = table('setting');
    assert.deepEqual(
      listed.map(([name = '', standard = '']) => [`crewaiKickoffs.${name.replaceAll('`', '')}`, standard.replaceAll('`', '')]),
      Object.values(settings).map((setting) => [setting.key, String(setting.default)]),
    );
    for (const [index, setting] of Object.values(settings).entries()) {
      const means = listed[index]?.[2] ?? '';
      if ('values' in setting) for (const value of setting.values) assert.ok(means.includes(`\`${value}\``), `${setting.key}: ${value}`);
      else if (setting.minimum > 0) assert.ok(means.includes(`${setting.minimum}-${setting.maximum}`), setting.key);
    }
  });

  const kinds = {
    ...{ noToken: words.noToken, tokenRefused: words.tokenRefused, notAllowed: words.notAllowed, throttled: words.throttledUntil },
    ...{ serverTrouble: words.serverTrouble, notAnAnswer: words.notAnAnswer, moved: words.movedTo, wrongAddress: words.wrongAddress },
    ...{ nameUnknown: words.nameUnknown, unreachable: words.unreachable, offline: words.offlineSince, certificate: words.certificate },
    ...{ proxy: words.proxy, tooLarge: words.tooLarge, refused: words.refusedBecause, notSaved: words.notSaved },
  } as const satisfies Record<TroubleKind, string>;
  for (const [kind, sentence] of Object.entries(kinds) as [TroubleKind, string][]) {
    it(`explains "${sentence}" and names its button`, () => {
      const [fixed = ''] = sentence.split('{');
      const rows = table('the row says').filter(([says = '']) => says.startsWith(fixed));
      assert.deepEqual(
        rows.map(([, , button]) => button),
        [buttonTitle(commandFor(kind), t)],
      );
      assert.notEqual(rows[0]?.[1], '');
    });
  }

  it("describes no problem that doesn't exist", () => {
    assert.equal(table('the row says').length, Object.keys(kinds).length + 1);
    assert.ok(table('the row says').some(([says]) => says === words.missing));
  });
});
