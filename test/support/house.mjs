// `npm run tool -- house` prints figures of the source: files, lines, folders, the longest file, and the longest function. Prints import cycles,
// including type imports. Prints the share of lines in files that don't import `vscode`, not even indirectly.
import { readdirSync, readFileSync } from 'node:fs';
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

const sum = (some) => some.reduce((total, name) => total + linesOf(texts.get(name)), 0);
const all = [...texts.keys()];
const free = all.filter((name) => !reached(name, false).has('vscode'));
const [longestFile] = all.toSorted((one, other) => linesOf(texts.get(other)) - linesOf(texts.get(one)));
const [longest] = [...texts].flatMap(functionsIn).sort((one, other) => other.lines - one.lines);

console.log(`${all.length} files, ${sum(all)} lines`);
console.log(`${((100 * sum(free)) / sum(all)).toFixed(1)} % of the lines don't load VS Code`);
console.log(`longest file: ${longestFile}, ${linesOf(texts.get(longestFile))} lines`);
console.log(`longest function: ${longest.name} in ${longest.file}, ${longest.lines} lines`);
console.log(`import cycles, with type imports: ${cycles().length}`);
for (const group of cycles()) console.log(`  ${group}`);
console.log('files and lines per folder:');
for (const folder of new Set(all.map((name) => path.posix.dirname(name)).sort())) {
  const some = all.filter((name) => path.posix.dirname(name) === folder);
  console.log(`  ${String(some.length).padStart(3)}  ${String(sum(some)).padStart(6)}  ${folder}`);
}
