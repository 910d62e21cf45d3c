// `npm run mutants` applies each patch of test/mutants to the source. The unit tests that the patch lists must fail. Arguments select
// patches.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { modernNode } from './host/install.mjs';
import { bin, root } from './steps.mjs';

const folder = path.join(root, 'test/mutants');
const node = await modernNode();

const mutants = readdirSync(folder)
  .filter((file) => file.endsWith('.patch'))
  .map((file) => {
    const patch = readFileSync(path.join(folder, file), 'utf8');
    const [says = ''] = patch.split('\n', 1);
    return { name: path.basename(file, '.patch'), says, tests: /^tests: (.+)$/m.exec(patch)?.[1]?.split(' ') ?? [], patch };
  })
  .filter(({ name }) => process.argv.length === 2 || process.argv.slice(2).includes(name));

/** The time limit of the tests. A mutant that makes a test hang doesn't count as found. */
const timeoutMs = 300_000;

/** The folder in which the mutants are built and tested, with a copy of `src`. */
const place = mkdtempSync(path.join(tmpdir(), 'kickoffs-mutants-'));
for (const name of ['test', 'package.json', 'tsconfig.json', 'media', 'docs'])
  cpSync(path.join(root, name), path.join(place, name), { recursive: true });
symlinkSync(path.join(root, 'node_modules'), path.join(place, 'node_modules'), 'junction');

function runTests(tests) {
  const built = spawnSync(process.execPath, ['test/support/build.mjs', 'unit', `--tests=${tests.join(',')}`], { cwd: place });
  if (built.status !== 0) return { built: false, passed: false, ended: true, output: String(built.stderr) };
  const files = tests.map((name) => `dist/test/unit/${name}.test.js`);
  const ran = spawnSync(node, ['--no-warnings', bin('mocha/bin/mocha.js'), '--bail', ...files], { cwd: place, timeout: timeoutMs });
  // A process that is killed after the time limit has no status.
  return { built: true, passed: ran.status === 0, ended: ran.status !== null, output: `${ran.stdout}${ran.stderr}` };
}

function reset() {
  rmSync(path.join(place, 'src'), { recursive: true, force: true });
  cpSync(path.join(root, 'src'), path.join(place, 'src'), { recursive: true });
}

/** Returns the reason why the tests didn't find a mutant. Returns `undefined` if the tests found the mutant. */
function survival({ tests, patch }) {
  reset();
  const applied = spawnSync('git', ['apply', '-p1', '-'], { cwd: place, input: patch });
  if (applied.status !== 0) return `the patch no longer applies: ${String(applied.stderr).trim()}`;
  if (tests.length === 0) return 'the patch names no tests';
  const { built, passed, ended, output } = runTests(tests);
  if (!built) return `the build fails: ${output}`;
  if (!ended) return 'the tests don’t finish';
  const [missing] = /\w+ is not (?:defined|a function)/.exec(output) ?? [];
  if (missing !== undefined) return `the patch uses a name that no longer exists: ${missing}`;
  return passed ? `${tests.join(' and ')} still pass` : undefined;
}

let survivors = 0;
try {
  reset();
  const all = [...new Set(mutants.flatMap(({ tests }) => tests))];
  const { passed, output } = runTests(all);
  if (!passed) {
    console.error(`The tests fail without a mutant.\n${output.slice(-2_000)}`);
    process.exitCode = 1;
  } else {
    for (const mutant of mutants) {
      const why = survival(mutant);
      if (why !== undefined) survivors++;
      console.log(`${why === undefined ? 'found    ' : 'NOT FOUND'}  ${mutant.name}: ${why ?? mutant.says}`);
    }
    console.log(`\n${mutants.length - survivors} of ${mutants.length} mutants found`);
    if (survivors > 0 || mutants.length === 0) process.exitCode = 1;
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
