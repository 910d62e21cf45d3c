import { isFinal, momentAt, type Moment } from './moment';
import type { FullScript } from './runScript';
import { Troubles, type Trouble } from './trouble';

/** Time as the simulator sees it: milliseconds since the epoch, and how many seconds of a script pass in one of them. */
export interface Time {
  readonly now: () => number;
  readonly speed: number;
}

/** What a dialect needs to put a run into words. */
export interface RunView {
  readonly id: string;
  readonly kind: 'crew' | 'flow';
  readonly script: FullScript;
  readonly moment: Moment;
  readonly meta: unknown;
  /** Milliseconds since the epoch: when the work began, and when it last went on. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Turns seconds of a script into those of the clock. */
  readonly lasted: (seconds: number) => number;
}

/** What makes up a run besides the passing of time. */
export interface RunFacts {
  readonly id: string;
  readonly kind: 'crew' | 'flow';
  readonly script: FullScript;
  readonly meta: unknown;
  /** Undefined for a run that starts when it is first asked about. */
  readonly startedAt: number | undefined;
  /** Never gets beyond the middle of its first task. */
  readonly isStuck: boolean;
}

/** One run: it holds no timer, and its whole state follows from the clock. */
export class Run {
  readonly #troubles: Troubles;
  #startedAt: number | undefined;
  #stoppedAt: number | undefined;

  constructor(
    private readonly facts: RunFacts,
    private readonly time: Time,
  ) {
    this.#troubles = new Troubles(facts.script.trouble);
    this.#startedAt = facts.startedAt;
  }

  /** Counts one request for the status, which starts a run that was waiting for it. */
  asked(): Trouble | undefined {
    this.#startedAt ??= this.time.now();
    return this.#troubles.met(this.#elapsed());
  }

  /** False when the run had already ended. */
  stop(): boolean {
    this.#startedAt ??= this.time.now();
    if (isFinal(this.#moment())) return false;
    this.#stoppedAt = this.#elapsed();
    return true;
  }

  view(): RunView {
    const { id, kind, script, meta } = this.facts;
    const moment = this.#moment();
    const lasted = (seconds: number): number => seconds / this.time.speed;
    const startedAt = (this.#startedAt ?? this.time.now()) + lasted(script.queueSeconds ?? 0) * 1000;
    return { id, kind, script, meta, moment, startedAt, updatedAt: startedAt + lasted(moment.worked) * 1000, lasted };
  }

  #moment(): Moment {
    const { script, isStuck } = this.facts;
    const halfOfTheFirst = (script.queueSeconds ?? 0) + (script.tasks[0]?.seconds ?? 0) / 2;
    const elapsed = Math.min(this.#elapsed(), isStuck ? halfOfTheFirst : Infinity);
    if (this.#stoppedAt === undefined) return momentAt(script, elapsed);
    return { ...momentAt(script, Math.min(elapsed, this.#stoppedAt)), kind: 'stopped' };
  }

  #elapsed(): number {
    return this.#startedAt === undefined ? 0 : ((this.time.now() - this.#startedAt) / 1000) * this.time.speed;
  }
}
