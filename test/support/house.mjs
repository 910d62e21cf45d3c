// `npm run house` prints figures of the source: files, lines, folders, the longest file, and the longest function. Prints import cycles,
// including type imports. Prints the share of lines in files that don't import `vscode`, not even indirectly.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './steps.mjs';

const linesOf = (text) => text.trimEnd().split('\n').length;

/** Returns the source file or package of an import. */
function importedBy(from, specifier) {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}.ts`;
  return specifier.startsWith('.') ? `${path.posix.join(path.posix.dirname(from), specifier)}.ts` : specifier;
}

function sourceFile(name) {
  const text = readFileSync(path.join(root, name), 'utf8');
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const imports = new Array();
  const functions = new Array();
  const add = (specifier, isType = false) => {
    if (specifier && ts.isStringLiteral(specifier)) imports.push({ file: importedBy(name, specifier.text), isType });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const { importClause: clause } = node;
      const named = clause?.namedBindings;
      const areTypes = !clause?.name && named && ts.isNamedImports(named) && named.elements.every(({ isTypeOnly }) => isTypeOnly);
      add(node.moduleSpecifier, clause?.isTypeOnly || areTypes);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const owner = ts.findAncestor(node, ts.isClassDeclaration)?.name?.text;
      const own = node.name?.getText() ?? (ts.isConstructorDeclaration(node) ? 'constructor' : undefined);
      if (own !== undefined) functions.push({ name: [owner, own].filter(Boolean).join('.'), lines: linesOf(node.getText()) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { name, lines: linesOf(text), imports, functions };
}

const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => sourceFile(`src/${name.split(path.sep).join('/')}`));
const byName = new Map(files.map((file) => [file.name, file]));

function reached(from, withTypes = true, seen = new Set()) {
  for (const { file, isType } of byName.get(from)?.imports ?? []) {
    if ((isType && !withTypes) || seen.has(file)) continue;
    seen.add(file);
    reached(file, withTypes, seen);
  }
  return seen;
}

/** Returns the groups of files that import one another. */
function cycles() {
  const reach = new Map(files.map(({ name }) => [name, reached(name)]));
  const groups = new Map();
  for (const { name } of files) {
    if (!reach.get(name)?.has(name)) continue;
    const group = files.filter((other) => reach.get(name)?.has(other.name) && reach.get(other.name)?.has(name)).map((other) => other.name);
    groups.set(group.join(' '), group);
  }
  return [...groups.values()];
}

const sum = (some) => some.reduce((total, { lines }) => total + lines, 0);
const free = files.filter(({ name }) => !reached(name, false).has('vscode'));
const folders = [...new Set(files.map(({ name }) => path.posix.dirname(name)))].sort();
const [longestFile] = files.toSorted((one, other) => other.lines - one.lines);
const [longestFunction] = files
  .flatMap(({ name, functions }) => functions.map((one) => ({ file: name, ...one })))
  .sort((one, other) => other.lines - one.lines);

console.log(`${files.length} files, ${sum(files)} lines`);
console.log(`${((100 * sum(free)) / sum(files)).toFixed(1)} % of the lines don't load VS Code`);
console.log(`longest file: ${longestFile?.name}, ${longestFile?.lines} lines`);
console.log(`longest function: ${longestFunction?.name} in ${longestFunction?.file}, ${longestFunction?.lines} lines`);
console.log(`import cycles, with type imports: ${cycles().length}`);
for (const group of cycles()) console.log(`  ${group.map((name) => name.replace(/^src\/|\.ts$/g, '')).join(', ')}`);
console.log('files and lines per folder:');
for (const folder of folders) {
  const some = files.filter(({ name }) => path.posix.dirname(name) === folder);
  console.log(`  ${String(some.length).padStart(3)}  ${String(sum(some)).padStart(6)}  ${folder}`);
}
