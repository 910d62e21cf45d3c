import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listing, startDemo } from '#test/simulator/demo';
import { chooseVSCode } from '../support/host/choose.mjs';
import { installHost } from '../support/host/install.mjs';
import { startServer } from '../support/host/server.mjs';

/** Opens VS Code with the packaged extension and a simulated AMP, to try the extension manually. Ends with Ctrl-C. */
async function runDemo(): Promise<void> {
  const demo = await startDemo({ port: 4180 });
  const folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-demo-'));
  const where = { dataDir: path.join(folder, 'data'), extensionsDir: path.join(folder, 'extensions') };
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const { kind, executable } = await chooseVSCode('newest');
  const editor = kind === 'desktop' ? await onDesktop(executable, where) : await inBrowser(where);

  console.log(`\n${listing(demo)}\n`);
  console.log(
    `${editor.message}\n\nPress F1, select "CrewAI: Track Kickoff", and enter an ID, a URL, and a token from above. Press Ctrl-C to quit.`,
  );
  await Promise.race([interrupted, editor.ended]);
  await editor.stop();
  await demo.simulator.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function inBrowser(where: { dataDir: string; extensionsDir: string }) {
  const host = await installHost('newest');
  const server = await startServer(host, { ...where, vsix: path.resolve('dist/crewai-kickoffs.vsix'), port: 4199 });
  return { message: `VS Code ${host.version} is at ${server.url}`, ended: server.ended, stop: server.stop };
}

/** Starts desktop VS Code with the extension from this folder, like F5. */
async function onDesktop(executable: string, { dataDir, extensionsDir }: { dataDir: string; extensionsDir: string }) {
  const args = [
    `--extensionDevelopmentPath=${process.cwd()}`,
    `--user-data-dir=${dataDir}`,
    `--extensions-dir=${extensionsDir}`,
    '--disable-workspace-trust',
  ];
  const child = spawn(executable, [...args, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await once(child, 'spawn');
  return {
    message: 'VS Code has opened in a new window.',
    ended,
    stop: async () => {
      if (child.exitCode === null && child.kill()) await ended;
    },
  };
}

await runDemo();
