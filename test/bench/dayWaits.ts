import type { KickoffId } from '#core/kickoff/kickoffId';
import { aHost, inAll } from '#test/support/ceiling';

const second = 1_000;

type Span = readonly [from: number, to: number];

/** The last response of a run. The time is undefined before the first response. */
interface Heard {
  readonly host: number;
  readonly at: number | undefined;
  /** Its poll interval in seconds. */
  readonly interval: number;
  /** How many times as long as that it waits when all wait alike. */
  readonly share: number;
  /** The longest that the pace gave it since then: each window that takes over plans anew. */
  longest: number;
}

/** How long each run waits from an answer to its next request, by its own interval and by what the ceiling leaves of it. */
export class DayWaits {
  readonly seconds: number[] = [];
  longestByInterval = 0;
  longestByShare = 0;
  readonly #heard = new Map<KickoffId, Heard>();
  /** Requests a second that all runs of a host would like. */
  readonly #wanted: number[];

  constructor(
    hosts: number,
    /** Times when a host couldn't be polled at all. They don't count as waits. */
    private readonly troubles: readonly (readonly Span[])[],
  ) {
    this.#wanted = Array.from({ length: hosts }, () => 0);
  }

  heard(id: KickoffId, host: number, interval: number, at?: number): void {
    this.gone(id);
    this.#want(host, 1 / interval);
    this.#heard.set(id, { host, at, interval, share: this.#share(host), longest: interval });
  }

  /** A window took over, and planned all of them by what the pace is now. */
  replanned(intervalOf: (id: KickoffId) => number): void {
    for (const [id, result] of this.#heard) if (result.at !== undefined) result.longest = Math.max(result.longest, intervalOf(id));
  }

  /** Since when that run waits; undefined while it does not. */
  since(id: KickoffId): number | undefined {
    return this.#heard.get(id)?.at;
  }

  /** By the longest interval that the pace gave it meanwhile. */
  asked(id: KickoffId, interval: number, at: number): void {
    const result = this.#heard.get(id);
    if (result?.at === undefined) return;
    const waited = (at - result.at - this.#troubled(result.host, result.at, at)) / second;
    this.seconds.push(waited);
    const intervals = waited / Math.max(interval, result.longest);
    this.longestByInterval = Math.max(this.longestByInterval, intervals);
    this.longestByShare = Math.max(this.longestByShare, intervals / Math.max(result.share, this.#share(result.host)));
  }

  gone(id: KickoffId): void {
    const result = this.#heard.get(id);
    if (result) this.#want(result.host, -1 / result.interval);
    this.#heard.delete(id);
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
