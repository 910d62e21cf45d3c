import { originOf, type Deployment } from './deployment';
import type { Health } from './health';
import type { KickoffRef } from './kickoff';
import type { Disposable } from './ports';

const inFlightAtMost = 16;
const inFlightAHostAtMost = 4;

/** A run that is being polled. Times are milliseconds since the epoch. */
export interface Watched {
  readonly ref: KickoffRef;
  /** When it is asked next; undefined: not by itself any more. */
  due: number | undefined;
  /** When it was last asked; 0 when never. */
  askedAt: number;
  /** Since when it is asked with a token; undefined while it was not. */
  askedSince?: number | undefined;
  /** The server asked to leave this run in peace until then. */
  notBefore?: number;
  /** How many times in a row it brought trouble of its own. */
  failures: number;
  /** The request under way. */
  request?: Disposable | undefined;
}

/** What stands between a run and its next request. */
export interface Gate {
  readonly origin: string;
  /** Nothing is asked until the user changes something. */
  readonly isStopped: boolean;
  /** Set while the host is in trouble: when one probe may ask it. */
  readonly probeAt: number | undefined;
}

/** The gate before the runs of a deployment. */
export function gateOf(deployment: Deployment | undefined, health: Health): Gate {
  const origin = deployment ? originOf(deployment.url) : '';
  if (!deployment || origin === '') return { origin, isStopped: true, probeAt: undefined };
  return { origin, isStopped: health.isStopped(deployment), probeAt: health.probeAt(deployment) };
}

/**
 * Whose turn it is, and when somebody's turn comes next (`Infinity`: when a request ends, or never).
 * A host in trouble is asked by one run at a time, the one that was asked longest ago, so that a poisoned run is not every probe.
 */
export function turns(
  all: Iterable<Watched>,
  gateOf: (watched: Watched) => Gate,
  now: number,
): { readonly ask: readonly Watched[]; readonly next: number } {
  const hosts = new Map<string, Host>();
  let inFlight = 0;
  for (const watched of all) {
    const gate = gateOf(watched);
    const host = hosts.get(gate.origin) ?? { probeAt: gate.probeAt, inFlight: 0, waiting: [] };
    hosts.set(gate.origin, host);
    if (watched.request) {
      inFlight++;
      host.inFlight++;
    } else if (!gate.isStopped && watched.due !== undefined) host.waiting.push({ watched, due: watched.due });
  }

  const ready: Waiting[] = [];
  let next = Infinity;
  for (const host of hosts.values()) {
    const turn = host.probeAt === undefined ? ordinary(host, now) : probe(host, host.probeAt, now);
    ready.push(...turn.ready);
    next = Math.min(next, turn.next);
  }
  const ask = ready.sort(byDue).slice(0, Math.max(0, inFlightAtMost - inFlight));
  return { ask: ask.map(({ watched }) => watched), next };
}

/** What was planned by a time of day that was set back stays as far away as it was. */
export function turnBack(watched: Watched, milliseconds: number): void {
  watched.askedAt -= milliseconds;
  if (watched.notBefore !== undefined) watched.notBefore -= milliseconds;
  if (watched.due !== undefined) watched.due -= milliseconds;
}

interface Waiting {
  readonly watched: Watched;
  readonly due: number;
}

interface Host {
  readonly probeAt: number | undefined;
  inFlight: number;
  readonly waiting: Waiting[];
}

function ordinary({ inFlight, waiting }: Host, now: number): { readonly ready: readonly Waiting[]; readonly next: number } {
  const ready = waiting.filter(({ due }) => due <= now).sort(byDue);
  const next = Math.min(Infinity, ...waiting.filter(({ due }) => due > now).map(({ due }) => due));
  return { ready: ready.slice(0, Math.max(0, inFlightAHostAtMost - inFlight)), next };
}

function probe({ inFlight, waiting }: Host, probeAt: number, now: number): { readonly ready: readonly Waiting[]; readonly next: number } {
  if (inFlight > 0) return { ready: [], next: Infinity };
  const [longestAgo] =
    probeAt <= now ? waiting.filter(({ due }) => due <= now).sort((one, other) => one.watched.askedAt - other.watched.askedAt) : [];
  if (!longestAgo) return { ready: [], next: Math.max(probeAt, Math.min(Infinity, ...waiting.map(({ due }) => due))) };
  return { ready: [longestAgo], next: Infinity };
}

function byDue(one: Waiting, other: Waiting): number {
  return one.due - other.due;
}
