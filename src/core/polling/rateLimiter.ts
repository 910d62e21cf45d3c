/** A token bucket: in any w seconds no more than `burst` and one request each `everyMs`. */
interface Limit {
  readonly everyMs: number;
  readonly burst: number;
  /** How many tokens a request costs while the bucket is eased. */
  readonly slowStartCost: number;
}

const perHost: Limit = { everyMs: 500, burst: 10, slowStartCost: 2 };
const overall: Limit = { everyMs: 200, burst: 20, slowStartCost: 2.5 };

/** The part of a burst that only urgent requests may draw on; all that flows in beyond it is anyone's. */
const reservedShare = 1 / 5;

/** For that long requests return slowly. */
const slowStartMs = 10_000;

/** Who wakes so much later than planned was asleep, or somebody set the time of day forward. */
const lateMs = 2_000;

interface Bucket {
  /** When it is full again; the tokens in it follow from that. */
  readonly fullAt: number;
  readonly slowUntil: number;
}

const full: Bucket = { fullAt: 0, slowUntil: 0 };

/** Who wants to ask. */
interface WantedRequest {
  readonly origin: string;
  readonly isUrgent: boolean;
}

/** How many requests may be sent, to a host and in all, whatever the number of runs. */
export class RateLimiter {
  #all = full;
  readonly #hosts = new Map<string, Bucket>();
  /** A host of which nothing was spent here. */
  #unknown = full;
  #wakesAt = Infinity;

  /** When a request may be sent: not later than now when it may be at once. */
  readyAt({ origin, isUrgent }: WantedRequest, now: number): number {
    return Math.max(readyAt(perHost, this.#host(origin), now, isUrgent), readyAt(overall, this.#all, now, isUrgent));
  }

  /** A request is sent. */
  spend(origin: string, now: number): void {
    this.#hosts.set(origin, spent(perHost, this.#host(origin), now));
    this.#all = spent(overall, this.#all, now);
  }

  /** A sick host answered: it starts with nothing saved up. */
  slowStart(origin: string, now: number): void {
    this.#hosts.set(origin, { fullAt: fullAfter(perHost, now), slowUntil: now + slowStartMs });
  }

  /** Another window has spent until then whatever there was. */
  startEmpty(spentUntil: number): void {
    this.#all = { ...full, fullAt: fullAfter(overall, spentUntil) };
    this.#hosts.clear();
    this.#unknown = { ...full, fullAt: fullAfter(perHost, spentUntil) };
  }

  /** Nobody's turn comes before that. */
  expectWakeAt(until: number): void {
    this.#wakesAt = until;
  }

  /** Time that leapt fills no bucket: after a sleep nothing bursts. */
  detectSleep(now: number): void {
    if (now <= this.#wakesAt + lateMs) return;
    this.#all = { fullAt: fullAfter(overall, now), slowUntil: now + slowStartMs };
    for (const [origin, host] of this.#hosts) this.#hosts.set(origin, { ...host, fullAt: fullAfter(perHost, now) });
  }

  /** The time of day was set back by that much: what is spent stays spent. */
  shiftTimes(milliseconds: number): void {
    this.#wakesAt -= milliseconds;
    this.#unknown = shiftBucket(this.#unknown, milliseconds);
    this.#all = shiftBucket(this.#all, milliseconds);
    for (const [origin, host] of this.#hosts) this.#hosts.set(origin, shiftBucket(host, milliseconds));
  }

  #host(origin: string): Bucket {
    return this.#hosts.get(origin) ?? this.#unknown;
  }
}

function costOf(limit: Limit, { slowUntil }: Bucket, now: number): number {
  return now <= slowUntil ? limit.slowStartCost : 1;
}

function readyAt(limit: Limit, bucket: Bucket, now: number, isUrgent: boolean): number {
  const { everyMs, burst } = limit;
  const kept = isUrgent ? 0 : burst * reservedShare;
  return bucket.fullAt - everyMs * (burst - costOf(limit, bucket, now) - kept);
}

function spent(limit: Limit, bucket: Bucket, now: number): Bucket {
  return { ...bucket, fullAt: Math.max(bucket.fullAt, now) + costOf(limit, bucket, now) * limit.everyMs };
}

/** When a bucket that is empty now is full. */
function fullAfter({ everyMs, burst }: Limit, now: number): number {
  return now + burst * everyMs;
}

function shiftBucket({ fullAt, slowUntil }: Bucket, milliseconds: number): Bucket {
  return { fullAt: fullAt - milliseconds, slowUntil: slowUntil - milliseconds };
}
