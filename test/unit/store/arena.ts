import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Course } from './course';

/** The bundled script that stands for a window in a process of its own. */
const script = join(__dirname, 'contender.child.js');
/** So long the slowest machine may take for anything. */
const patienceMs = 60_000;

/** The time in which a window held itself to be the one that polls; all times in real milliseconds of the machine's own clock. */
interface Held {
  readonly epoch: number;
  readonly from: number;
  to: number;
  /** Since when it was not stopped. */
  awakeFrom: number;
  readonly beats: number[];
  readonly asks: number[];
}

/** A window in a process of its own. */
export class Contender {
  readonly held: Held[] = [];
  /** What must never be said. */
  readonly faults: string[] = [];
  isReady = false;
  isGone = false;
  readonly #child: ChildProcess;

  constructor(folder: string, name: string, course: Course) {
    const args = ['--no-warnings', script, folder, name, JSON.stringify(course)];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const [at, word, what] = line.split(' ', 3);
      this.#said(Number(at), word, what);
    });
    this.#child.once('exit', () => this.#goes());
  }

  get holds(): Held | undefined {
    const last = this.held.at(-1);
    return last?.to === Infinity ? last : undefined;
  }

  tell(order: 'focus' | 'blur' | 'stop' | 'close'): void {
    this.#child.stdin!.write(`${order}\n`);
  }

  wake(): void {
    if (this.holds) this.holds.awakeFrom = machineNow();
    this.#child.kill('SIGCONT');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
    this.#goes();
  }

  #goes(): void {
    this.isGone = true;
    if (this.holds) this.holds.to = machineNow();
  }

  #said(at: number, word = '', what = ''): void {
    if (word === 'ready') this.isReady = true;
    else if (word === 'leads') this.held.push({ epoch: Number(what), from: at, to: Infinity, awakeFrom: at, beats: [], asks: [] });
    else if (word === 'beats') this.holds?.beats.push(at);
    else if (word === 'asks') this.holds?.asks.push(at);
    else if (word !== 'follows') this.faults.push(`${word} ${what}`);
    else if (this.holds) this.holds.to = at;
  }
}

/** All windows of a folder, also those that are gone. */
export class Arena {
  readonly all: Contender[] = [];

  constructor(
    private readonly folder: string,
    private readonly course: Course,
  ) {}

  get there(): readonly Contender[] {
    return this.all.filter(({ isGone }) => !isGone);
  }

  async fill(count: number): Promise<void> {
    while (this.there.length < count) this.all.push(new Contender(this.folder, `window ${this.all.length + 1}`, this.course));
    await until('all to be ready', () => this.there.every(({ isReady }) => isReady));
  }

  /** The one that polls, when all of these agree and it is another than that. */
  leader(among = this.there, before?: Contender): Promise<Contender> {
    return until('one to poll', () => {
      const holders = among.filter(({ holds }) => holds);
      return holders.length === 1 && holders[0] !== before ? holders[0] : undefined;
    });
  }

  async close(): Promise<void> {
    for (const one of this.there) one.tell('close');
    await until('all to close', () => this.there.length === 0);
  }

  kill(): void {
    for (const one of this.there) one.kill();
  }

  /** Where a window went on as the one that polls after the next had taken over. */
  overlaps(): readonly Overlap[] {
    const tenures = this.all.flatMap(({ held }) => held).sort((one, other) => one.epoch - other.epoch);
    return tenures.slice(1).map((next, index) => {
      const before = tenures[index]!;
      const from = Math.max(next.from, before.awakeFrom);
      const within = (at: number): boolean => at > from && at <= before.to;
      return {
        epochs: [before.epoch, next.epoch],
        milliseconds: Math.max(0, before.to - from),
        beats: before.beats.filter(within).length,
        asks: before.asks.filter(within).length,
      };
    });
  }
}

/** How long two windows polled at once, and what the elder did meanwhile. */
export interface Overlap {
  readonly epochs: readonly [number, number];
  readonly milliseconds: number;
  readonly beats: number;
  readonly asks: number;
}

/** A clock that all processes of this machine share, in milliseconds. */
export function machineNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const began = performance.now(); performance.now() - began < patienceMs;) {
    const found = look();
    if (found) return found;
    await sleep(5);
  }
  throw new Error(`Waited in vain for ${what}.`);
}
