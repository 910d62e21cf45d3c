import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until, type Stage } from './stage';

/** What extension hosts look up and connect to, from their start. */
export interface SocketWatch {
  readonly env: NodeJS.ProcessEnv;
  /** Whoever was looked up or connected to, but for the given host with its port. */
  unexpected(known: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Watches the extension hosts that are started with its environment. */
export async function watchSockets(): Promise<SocketWatch> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-sockets-'));
  const file = path.join(folder, 'sockets');
  await writeFile(file, '');
  return {
    env: { KICKOFFS_SOCKETS: file },
    unexpected: async (known) => {
      const lines = (await readFile(file, 'utf8')).trim().split('\n');
      const { hostname, host } = new URL(known);
      return [...new Set(lines)].filter((line) => line !== '' && line !== `lookup ${hostname}` && line !== `connect ${host}`);
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A listener that nobody may ever connect to. */
export interface Trap {
  readonly url: string;
  readonly host: string;
  readonly connections: number;
  stop(): Promise<void>;
}

/** Starts one; it counts whoever connects, whatever he says. */
export async function startTrap(): Promise<Trap> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    get connections() {
      return connections;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Puts the other extension where a stage finds it. */
export async function installOtherExtension(extensionsDir: string): Promise<void> {
  const target = path.join(extensionsDir, 'kickoffs-tests.stranger-0.0.1');
  await cp('dist/test/stranger', target, { recursive: true });
  await cp('test/support/stranger/package.json', path.join(target, 'package.json'));
}

/** The other extension calls a command; gives at once what comes of it with `outcome`. */
export async function callFromOtherExtension({ window }: Stage, command: string, argument: unknown): Promise<void> {
  await window.command('Stranger: Call a Command');
  await window.box.shows(/Command and argument/);
  await window.box.type(JSON.stringify([command, argument]));
  await window.box.enter();
}

/** Opens a link as if it came from outside. */
export async function openLink({ window }: Stage, link: string): Promise<void> {
  await window.command('Developer: Open URL');
  await window.box.shows(/URL to open/);
  await window.box.type(link);
  await window.box.enter();
}

/** The modal question that is open, each line of it. */
export async function questionIn({ window }: Stage): Promise<readonly string[]> {
  const { text } = await until('a question', () => window.dialog());
  return text.split(/\n+/);
}
