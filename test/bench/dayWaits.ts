import type { KickoffId } from '#core/kickoff/kickoffId';
import { aHost, inAll } from '#test/support/ceiling';
import { second } from '#test/support/manualClock';

type Span = readonly [from: number, to: number];

/** The last response of a run. The time is undefined before the first response. */
interface LastResponse {
  readonly host: number;
  readonly at: number | undefined;
  /** The run's poll interval in seconds. */
  readonly interval: number;
  /** The fair wait, in multiples of the interval. */
  readonly share: number;
  /** The longest interval since the response, because each window that takes over plans the run again. */
  longest: number;
}

/** Measures the longest wait from a response to the next request, in multiples of the wait that is fair at the request limit. */
export class DayWaits {
  longestByShare = 0;
  readonly #responses = new Map<KickoffId, LastResponse>();
  /** The requests per second that the runs of each host would need without limits. */
  readonly #wanted: number[];

  constructor(
    hosts: number,
    /** Times when a host couldn't be polled at all. These times don't count as waits. */
    private readonly troubles: readonly (readonly Span[])[],
  ) {
    this.#wanted = Array.from({ length: hosts }, () => 0);
  }

  respond(id: KickoffId, host: number, interval: number, at?: number): void {
    this.remove(id);
    this.#want(host, 1 / interval);
    this.#responses.set(id, { host, at, interval, share: this.#share(host), longest: interval });
  }

  /** Records that a window took over and planned all runs with their current intervals. */
  replan(intervalOf: (id: KickoffId) => number): void {
    for (const [id, result] of this.#responses) if (result.at !== undefined) result.longest = Math.max(result.longest, intervalOf(id));
  }

  /** Returns the time since which a run waits, or `undefined` before its first response. */
  since(id: KickoffId): number | undefined {
    return this.#responses.get(id)?.at;
  }

  /** Records a request. The wait before it counts in multiples of the longest interval since the last response. */
  poll(id: KickoffId, interval: number, at: number): void {
    const result = this.#responses.get(id);
    if (result?.at === undefined) return;
    const waited = (at - result.at - this.#troubled(result.host, result.at, at)) / second;
    const intervals = waited / Math.max(interval, result.longest);
    this.longestByShare = Math.max(this.longestByShare, intervals / Math.max(result.share, this.#share(result.host)));
  }

  remove(id: KickoffId): void {
    const result = this.#responses.get(id);
    if (result) this.#want(result.host, -1 / result.interval);
    this.#responses.delete(id);
  }

  #want(host: number, perSecond: number): void {
    this.#wanted[host] = (this.#wanted[host] ?? 0) + perSecond;
  }

  #share(host: number): number {
    const all = this.#wanted.reduce((sum, one) => sum + one, 0);
    return Math.max(1, (this.#wanted[host] ?? 0) / aHost.perSecond, all / inAll.perSecond);
  }

  #troubled(host: number, since: number, until: number): number {
    const spans = this.troubles[host] ?? [];
    return spans.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, until) - Math.max(from, since)), 0);
  }
}
