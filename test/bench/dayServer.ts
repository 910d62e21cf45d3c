import type { Deployment } from '#core/kickoff/deployment';
import { missingAnswer, type Answer, type Observation } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Random } from '#core/lib/types';
import type { StatusSource } from '#core/polling/pollerParts';
import { answer } from '#test/support/builders';
import { type ManualClock, second } from '#test/support/manualClock';
import { activeAnswer } from './paceSimulation';
import type { Run } from './paceWorkloads';

/** A run on its server. Times are milliseconds since the start of the simulation. `end` may be `Infinity`. */
export interface Served {
  readonly host: number;
  readonly run: Run;
  readonly begin: number;
  readonly end: number;
}

/** The times when a host is unreachable, and when it throttles, in milliseconds since the start of the simulation. */
export interface Weather {
  readonly down: readonly [from: number, to: number];
  readonly busy: readonly [from: number, to: number];
}

const retryAfterMs = 120 * second;
/** The share of responses that take seconds. */
const slowShare = 0.01;

/**
 * The largest number of pending requests of one window. A slow request of the window that polled before doesn't count, because its response
 * is still stored.
 */
class InFlight {
  readonly #byWindow = new Map<string, number>();
  most = 0;

  begin(window: string): void {
    const count = (this.#byWindow.get(window) ?? 0) + 1;
    this.#byWindow.set(window, count);
    this.most = Math.max(this.most, count);
  }

  end(window: string): void {
    this.#byWindow.set(window, (this.#byWindow.get(window) ?? 0) - 1);
  }
}

/** One host, with its polls and its pending requests. */
export class Host {
  readonly requests: number[] = [];
  readonly inFlight = new InFlight();

  constructor(readonly weather: Weather) {}
}

/** All hosts of a day. They respond with the status of their runs after a short time. */
export class DayServer {
  readonly runs = new Map<KickoffId, Served>();
  readonly requests: number[] = [];
  readonly inFlight = new InFlight();

  constructor(
    readonly hosts: readonly Host[],
    private readonly clock: ManualClock,
    private readonly random: Random,
    /** Called at each poll of a run. */
    private readonly onPoll: (id: KickoffId) => void,
  ) {}

  sourceOf(window: string): StatusSource {
    return { observe: (deployment, id, signal) => this.#observe(window, deployment, id, signal) };
  }

  async #observe(by: string, _: Deployment, id: KickoffId, signal: AbortSignal): Promise<Observation> {
    const served = this.runs.get(id);
    const host = this.hosts[served?.host ?? NaN];
    if (!served || !host) throw new Error(`The simulation has no run ${id}.`);
    const at = this.clock.elapsed;
    this.onPoll(id);
    this.requests.push(at);
    host.requests.push(at);
    for (const { inFlight } of [host, this]) inFlight.begin(by);
    const latency = this.random() < slowShare ? (3 + 9 * this.random()) * second : 100 + 400 * this.random();
    await this.clock.wait(latency, signal);
    for (const { inFlight } of [host, this]) inFlight.end(by);
    return this.#observation(served, host, at + latency / 2);
  }

  #observation(served: Served, { weather: { down, busy } }: Host, at: number): Observation {
    const isWithin = ([from, to]: Weather['down']): boolean => at >= from && at < to;
    if (isWithin(down)) return { kind: 'unanswered', trouble: { kind: 'unreachable' } };
    if (isWithin(busy)) return { kind: 'unanswered', trouble: { kind: 'throttled', retryAt: this.clock.now() + retryAfterMs } };
    const began = this.clock.now() - this.clock.elapsed + served.begin;
    return { kind: 'answered', answer: answerOf(served, at, began), body: new Uint8Array() };
  }
}

/** Returns the response of a live deployment at a moment. */
function answerOf({ run, begin, end }: Served, at: number, began: number): Answer {
  if (at < begin) return missingAnswer;
  if (at < end) return activeAnswer(run, (at - begin) / second, began);
  const executionSeconds = (end - begin) / second - run.queued;
  return { ...answer('succeeded'), startedAt: began + run.queued * second, executionSeconds };
}
