/** A token bucket: in any w seconds no more than `burst` and one request each `everyMs`. */
interface Limit {
  readonly everyMs: number;
  readonly burst: number;
}

const aHost: Limit = { everyMs: 500, burst: 10 };
const inAll: Limit = { everyMs: 200, burst: 20 };

/** The part of a burst that only urgent requests may draw on; all that flows in beyond it is anyone's. */
const keptShare = 1 / 5;

/** For that long a host that was sick gets half as much, so that its runs return slowly. */
const easedMs = 10_000;
const easedCost = 2;

interface Host {
  /** When the bucket is full again; the tokens in it follow from that. */
  readonly fullAt: number;
  readonly easedUntil: number;
}

/** Who wants to ask. */
export interface Asking {
  readonly origin: string;
  readonly isUrgent: boolean;
}

/** How many requests may be sent, to a host and in all, whatever the number of runs. */
export class Budget {
  #fullAt = 0;
  readonly #hosts = new Map<string, Host>();

  /** When a request may be sent: not later than now when it may be at once. */
  readyAt({ origin, isUrgent }: Asking, now: number): number {
    const host = this.#host(origin);
    return Math.max(host.fullAt - leastRoom(aHost, costOf(host, now), isUrgent), this.#fullAt - leastRoom(inAll, 1, isUrgent));
  }

  /** A request is sent. */
  spend(origin: string, now: number): void {
    const host = this.#host(origin);
    this.#hosts.set(origin, { ...host, fullAt: Math.max(host.fullAt, now) + costOf(host, now) * aHost.everyMs });
    this.#fullAt = Math.max(this.#fullAt, now) + inAll.everyMs;
  }

  /** A sick host answered: it starts with nothing saved up. */
  ease(origin: string, now: number): void {
    this.#hosts.set(origin, { fullAt: now + aHost.burst * aHost.everyMs, easedUntil: now + easedMs });
  }

  /** The time of day was set back by that much: what is spent stays spent. */
  turnedBack(milliseconds: number): void {
    this.#fullAt -= milliseconds;
    for (const [origin, { fullAt, easedUntil }] of this.#hosts)
      this.#hosts.set(origin, { fullAt: fullAt - milliseconds, easedUntil: easedUntil - milliseconds });
  }

  #host(origin: string): Host {
    return this.#hosts.get(origin) ?? { fullAt: 0, easedUntil: 0 };
  }
}

function costOf({ easedUntil }: Host, now: number): number {
  return now <= easedUntil ? easedCost : 1;
}

/** How long before the bucket is full there is enough in it for one request. */
function leastRoom({ everyMs, burst }: Limit, cost: number, isUrgent: boolean): number {
  return everyMs * (burst - cost - (isUrgent ? 0 : burst * keptShare));
}
