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
  const hosts = hostsOf(all, gateOf);
  const ready: Ready[] = [];
  let free = inFlightAtMost;
  let next = Infinity;
  for (const host of hosts) {
    const turn = host.probeAt === undefined ? ordinary(host, now) : probe(host, host.probeAt, now);
    ready.push(...turn.ready.map(({ watched, due }) => ({ watched, due, origin: host.origin })));
    free -= host.inFlight;
    next = Math.min(next, turn.next);
  }

  const ask: Watched[] = [];
  for (const { watched, origin } of ready.sort(byLateness(now))) {
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

interface Waiting {
  readonly watched: Watched;
  readonly due: number;
}

interface Ready extends Waiting {
  readonly origin: string;
}

interface Host {
  readonly origin: string;
  readonly probeAt: number | undefined;
  inFlight: number;
  readonly waiting: Waiting[];
}

interface HostTurn {
  readonly ready: readonly Waiting[];
  readonly next: number;
}

function hostsOf(all: Iterable<Watched>, gateOf: Rules['gateOf']): Iterable<Host> {
  const gates = new Map<DeploymentKey, Gate>();
  const hosts = new Map<string, Host>();
  for (const watched of all) {
    const { deployment } = watched.ref;
    const gate = gates.get(deployment) ?? gateOf(deployment);
    gates.set(deployment, gate);
    const host = hosts.get(gate.origin) ?? { origin: gate.origin, probeAt: gate.probeAt, inFlight: 0, waiting: [] };
    hosts.set(gate.origin, host);
    if (watched.request) host.inFlight++;
    else if (!gate.isStopped && watched.due !== undefined) host.waiting.push({ watched, due: watched.due });
  }
  return hosts.values();
}

function ordinary({ inFlight, waiting }: Host, now: number): HostTurn {
  const ready = waiting.filter(({ due }) => due <= now).sort(byLateness(now));
  return { ready: ready.slice(0, Math.max(0, inFlightAHostAtMost - inFlight)), next: firstDue(waiting.filter(({ due }) => due > now)) };
}

function probe({ inFlight, waiting }: Host, probeAt: number, now: number): HostTurn {
  if (inFlight > 0) return { ready: [], next: Infinity };
  const [first] = probeAt <= now ? waiting.filter(({ due }) => due <= now).sort(byUrgencyOr(longestAgo)) : [];
  return first ? { ready: [first], next: Infinity } : { ready: [], next: Math.max(probeAt, firstDue(waiting)) };
}

function firstDue(waiting: readonly Waiting[]): number {
  return waiting.reduce((first, { due }) => Math.min(first, due), Infinity);
}

type Order = (one: Waiting, other: Waiting) => number;

function byLateness(now: number): Order {
  const lateness = ({ watched, due }: Waiting): number => (now - due) / watched.interval;
  return byUrgencyOr((one, other) => lateness(other) - lateness(one));
}

function byUrgencyOr(order: Order): Order {
  return (one, other) => Number(other.watched.isUrgent === true) - Number(one.watched.isUrgent === true) || order(one, other);
}

function longestAgo(one: Waiting, other: Waiting): number {
  return one.watched.askedAt - other.watched.askedAt;
}
