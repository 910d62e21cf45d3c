// `npm run package` creates the VSIX, prints its sizes and checksum, and checks its contents. It fails without a package if a translation is
// missing; tests build without `--translated`. With `-- --twice`, a build in another folder, whose files have other modes, must have the same
// bytes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesReferenced, packaged } from './packagedReadme.mjs';
import { bin, must, root, run } from './steps.mjs';
import { englishTexts, gapsOf, translations } from './translations.mjs';
import { buildTime, filesIn, secretsIn, setModes } from './vsix.mjs';

const vsix = 'dist/crewai-kickoffs.vsix';
const readme = 'dist/README.md';
const ours = /^dist\/(extension|worker|extension\/[\w-]+)\.js$/;
/** The files that the package may contain. */
const allowed = [
  ours,
  /^dist\/README\.md$/,
  /^dist\/l10n\/bundle\.l10n\.[a-z-]+\.json$/,
  /^package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^CHANGELOG\.md$/,
  /^LICENSE(\.txt)?$/,
  /^ThirdPartyNotices\.txt$/,
  /^media\/[\w-]+\.(png|svg|css)$/,
  /^media\/syntaxes\/\w+\.json$/,
];

// Sets the time zone to UTC, because ZIP archives contain local times.
const env = {
  ...process.env,
  SOURCE_DATE_EPOCH: process.env.SOURCE_DATE_EPOCH ?? String(buildTime(readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8'))),
  TZ: 'UTC',
};

const english = await englishTexts(root);
const gaps = [...translations(root)].flatMap(([file, translated]) => gapsOf(english, translated).map((line) => `${file}: ${line}`));
if (gaps.length > 0 && process.argv.includes('--translated')) fail([...gaps, 'CONTRIBUTING.md describes how to add a text.'].join('\n'));

await build();
for (const page of [readme, 'CHANGELOG.md']) {
  const broken = filesReferenced(readFileSync(path.join(root, page), 'utf8'));
  if (broken.length > 0) fail(`${page} has broken links or pictures: ${broken.join(', ')}`);
}
pack();
const first = readFileSync(path.join(root, vsix));
const files = vsce('ls', '--no-dependencies', '--readme-path', readme).trim().split(/\r?\n/);
const strangers = files.filter((file) => !allowed.some((pattern) => pattern.test(file)));
if (strangers.length > 0) fail(`must not be in the package: ${strangers.join(', ')}`);
const translated = [...translations(root).keys()].flatMap((file) => {
  const name = path.basename(file);
  return [`package.nls.${name}`, `dist/l10n/bundle.l10n.${name}`];
});
const missing = translated.filter((file) => !files.includes(file));
if (missing.length > 0) fail(`must be in the package: ${missing.join(', ')}`);

const sizes = files.filter((file) => ours.test(file)).map((file) => statSync(path.join(root, file)).size);
const found = secretsIn(filesIn(first), root);
if (found.length > 0) fail(found.join('\n'));
if (process.argv.includes('--twice')) {
  if (!(await builtElsewhere()).equals(first)) fail('Two builds of the package differ.');
  console.log('two builds have the same bytes');
}
console.log(`${vsix}  ${kB(statSync(path.join(root, vsix)).size)} kB, including pictures of ${kB(pictures())} kB`);
console.log(`SHA-256 ${createHash('sha256').update(first).digest('hex')}`);
console.log(`all JavaScript ${kB(sizes.reduce((sum, size) => sum + size, 0))} kB`);

async function build() {
  await must(process.execPath, ['esbuild.js', '--production']);
  writeFileSync(path.join(root, readme), packaged(readFileSync(path.join(root, 'README.md'), 'utf8')));
}

function pack() {
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  vsce('package', ...flags, '--readme-path', readme, '--out', vsix);
  const archive = readFileSync(path.join(root, vsix));
  setModes(archive);
  writeFileSync(path.join(root, vsix), archive);
}

/** Returns the package of a copy of the source in another folder, or an empty buffer if the build fails. Only the owner may use the files of
 * the copy, as after a clone with umask 077. */
async function builtElsewhere() {
  const copy = mkdtempSync(path.join(tmpdir(), 'kickoffs-package-'));
  try {
    const left = ['.git', '.vscode-test', 'dist', 'node_modules'].map((name) => path.join(root, name));
    cpSync(root, copy, { recursive: true, filter: (from) => !left.includes(from) });
    for (const name of readdirSync(copy, { recursive: true })) {
      const file = path.join(copy, name);
      chmodSync(file, statSync(file).isDirectory() ? 0o700 : 0o600);
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    process.umask(0o077);
    const code = await run(process.execPath, [path.join(copy, 'test/support/package.mjs')]);
    return code === 0 ? readFileSync(path.join(copy, vsix)) : Buffer.alloc(0);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Runs vsce and fails on warnings, which vsce ignores without a terminal. */
function vsce(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin('@vscode/vsce/vsce'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env,
    input: '',
  });
  if (status !== 0 || /WARNING|ERROR/.test(stdout + stderr)) fail(`${stdout}${stderr}`);
  return stdout;
}

function pictures() {
  return files.filter((file) => /^media.*[.](png|svg)$/.test(file)).reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0);
}

function kB(bytes) {
  return (bytes / 1000).toFixed(1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
