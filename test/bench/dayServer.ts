import type { Deployment } from '#core/kickoff/deployment';
import { unknownId, type Answer, type Observation } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Random } from '#core/lib/types';
import type { Source } from '#core/polling/ports';
import type { ManualClock } from '#test/support/manualClock';
import type { Run } from './paceWorkloads';

const second = 1_000;

/** A run as its server has it; times are milliseconds that the clock was turned, and `end` may be `Infinity`. */
export interface Served {
  readonly host: number;
  readonly run: Run;
  readonly begin: number;
  readonly end: number;
}

/** When a host cannot be reached, and when it asks for time; milliseconds that the clock was turned. */
export interface Weather {
  readonly down: readonly [from: number, to: number];
  readonly busy: readonly [from: number, to: number];
}

/** How long a busy host asks to be left in peace. */
const peaceMs = 120 * second;
/** One answer in so many takes seconds. */
const slowShare = 0.01;

/** One host, with its polls and its pending requests. */
export class Host {
  readonly asked: number[] = [];
  inFlight = 0;
  mostInFlight = 0;

  constructor(readonly weather: Weather) {}
}

/** All hosts of a day: they answer by what their runs are at, a little later. */
export class DayServer {
  readonly runs = new Map<KickoffId, Served>();
  readonly asked: number[] = [];
  mostInFlight = 0;
  #inFlight = 0;

  constructor(
    readonly hosts: readonly Host[],
    private readonly clock: ManualClock,
    private readonly random: Random,
    /** A window asks of a run. */
    private readonly isAsked: (by: string, id: KickoffId) => void,
  ) {}

  /** The requests of one window. */
  by(window: string): Source {
    return { observe: (deployment, id, signal) => this.#observe(window, deployment, id, signal) };
  }

  async #observe(by: string, _: Deployment, id: KickoffId, signal: AbortSignal): Promise<Observation> {
    const served = this.runs.get(id);
    const host = this.hosts[served?.host ?? NaN];
    if (!served || !host) throw new Error(`The simulation's own run is none: ${id}`);
    const at = this.clock.elapsed;
    this.isAsked(by, id);
    this.asked.push(at);
    host.asked.push(at);
    host.mostInFlight = Math.max(host.mostInFlight, ++host.inFlight);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight);
    const latency = this.random() < slowShare ? (3 + 9 * this.random()) * second : 100 + 400 * this.random();
    await this.#after(latency, signal);
    host.inFlight--;
    this.#inFlight--;
    return this.#said(served, host, at + latency / 2);
  }

  #said(served: Served, { weather: { down, busy } }: Host, at: number): Observation {
    const isWithin = ([from, to]: Weather['down']): boolean => at >= from && at < to;
    if (isWithin(down)) return { kind: 'unanswered', trouble: { kind: 'unreachable' } };
    if (isWithin(busy)) return { kind: 'unanswered', trouble: { kind: 'throttled', retryAt: this.clock.now() + peaceMs } };
    const began = this.clock.now() - this.clock.elapsed + served.begin;
    return { kind: 'answered', answer: answerOf(served, at, began), body: new Uint8Array() };
  }

  #after(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.clock.after(milliseconds, resolve);
      signal.addEventListener('abort', () => {
        timer.dispose();
        resolve();
      });
    });
  }
}

/** The response of a live deployment at a moment: the last task and the count of completed tasks. */
function answerOf({ run, begin, end }: Served, at: number, began: number): Answer {
  const passed = (at - begin) / second;
  const starts = run.tasks.map((_, index) => run.queued + run.tasks.slice(0, index).reduce((sum, task) => sum + task, 0));
  const done = starts.slice(1).filter((bound) => bound <= passed).length;
  if (passed < 0) return unknownId;
  if (passed < run.queued) return { phase: { kind: 'queued' }, progress: {}, tasks: [], hasAllTasks: false };
  const isOver = at >= end;
  return {
    phase: { kind: isOver ? 'succeeded' : 'running' },
    progress: run.tasks.length > 1 && !isOver ? { completed: done, total: run.tasks.length } : {},
    startedAt: began + run.queued * second,
    ...(isOver && { executionSeconds: (end - begin) / second - run.queued }),
    tasks: done > 0 && !isOver ? [{ name: `task ${done}`, output: 'done' }] : [],
    hasAllTasks: false,
  };
}
