import { momentAt, type Moment } from './moment';
import type { FullScript } from './runScript';
import { Troubles, type Trouble } from './trouble';

/** The simulator's clock in milliseconds since the epoch, and the speed in script seconds per second. */
export interface Time {
  readonly now: () => number;
  readonly speed: number;
}

/** The state of a run that a dialect needs for its response. */
export interface RunView {
  readonly id: string;
  readonly kind: 'crew' | 'flow';
  readonly script: FullScript;
  readonly moment: Moment;
  readonly meta: unknown;
  /** The start of the work and its last progress, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Converts script seconds to clock seconds. */
  readonly lasted: (seconds: number) => number;
}

/** The properties of a run that don't depend on the time. A run without a start starts at its first status request. */
type RunFacts = Pick<RunView, 'id' | 'kind' | 'script' | 'meta'> & {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly startedAt: number | undefined;
};

/** A run without timers, whose state depends only on the clock. */
export class Run {
  readonly #troubles: Troubles;
  #startedAt: number | undefined;
  #stoppedAfter = Infinity;

  constructor(
    private readonly facts: RunFacts,
    private readonly time: Time,
  ) {
    this.#troubles = new Troubles(facts.script.trouble);
    this.#startedAt = facts.startedAt;
  }

  get inputs(): RunFacts['inputs'] {
    return this.facts.inputs;
  }

  /** Counts a status request. The first request starts the run if it hasn't started. Returns the fault of the request, if any. */
  countPoll(): Trouble | undefined {
    this.#startedAt ??= this.time.now();
    return this.#troubles.met(this.#elapsed());
  }

  /** Stops the run. Returns the final state if the run had already finished. */
  stop(): 'SUCCESS' | 'FAILURE' | 'REVOKED' | undefined {
    const { kind } = this.view().moment;
    if (kind === 'succeeded') return 'SUCCESS';
    if (kind === 'failed') return 'FAILURE';
    if (kind === 'stopped') return 'REVOKED';
    this.#stoppedAfter = this.#elapsed();
    return undefined;
  }

  view(): RunView {
    const { id, kind, script, meta } = this.facts;
    const elapsed = this.#elapsed();
    const reached = momentAt(script, Math.min(elapsed, this.#stoppedAfter));
    const moment: Moment = elapsed < this.#stoppedAfter ? reached : { ...reached, kind: 'stopped' };
    const lasted = (seconds: number): number => seconds / this.time.speed;
    const startedAt = (this.#startedAt ?? this.time.now()) + lasted(script.queueSeconds ?? 0) * 1000;
    return { id, kind, script, meta, moment, startedAt, updatedAt: startedAt + lasted(moment.worked) * 1000, lasted };
  }

  #elapsed(): number {
    return this.#startedAt === undefined ? 0 : ((this.time.now() - this.#startedAt) / 1000) * this.time.speed;
  }
}
