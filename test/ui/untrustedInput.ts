import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listen } from '#test/support/localServer';
import { until, type Stage } from './stage';

/** Logs the host name lookups and connections of extension hosts that start with the returned `env`. */
export async function watchSockets() {
  const folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-sockets-'));
  const file = path.join(folder, 'sockets');
  await writeFile(file, '');
  return {
    env: { KICKOFFS_SOCKETS: file },
    /** Returns all lookups and connections, except for the host and port of the URL `known`. */
    unexpected: async (known: string) => {
      const lines = (await readFile(file, 'utf8')).trim().split('\n');
      const { hostname, host } = new URL(known);
      return [...new Set(lines)].filter((line) => line !== '' && line !== `lookup ${hostname}` && line !== `connect ${host}`);
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The network of extension hosts, as `host/network.mjs` describes it. */
interface Network {
  readonly isDown?: boolean;
  readonly hosts: Readonly<Record<string, string>>;
}

/** Simulates a network for extension hosts that start with the returned `env`. `folder` is for other files of the test. */
export async function simulateNetwork(network: Network) {
  const folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-network-'));
  const file = path.join(folder, 'network.json');
  const change = (next: Network): Promise<void> => writeFile(file, JSON.stringify(next));
  await change(network);
  return { env: { KICKOFFS_NETWORK: file }, change, folder, stop: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts a server that counts connections and closes them immediately. */
export async function startTrap() {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  const url = await listen(server);
  return {
    url,
    host: new URL(url).host,
    get connections() {
      return connections;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export async function installOtherExtension(extensionsDir: string): Promise<void> {
  const target = path.join(extensionsDir, 'kickoffs-tests.stranger-0.0.1');
  await cp('dist/test/stranger', target, { recursive: true });
  await cp('test/support/stranger/package.json', path.join(target, 'package.json'));
}

/** Makes the other extension call a command. Doesn't wait for the result, which the other extension shows in a notification. */
export async function callFromOtherExtension({ window }: Stage, command: string, argument: unknown): Promise<void> {
  await window.command('Stranger: Call a Command');
  await window.box.fill(/Command and argument/, JSON.stringify([command, argument]));
}

/** Opens a link as if another program opened it. */
export async function openLink({ window }: Stage, link: string): Promise<void> {
  await window.command('Developer: Open URL');
  await window.box.fill(/URL to open/, link);
}

export async function questionIn({ window }: Stage): Promise<readonly string[]> {
  return (await until('a dialog', () => window.dialog())).split(/\n+/);
}
