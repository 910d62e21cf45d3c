import type { Budget } from './budget';
import { originOf, type Deployment, type DeploymentKey } from './deployment';
import type { Health } from './health';
import type { Watched } from './watched';

const inFlightAtMost = 16;
const inFlightAHostAtMost = 4;

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

/** What decides whose turn it is. */
interface Rules {
  readonly gateOf: (deployment: DeploymentKey) => Gate;
  readonly budget: Budget;
  readonly now: number;
}

/**
 * Whose turn it is, already spent from the budget, and when somebody's turn comes next (`Infinity`: when a request ends, or never).
 * First who is urgent, then who is latest by his own interval, so that many old runs do not starve a young one.
 * A host in trouble is asked by one run at a time, the one that was asked longest ago, so that a poisoned run is not every probe.
 */
export function turns(all: Iterable<Watched>, { gateOf, budget, now }: Rules): { readonly ask: readonly Watched[]; readonly next: number } {
  budget.wake(now);
  const ready: Ready[] = [];
  let free = inFlightAtMost;
  let next = Infinity;
  for (const host of hostsOf(all, gateOf, now)) {
    const turn = host.probeAt === undefined ? ordinary(host) : probe(host, host.probeAt, now);
    ready.push(...turn.ready.map((watched) => ({ watched, origin: host.origin })));
    free -= host.inFlight;
    next = Math.min(next, turn.next);
  }

  const ask: Watched[] = [];
  const order = byLateness(now);
  for (const { watched, origin } of ready.sort((one, other) => order(one.watched, other.watched))) {
    if (ask.length >= free) break;
    const readyAt = budget.readyAt({ origin, isUrgent: watched.isUrgent === true }, now);
    if (readyAt > now) next = Math.min(next, readyAt);
    else {
      budget.spend(origin, now);
      ask.push(watched);
    }
  }
  budget.sleep(next);
  return { ask, next };
}

interface Ready {
  readonly watched: Watched;
  readonly origin: string;
}

/** What there is to choose from at a host: those first in order of those who are due, for there may be thousands. */
interface Host {
  readonly origin: string;
  readonly probeAt: number | undefined;
  readonly order: Order;
  readonly first: Watched[];
  inFlight: number;
  /** When the first of those is due who is not yet. */
  nextDue: number;
}

interface HostTurn {
  readonly ready: readonly Watched[];
  readonly next: number;
}

function hostsOf(all: Iterable<Watched>, gateOf: Rules['gateOf'], now: number): Iterable<Host> {
  const hosts = new Map<string, Host>();
  const ways = new Map<DeploymentKey, { readonly isStopped: boolean; readonly host: Host }>();
  const wayTo = (deployment: DeploymentKey) => {
    const { origin, probeAt, isStopped } = gateOf(deployment);
    const order = probeAt === undefined ? byLateness(now) : byUrgencyOr(longestAgo);
    const host = hosts.get(origin) ?? { origin, probeAt, order, first: [], inFlight: 0, nextDue: Infinity };
    hosts.set(origin, host);
    const way = { isStopped, host };
    ways.set(deployment, way);
    return way;
  };
  for (const watched of all) {
    const { due, ref, request } = watched;
    const { isStopped, host } = ways.get(ref.deployment) ?? wayTo(ref.deployment);
    if (request) host.inFlight++;
    else if (!isStopped && due !== undefined) {
      if (due > now) host.nextDue = Math.min(host.nextDue, due);
      else put(watched, host);
    }
  }
  return hosts.values();
}

/** Keeps it where it is among the first; to put all in order would take long. */
function put(watched: Watched, { first, order }: Host): void {
  const last = first[inFlightAHostAtMost - 1];
  if (last && order(last, watched) <= 0) return;
  const place = first.findIndex((other) => order(watched, other) < 0);
  first.splice(place < 0 ? first.length : place, 0, watched);
  if (last) first.pop();
}

function ordinary({ inFlight, first, nextDue }: Host): HostTurn {
  return { ready: first.slice(0, Math.max(0, inFlightAHostAtMost - inFlight)), next: nextDue };
}

function probe({ inFlight, first: [first], nextDue }: Host, probeAt: number, now: number): HostTurn {
  if (inFlight > 0) return { ready: [], next: Infinity };
  if (first && probeAt <= now) return { ready: [first], next: Infinity };
  return { ready: [], next: Math.max(probeAt, first?.due ?? nextDue) };
}

type Order = (one: Watched, other: Watched) => number;

function byLateness(now: number): Order {
  const lateness = ({ due = now, interval }: Watched): number => (now - due) / interval;
  return byUrgencyOr((one, other) => lateness(other) - lateness(one));
}

function byUrgencyOr(order: Order): Order {
  return (one, other) => Number(other.isUrgent === true) - Number(one.isUrgent === true) || order(one, other);
}

function longestAgo(one: Watched, other: Watched): number {
  return one.askedAt - other.askedAt;
}
