// `npm run house` prints figures of the source: files, lines, comments, folders, the longest file, and the longest function. Prints import
// cycles, including type imports. Prints the share of lines in files that don't import `vscode`, not even indirectly. Prints the words of each
// document.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './steps.mjs';

const linesOf = (text) => text.trimEnd().split('\n').length;
const names = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
/** The text of each file, by its path without ending, as in imports. */
const texts = new Map(
  names.map((name) => [`src/${name.slice(0, -3).split(path.sep).join('/')}`, readFileSync(path.join(root, 'src', name), 'utf8')]),
);
const imports = /^(?:import|export) (type )?[^;]*?(?:from |require\()'([^']+)'|\bimport\('([^']+)'\)/gm;

/** Returns all direct and indirect imports of a file. */
function reached(from, withTypes = true, seen = new Set()) {
  for (const [, isType, named, dynamic] of (texts.get(from) ?? '').matchAll(imports)) {
    const to = named ?? dynamic;
    const file = to.startsWith('.') ? path.posix.join(path.posix.dirname(from), to) : to.replace(/^#/, 'src/');
    if ((isType && !withTypes) || seen.has(file)) continue;
    seen.add(file);
    reached(file, withTypes, seen);
  }
  return seen;
}

/** Returns the groups of files that import one another. */
function cycles() {
  const reach = new Map([...texts.keys()].map((name) => [name, reached(name)]));
  const group = (name) => [...texts.keys()].filter((other) => reach.get(name).has(other) && reach.get(other).has(name));
  return [...new Set([...texts.keys()].map((name) => group(name).join(', ')))].filter(Boolean);
}

function functionsIn([file, text]) {
  const functions = [];
  const visit = (node) => {
    const owner = ts.findAncestor(node, ts.isClassDeclaration)?.name.text;
    const own = ts.isConstructorDeclaration(node) ? 'constructor' : node.name?.getText();
    if (ts.isFunctionLike(node) && node.body && own)
      functions.push({ file, name: [owner, own].filter(Boolean).join('.'), lines: linesOf(node.getText()) });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return functions;
}

/** Returns the lines that contain nothing but a comment, and all lines that aren't blank. */
function commentLines() {
  const lines = [...texts.values()].flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
  return [lines.filter((line) => /^\s*(?:\/\/|\/\*|\*(?:[ /]|$))/.test(line)).length, lines.length];
}

/** Returns the number of words of each Markdown file, as `wc -w` counts them. */
function wordsInDocuments() {
  const names = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const words = (name) => readFileSync(path.join(root, name), 'utf8').split(/\s+/).filter(Boolean).length;
  // Git also lists files that were deleted since the last commit.
  return names.filter((name) => existsSync(path.join(root, name))).map((name) => [name, words(name)]);
}

const sum = (some) => some.reduce((total, name) => total + linesOf(texts.get(name)), 0);
const all = [...texts.keys()];
const free = all.filter((name) => !reached(name, false).has('vscode'));
const [longestFile] = all.toSorted((one, other) => linesOf(texts.get(other)) - linesOf(texts.get(one)));
const folders = [...new Set(all.map((name) => path.posix.dirname(name)).sort())].map((folder) => ({
  folder,
  files: all.filter((name) => path.posix.dirname(name) === folder),
}));
const [largest] = folders.toSorted((one, other) => other.files.length - one.files.length);
const [comments, notBlank] = commentLines();
const documents = wordsInDocuments();
const [longest] = [...texts].flatMap(functionsIn).sort((one, other) => other.lines - one.lines);

console.log(`${all.length} files, ${sum(all)} lines`);
console.log(`${((100 * sum(free)) / sum(all)).toFixed(1)} % of the lines don't load VS Code`);
console.log(`${((100 * comments) / notBlank).toFixed(1)} % of the lines that aren't blank are comments (${comments} of ${notBlank})`);
console.log(`longest file: ${longestFile}, ${linesOf(texts.get(longestFile))} lines`);
console.log(`longest function: ${longest.name} in ${longest.file}, ${longest.lines} lines`);
console.log(`largest folder: ${largest.folder}, ${largest.files.length} files`);
console.log(`import cycles, with type imports: ${cycles().length}`);
for (const group of cycles()) console.log(`  ${group}`);
console.log('files and lines per folder:');
for (const { folder, files } of folders) console.log(`  ${String(files.length).padStart(3)}  ${String(sum(files)).padStart(6)}  ${folder}`);
console.log(`words in documents: ${documents.reduce((total, [, words]) => total + words, 0)}`);
for (const [name, words] of documents) console.log(`  ${String(words).padStart(6)}  ${name}`);
