/** A token bucket: at most `burst` requests at once, and one more every `msPerToken` milliseconds. */
interface Limit {
  readonly msPerToken: number;
  readonly burst: number;
  /** Tokens per request during a slow start. */
  readonly slowStartCost: number;
}

const hostLimit: Limit = { msPerToken: 500, burst: 10, slowStartCost: 2 };
const overallLimit: Limit = { msPerToken: 200, burst: 20, slowStartCost: 2.5 };

/** The share of each bucket that is reserved for urgent requests. */
const reservedShare = 1 / 5;

/** The duration of a slow start, after a host recovered or the machine slept. */
const slowStartMs = 10_000;

/** The lateness of a timer that shows that the machine slept or the system clock was set ahead. */
const sleepLatenessMs = 2_000;

interface Bucket {
  /** The time when the bucket is full again. The number of tokens follows from this time. */
  readonly fullAt: number;
  readonly slowUntil: number;
}

const fullBucket: Bucket = { fullAt: 0, slowUntil: 0 };

export class RateLimiter {
  #overallBucket = fullBucket;
  readonly #hostBuckets = new Map<string, Bucket>();
  #newHostBucket = fullBucket;
  #wakesAt = Infinity;

  /** Returns when a request may be sent; `now` or earlier if immediately. */
  readyAt({ origin, isUrgent }: { readonly origin: string; readonly isUrgent: boolean }, now: number): number {
    return Math.max(readyAt(hostLimit, this.#hostBucket(origin), now, isUrgent), readyAt(overallLimit, this.#overallBucket, now, isUrgent));
  }

  spend(origin: string, now: number): void {
    this.#hostBuckets.set(origin, spentBucket(hostLimit, this.#hostBucket(origin), now));
    this.#overallBucket = spentBucket(overallLimit, this.#overallBucket, now);
  }

  beginSlowStart(origin: string, now: number): void {
    this.#hostBuckets.set(origin, { fullAt: fullAfter(hostLimit, now), slowUntil: now + slowStartMs });
  }

  /** Empties all buckets as of `spentUntil`, because every token may have been used until then. */
  emptyBuckets(spentUntil: number): void {
    this.#overallBucket = { ...fullBucket, fullAt: fullAfter(overallLimit, spentUntil) };
    this.#hostBuckets.clear();
    this.#newHostBucket = { ...fullBucket, fullAt: fullAfter(hostLimit, spentUntil) };
  }

  expectWakeAt(wakesAt: number): void {
    this.#wakesAt = wakesAt;
  }

  /** If the wake-up is late, empties the buckets and begins an overall slow start, because all runs are due after sleep. */
  emptyAfterSleep(now: number): void {
    if (now <= this.#wakesAt + sleepLatenessMs) return;
    this.#overallBucket = { fullAt: fullAfter(overallLimit, now), slowUntil: now + slowStartMs };
    for (const [origin, bucket] of this.#hostBuckets) this.#hostBuckets.set(origin, { ...bucket, fullAt: fullAfter(hostLimit, now) });
  }

  #hostBucket(origin: string): Bucket {
    return this.#hostBuckets.get(origin) ?? this.#newHostBucket;
  }
}

function costOf(limit: Limit, { slowUntil }: Bucket, now: number): number {
  return now <= slowUntil ? limit.slowStartCost : 1;
}

function readyAt(limit: Limit, bucket: Bucket, now: number, isUrgent: boolean): number {
  const { msPerToken, burst } = limit;
  const reservedTokens = isUrgent ? 0 : burst * reservedShare;
  return bucket.fullAt - msPerToken * (burst - costOf(limit, bucket, now) - reservedTokens);
}

function spentBucket(limit: Limit, bucket: Bucket, now: number): Bucket {
  return { ...bucket, fullAt: Math.max(bucket.fullAt, now) + costOf(limit, bucket, now) * limit.msPerToken };
}

function fullAfter({ msPerToken, burst }: Limit, emptyAt: number): number {
  return emptyAt + burst * msPerToken;
}
