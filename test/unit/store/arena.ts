import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Course } from './course';

/** The bundled script of a window in a separate process. */
const script = join(__dirname, 'contender.child.js');
/** The time limit of each wait, for the slowest machine. */
const patienceMs = 60_000;

/** A period in which a window considered itself the polling window. All times are in milliseconds of `machineNow()`. */
interface Tenure {
  readonly epoch: number;
  readonly from: number;
  to: number;
  /** The time since which the window isn't suspended. */
  awakeFrom: number;
  readonly beats: number[];
  readonly polls: number[];
}

/** A window in a separate process. */
export class Contender {
  readonly tenures: Tenure[] = [];
  /** Reports of the process that must never occur. */
  readonly faults: string[] = [];
  isReady = false;
  isGone = false;
  readonly #child: ChildProcess;

  constructor(folder: string, name: string, course: Course) {
    const args = ['--no-warnings', script, folder, name, JSON.stringify(course)];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const [at, word, what] = line.split(' ', 3);
      this.#record(Number(at), word, what);
    });
    this.#child.once('exit', () => this.#end());
  }

  get tenure(): Tenure | undefined {
    const last = this.tenures.at(-1);
    return last?.to === Infinity ? last : undefined;
  }

  send(order: 'focus' | 'blur' | 'suspend' | 'close'): void {
    this.#child.stdin!.write(`${order}\n`);
  }

  wake(): void {
    if (this.tenure) this.tenure.awakeFrom = machineNow();
    this.#child.kill('SIGCONT');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
    this.#end();
  }

  #end(): void {
    this.isGone = true;
    if (this.tenure) this.tenure.to = machineNow();
  }

  #record(at: number, word = '', what = ''): void {
    if (word === 'ready') this.isReady = true;
    else if (word === 'leads') this.tenures.push({ epoch: Number(what), from: at, to: Infinity, awakeFrom: at, beats: [], polls: [] });
    else if (word === 'beats') this.tenure?.beats.push(at);
    else if (word === 'polls') this.tenure?.polls.push(at);
    else if (word !== 'follows') this.faults.push(`${word} ${what}`);
    else if (this.tenure) this.tenure.to = at;
  }
}

/** All windows of a folder, including closed and killed windows. */
export class Arena {
  readonly all: Contender[] = [];

  constructor(
    private readonly folder: string,
    private readonly course: Course,
  ) {}

  get open(): readonly Contender[] {
    return this.all.filter(({ isGone }) => !isGone);
  }

  async fill(count: number): Promise<void> {
    while (this.open.length < count) this.all.push(new Contender(this.folder, `window ${this.all.length + 1}`, this.course));
    await until('all windows to be ready', () => this.open.every(({ isReady }) => isReady));
  }

  /** Waits until exactly one of the windows polls and this window isn't `before`. Returns the window. */
  leader(among = this.open, before?: Contender): Promise<Contender> {
    return until('one window to poll', () => {
      const holders = among.filter(({ tenure }) => tenure);
      return holders.length === 1 && holders[0] !== before ? holders[0] : undefined;
    });
  }

  async close(): Promise<void> {
    for (const one of this.open) one.send('close');
    await until('all windows to close', () => this.open.length === 0);
  }

  kill(): void {
    for (const one of this.open) one.kill();
  }

  /**
   * Returns the overlap of each takeover: the period in which two windows considered themselves the polling window, with the heartbeats and
   * polls of the former window. Without an overlap, its `milliseconds` is 0.
   */
  overlaps() {
    const tenures = this.all.flatMap((window) => window.tenures).sort((one, other) => one.epoch - other.epoch);
    return tenures.slice(1).map((next, index) => {
      const before = tenures[index]!;
      const from = Math.max(next.from, before.awakeFrom);
      const within = (at: number): boolean => at > from && at <= before.to;
      return {
        epochs: [before.epoch, next.epoch],
        milliseconds: Math.max(0, before.to - from),
        beats: before.beats.filter(within).length,
        polls: before.polls.filter(within).length,
      };
    });
  }
}

/** Returns the time of a clock that all processes of this machine share, in milliseconds. */
export function machineNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const began = performance.now(); performance.now() - began < patienceMs;) {
    const found = look();
    if (found) return found;
    await sleep(5);
  }
  throw new Error(`Timed out while waiting for ${what}.`);
}
