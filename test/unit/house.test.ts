import type * as esbuild from 'esbuild';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';
import { historyFailureMessages } from '#core/lib/errors';
import { buttonCommands } from '#present/troubleText';
import { commandWords, inputBoxTextsByWord } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import { words as rowWords } from '#present/words/words';
import { phaseKinds, troubleKinds } from '#test/support/builders';
import { assertNone } from '#test/support/checks';

/** esbuild and TypeScript can't be bundled, so the tests load them at run time. */
const load = createRequire(path.resolve('package.json'));
const { build } = load('esbuild') as typeof esbuild;
const { options } = load('./esbuild.js') as { readonly options: esbuild.BuildOptions };
const typescript = load('typescript') as typeof ts;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file.split(path.sep).join('/')}`)
  .sort();
const textOf = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));

function read(file: string): string {
  return textOf.get(file) ?? '';
}

/** Returns the imports of each source file that remain when types are removed. `isCounted` selects imports. */
async function valueImports(isCounted = (_: { readonly kind: string }) => true): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    entryPoints: files,
    bundle: true,
    write: false,
    outdir: 'dist',
    metafile: true,
    platform: 'node',
    packages: 'external',
    define: { __VERSION__: '""' },
  });
  return new Map(Object.entries(metafile.inputs).map(([file, { imports }]) => [file, imports.filter(isCounted).map((one) => one.path)]));
}

/** Returns every file and package that a file loads, including itself. */
function reached(from: string, graph: ReadonlyMap<string, readonly string[]>, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const next of graph.get(from) ?? []) reached(next, graph, seen);
  return seen;
}

describe('The source code', () => {
  it('has no import cycles', async () => {
    const graph = await valueImports();
    assert.ok(graph.size > 40);
    assertNone(files, (file) => (graph.get(file) ?? []).some((next) => reached(next, graph).has(file)));
  }).timeout(30_000);

  it('loads rarely needed modules only on first use', async () => {
    const atStart = reached('src/extension.ts', await valueImports(({ kind }) => kind !== 'dynamic-import'));
    assert.ok(atStart.has('src/vscode/tree/kickoffTree.ts'));
    const later = ['src/vscode/commands/commands.ts', 'src/present/words/commandWords.ts', 'src/amp/amp.ts'];
    assertNone(later, (file) => atStart.has(file) || !files.includes(file));
  }).timeout(30_000);

  it('uses HTTP in only one file', () => {
    const http = /'node-fetch'|\bglobalThis\.fetch\b|'(?:node:)?https?'/;
    const using = files.filter((file) => http.test(read(file).replace(/^import type .*$/gm, '')));
    assert.deepEqual(using, ['src/amp/http/client.ts']);
  });

  const silenced = files.flatMap((file) =>
    [...read(file).matchAll(/eslint-disable.*|@ts-(?:ignore|expect-error|nocheck).*/g)].map(([comment]) => `${file}: ${comment}`),
  );

  it('disables the linter or the type checker at most three times', () => {
    assert.ok(silenced.length <= 3, silenced.join('\n'));
  });

  it('gives a reason wherever it disables the linter or the type checker', () => {
    assertNone(silenced, (one) => !/ -- \S/.test(one));
  });

  it('never disables the linter or the type checker in core, amp, or store', () => {
    assertNone(silenced, (one) => /^src\/(?:core|amp|store)\//.test(one));
  });

  it('never bypasses the type checker with unknown or any', () => {
    assertNone(files, (file) => /\bas unknown as\b|\bas any\b|: any\b|<any>/.test(read(file)));
  });

  it('comes with a license and third-party notices', () => {
    for (const file of ['LICENSE', 'ThirdPartyNotices.txt']) assert.ok(existsSync(file), file);
  });

  it('has its current version in the changelog', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.ok(readFileSync('CHANGELOG.md', 'utf8').includes(`## ${version}`), 'the change log contains this version');
  });

  it('has a disclaimer in the README', () => {
    assert.match(readFileSync('README.md', 'utf8'), /not affiliated/i);
  });

  it('is described in at most 90 lines of src/README.md', () => {
    assert.ok(readFileSync('src/README.md', 'utf8').split('\n').length <= 90, 'one page');
  });

  for (const page of ['src/README.md', 'docs/decisions.md', 'CONTRIBUTING.md'])
    it(`has each file that ${page} names`, () => {
      const tests = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((file) => `test/${file.replaceAll(path.sep, '/')}`);
      const all = [...readdirSync('.'), ...files, ...tests];
      const named = [...readFileSync(page, 'utf8').matchAll(/`((?:\w+\/)*[\w.]+\.(?:ts|mjs))`/g)].map(([, file = '']) => file);
      assert.ok(named.length > 10);
      assertNone(named, (file) => !all.some((one) => `/${one}`.endsWith(`/${file}`)));
    });
});

describe('The third-party notices', () => {
  /** Returns name and version of every package in the bundle. */
  function packagesIn({ inputs }: esbuild.Metafile): readonly string[] {
    const folders = Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
    return [...new Set(folders)]
      .map((folder) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { name: string; version: string })
      .map(({ name, version }) => `${name} ${version}`)
      .sort();
  }

  it('list exactly the bundled packages with their versions', async function () {
    this.timeout(30_000);
    const { metafile } = await build({ ...options, write: false, metafile: true });
    const notices = readFileSync('ThirdPartyNotices.txt', 'utf8').replace(/\r\n/g, '\n');
    const named = [...notices.matchAll(/^={20,}\n(\S+ \d\S*) \(/gm)].map(([, name = '']) => name).sort();
    assert.deepEqual(named, packagesIn(metafile));
    assert.ok(named.length > 0);
  });
});

describe('The UI texts', () => {
  const words = { ...rowWords, ...commandWords, ...documentWords } as const;
  const names = Object.keys(words) as (keyof typeof words)[];

  it('are all used in the source code', () => {
    const source = files.filter((file) => !/present\/words\/\w+\.ts$/.test(file)).map(read);
    const used = new Set([...source.join('\n').matchAll(/\b(?:words|commandWords|documentWords)\.(\w+)/g)].map(([, name = '']) => name));
    const ofStore = read('src/core/lib/errors.ts');
    const variants = ['', 'Because', 'Retry', 'Soon', 'Advice'];
    const ofTroubles = troubleKinds.flatMap((kind) => [buttonCommands[kind], ...variants.map((variant) => `${kind}${variant}`)]);
    const ofFailures = Object.keys(historyFailureMessages).map((kind) => `${kind}NotSaved`);
    // Problems of links and pasted texts have the names of their messages.
    const ofPastes = ['kickoffLink', 'paste'].flatMap((file) => read(`src/core/paste/${file}.ts`).match(/(?<=')\w+(?=')/g) ?? []);
    const byKind = new Set<string>([...phaseKinds, ...ofTroubles, ...ofFailures, ...ofPastes]);
    // The text of a notification depends on the known parts: task, time, and reason.
    const isByParts = (name: string): boolean => /^notice(?:Failed|Stopped)/.test(name);
    assertNone(names, (name) => !used.has(name) && !byKind.has(name) && !isByParts(name) && !ofStore.includes(words[name]));
  });

  it('have unique names across their files', () => {
    const tables = files.filter((file) => /present\/words\/\w+\.ts$/.test(file)).map(read);
    const all = [...tables.join('\n').matchAll(/^ {2}(\w+): *['"`\n]/gm)].map(([, name = '']) => name);
    assert.ok(all.length > 100);
    assertNone(all, (name) => all.indexOf(name) !== all.lastIndexOf(name));
  });

  it('have placeholders with consecutive numbers from 0', () => {
    for (const name of names) {
      const holes = new Set([...words[name].matchAll(/\{(\d+)\}/g)].map(([, hole]) => Number(hole)));
      assert.deepEqual(
        [...holes].sort(),
        [...holes.keys()].map((_, index) => index),
        name,
      );
    }
  });

  const wanted = Object.keys(inputBoxTextsByWord) as (keyof typeof inputBoxTextsByWord)[];

  function thingsIn(text: string): readonly string[] {
    return wanted.filter((thing) => new RegExp(`\\b${thing}s?\\b`, 'i').test(text));
  }

  for (const thing of wanted) {
    it(`of the input box for a ${thing} mention a ${thing}, and nothing that the box rejects`, () => {
      const mayNameMore = thing === 'kickoff ID';
      const asks = inputBoxTextsByWord[thing].map((name) => commandWords[name]);
      for (const ask of asks)
        assert.deepEqual(
          thingsIn(ask).filter((one) => one !== thing && !(mayNameMore && one === 'URL')),
          [],
          ask,
        );
      assert.ok(thingsIn(asks.join('\n')).includes(thing));
      if (!mayNameMore) assert.doesNotMatch(asks.join('\n'), /\b(?:paste|curl|JSON)\b/i);
    });
  }

  const ofBoxes: readonly string[] = Object.values(inputBoxTextsByWord).flat();

  it('of quick picks, and titles that input boxes share, mention no URL, token, kickoff ID, or label', () => {
    const titles = ['trackTitle', 'addDeploymentTitle', 'moveTitle', 'renameTitle', 'editTitle', 'importTitle'];
    const ofPicks = names.filter((name) => /Placeholder$|^which/.test(name) && !ofBoxes.includes(name));
    assert.ok(ofPicks.length > 5);
    for (const name of [...names.filter((one) => titles.includes(one)), ...ofPicks])
      assert.deepEqual(thingsIn(words[name]), [], `${name} is of a pick, unless it is in inputBoxTextsByWord (commandWords.ts)`);
  });

  it('of Set Token and Add Deployment mention no input other than the token', () => {
    assert.deepEqual(thingsIn(words.setTokenTitle), ['token']);
    assert.equal(words.addDeploymentRow, 'Add Deployment…');
  });

  it('that are prompts are listed in inputBoxTextsByWord (commandWords.ts)', () => {
    assertNone(names, (name) => /Prompt$/.test(name) && !ofBoxes.includes(name));
  });

  it("aren't hard-coded in src/vscode and src/extension.ts", () => {
    const edge = files.filter((file) => file.startsWith('src/vscode/') || file === 'src/extension.ts');
    assert.deepEqual(edge.flatMap(sentencesShownIn), []);
  });

  it("aren't hard-coded in errors that users see", () => {
    assertNone(files, (file) => /new UserFacingError\(\s*['"`]/.test(read(file)));
  });

  it('are translated only in src/vscode/l10n.ts', () => {
    const translating = files.filter((file) => /\bl10n\.t\b/.test(read(file).replace(/\/\*\*.*\*\//g, '')));
    assert.deepEqual(translating, ['src/vscode/l10n.ts']);
  });

  /** Returns the literal texts with letters that the file passes to VS Code's UI. */
  function sentencesShownIn(file: string): readonly string[] {
    const source = typescript.createSourceFile(file, read(file), typescript.ScriptTarget.Latest, true);
    const shownMember = /^(?:title|prompt|place[hH]older|label|description|detail|tooltip|message|validationMessage|overrule|text|name)$/;
    const found: string[] = [];
    const isText = (node: ts.Node): boolean =>
      (typescript.isStringLiteralLike(node) && /\p{L}/u.test(node.text)) ||
      (typescript.isTemplateExpression(node) &&
        /\p{L}/u.test([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('')));
    const note = (node: ts.Node): void => {
      if (isText(node)) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`);
    };
    const visit = (node: ts.Node): void => {
      if (typescript.isCallExpression(node) && /(?:show\w*Message|setStatusBarMessage|l10n\.t|^t)$/.test(node.expression.getText()))
        node.arguments.forEach(note);
      if (typescript.isPropertyAssignment(node) && shownMember.test(node.name.getText())) note(node.initializer);
      if (typescript.isBinaryExpression(node) && typescript.isPropertyAccessExpression(node.left) && shownMember.test(node.left.name.text))
        note(node.right);
      typescript.forEachChild(node, visit);
    };
    visit(source);
    return found;
  }
});
