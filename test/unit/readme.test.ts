import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { settingDefinitions } from '#contributions';
import type { TroubleKind } from '#core/kickoff/trouble';
import { buttonCommands } from '#present/troubleText';
import { words } from '#present/words/words';
import manifest from '../../package.json';
import manifestTexts from '../../package.nls.json';
import { filesReferenced, packaged } from '../support/packagedReadme.mjs';
import { t } from './present/documents/hostile';

const { commands, menus } = manifest.contributes;
const english: Readonly<Record<string, string>> = manifestTexts;
const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'src/README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];

function textOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll('\r\n', '\n');
}

/** Returns the rows of the table whose first header begins with `head`, each as a list of cells. */
function table(page: string, head: string): readonly (readonly string[])[] {
  const lines = textOf(page).split('\n');
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

function problems(): readonly (readonly string[])[] {
  return table('docs/troubleshooting.md', 'The row shows');
}

/** Returns the anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('The documentation', () => {
  it('lists exactly the commands of the Command Palette, by their titles', () => {
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const titles = commands.filter(({ command }) => !hidden.includes(command)).map(({ title }) => english[title.slice(1, -1)] ?? title);
    const listed = table('docs/commands.md', 'Command').flatMap(([names = '']) =>
      names.split(', ').map((name) => name.replace(/ \(`\w+`\)$/, '')),
    );
    assert.deepEqual([...listed].sort(), [...titles].sort());
  });

  it('has the command that opens VS Code with the extension, and the command that runs all tests, each once', () => {
    const commandLines = textOf('README.md').split('\n');
    for (const command of ['npm ci && npm start', 'npm ci && npm test'])
      assert.equal(commandLines.filter((line) => line === command).length, 1, command);
  });

  it('lists every setting with its default, values, and limits', () => {
    const listed = table('docs/commands.md', 'Setting');
    assert.deepEqual(
      listed.map(([name = '', standard = '']) => [`crewaiKickoffs.${name.replaceAll('`', '')}`, standard.replaceAll('`', '')]),
      Object.values(settingDefinitions).map((setting) => [setting.key, String(setting.default)]),
    );
    for (const [index, setting] of Object.values(settingDefinitions).entries()) {
      const means = listed[index]?.[2] ?? '';
      if ('values' in setting) for (const value of setting.values) assert.ok(means.includes(`\`${value}\``), `${setting.key}: ${value}`);
      else if ('minimum' in setting && setting.minimum > 0) assert.ok(means.includes(`${setting.minimum}–${setting.maximum}`), setting.key);
    }
  });

  const kinds = {
    ...{ noToken: words.noToken, tokenRefused: words.tokenRefused, notAllowed: words.notAllowed, throttled: words.throttledRetry },
    ...{ serverTrouble: words.serverTrouble, notAnAnswer: words.notAnAnswer, moved: words.movedTo, wrongAddress: words.wrongAddress },
    ...{ nameUnknown: words.nameUnknown, unreachable: words.unreachable, offline: words.offlineSince, certificate: words.certificate },
    ...{ proxy: words.proxy, tooLarge: words.tooLarge, refused: words.refusedBecause, notSaved: words.notSaved },
  } as const satisfies Record<TroubleKind, string>;
  for (const [kind, sentence] of Object.entries(kinds) as [TroubleKind, string][]) {
    it(`explains the problem "${sentence}" with its button`, () => {
      const [fixed = ''] = sentence.split('{');
      const [row, ...others] = problems().filter(([says = '']) => says.startsWith(fixed));
      assert.deepEqual([row?.[2], others], [t(words[buttonCommands[kind]]), []]);
      assert.notEqual(row?.[1], '');
    });
  }

  it('describes only existing problems and the status “not found”', () => {
    assert.equal(problems().length, Object.keys(kinds).length + 1);
    assert.ok(problems().some(([says]) => says === words.missingInRow));
  });

  it('describes frequent problems in the README with the same texts as in docs/troubleshooting.md', () => {
    const known = problems().map(([says]) => says);
    const shown = table('README.md', 'The row shows').map(([says]) => says);
    assert.equal(shown.length, 4);
    for (const says of shown) assert.ok(known.includes(says), says);
  });

  it('links only to files and headings that exist', () => {
    for (const page of pages) {
      for (const [, target = ''] of textOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [name = '', anchor] = target.split('#');
        const file = name === '' ? page : path.posix.join(path.posix.dirname(page), name);
        assert.ok(existsSync(file), `${page}: ${target}`);
        if (anchor !== undefined) assert.ok(anchorsOf(file).includes(anchor), `${page}: ${target}`);
      }
    }
  });

  it('lists the variables of .env files that the import recognizes', () => {
    const listed = table('docs/commands.md', 'URL').map((cells) => cells.map((cell) => cell.replaceAll('`', '')));
    const source = readFileSync('src/core/paste/envFile.ts', 'utf8');
    const recognized = [...source.matchAll(/^ {2}(\w+): '(\w+)',$/gm)].map(([, url = '', token = '']) => [url, token]);
    assert.ok(recognized.length > 1);
    assert.deepEqual(listed, recognized);
  });
});

describe('The README', () => {
  const wordsIn = (part: string): number => part.split(/\s+/).filter((word) => /\w/.test(word)).length;

  it('has at most 1,000 words', () => {
    assert.ok(wordsIn(textOf('README.md')) <= 1_000);
  });

  it('has the first step within 150 words', () => {
    const text = textOf('README.md');
    assert.ok(wordsIn(text.slice(0, text.indexOf('clone this repository'))) <= 150);
  });

  const inPackage = packaged(textOf('README.md'));

  it('in the package refers to no file, path, or command that only the repository has', () => {
    assert.deepEqual([filesReferenced(inPackage), filesReferenced(textOf('CHANGELOG.md'))], [[], []]);
    assert.ok(filesReferenced(textOf('README.md')).length > 5);
    assert.doesNotMatch(inPackage, /docs\/|media\/|\.md\b|npm |Clone/, 'nor a path or a command that only the repository has');
  });

  it('contains the sections Track a run and Troubleshooting and the license even in the package', () => {
    for (const part of ['## Track a run', '## Troubleshooting', '\nMIT. `ThirdPartyNotices.txt`'])
      assert.ok(inPackage.includes(part), part);
  });

  it('has neither trailing spaces nor consecutive blank lines in the package', () => {
    assert.doesNotMatch(inPackage, / \n|\n{3}/);
  });
});
