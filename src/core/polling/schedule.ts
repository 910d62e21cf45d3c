import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import type { HostHealth } from './hostHealth';
import type { RateLimiter } from './rateLimiter';
import type { ScheduledRun } from './scheduledRun';

const inFlightAtMost = 16;
const inFlightAHostAtMost = 4;

export interface DeploymentGate {
  readonly origin: string;
  readonly isStopped: boolean;
  readonly probeAt: number | undefined;
}

export function gateOf(deployment: Deployment | undefined, health: HostHealth): DeploymentGate {
  const origin = deployment ? originOf(deployment.url) : '';
  if (!deployment || origin === '') return { origin, isStopped: true, probeAt: undefined };
  return { origin, isStopped: health.isStopped(deployment), probeAt: health.probeAt(deployment) };
}

interface ScheduleContext {
  readonly gateOf: (deployment: DeploymentKey) => DeploymentGate;
  readonly rateLimiter: RateLimiter;
  readonly now: number;
}

/** Urgent and late runs come first. A failing host gets one probe, for the run polled longest ago. */
export function nextRequests(
  all: Iterable<ScheduledRun>,
  { gateOf, rateLimiter, now }: ScheduleContext,
): { readonly toPoll: readonly ScheduledRun[]; readonly next: number } {
  rateLimiter.detectSleep(now);
  const ready: { readonly scheduledRun: ScheduledRun; readonly origin: string }[] = [];
  let free = inFlightAtMost;
  let next = Infinity;
  for (const host of hostsOf(all, gateOf, now)) {
    const turn = host.probeAt === undefined ? healthyHost(host) : probeHost(host, host.probeAt, now);
    ready.push(...turn.ready.map((scheduledRun) => ({ scheduledRun, origin: host.origin })));
    free -= host.inFlight;
    next = Math.min(next, turn.next);
  }

  const toPoll: ScheduledRun[] = [];
  const order = byLateness(now);
  for (const { scheduledRun, origin } of ready.sort((one, other) => order(one.scheduledRun, other.scheduledRun))) {
    if (toPoll.length >= free) break;
    const readyAt = rateLimiter.readyAt({ origin, isUrgent: scheduledRun.urgency(now) > 0 }, now);
    if (readyAt > now) next = Math.min(next, readyAt);
    else {
      rateLimiter.spend(origin, now);
      toPoll.push(scheduledRun);
    }
  }
  rateLimiter.expectWakeAt(next);
  return { toPoll, next };
}

interface HostQueue {
  readonly origin: string;
  readonly probeAt: number | undefined;
  readonly order: Order;
  /** The first due runs in `order`, at most as many as the host may have requests in flight. */
  readonly first: ScheduledRun[];
  inFlight: number;
  nextDue: number;
}

interface HostTurn {
  readonly ready: readonly ScheduledRun[];
  readonly next: number;
}

function hostsOf(all: Iterable<ScheduledRun>, gateOf: ScheduleContext['gateOf'], now: number): Iterable<HostQueue> {
  const hosts = new Map<string, HostQueue>();
  const ways = new Map<DeploymentKey, { readonly isStopped: boolean; readonly host: HostQueue }>();
  const wayTo = (deployment: DeploymentKey) => {
    const { origin, probeAt, isStopped } = gateOf(deployment);
    const order = probeAt === undefined ? byLateness(now) : byUrgencyOr(longestAgo, now);
    const host = hosts.get(origin) ?? { origin, probeAt, order, first: [], inFlight: 0, nextDue: Infinity };
    hosts.set(origin, host);
    const way = { isStopped, host };
    ways.set(deployment, way);
    return way;
  };
  for (const scheduledRun of all) {
    const { due, ref, isInFlight } = scheduledRun;
    const { isStopped, host } = ways.get(ref.deployment) ?? wayTo(ref.deployment);
    if (isInFlight) host.inFlight++;
    else if (!isStopped && due !== undefined) {
      if (due > now) host.nextDue = Math.min(host.nextDue, due);
      else insertSorted(scheduledRun, host);
    }
  }
  return hosts.values();
}

/** Inserts a run if it is among the first due runs. Sorting all runs would take too long. */
function insertSorted(scheduledRun: ScheduledRun, { first, order }: HostQueue): void {
  const last = first[inFlightAHostAtMost - 1];
  if (last && order(last, scheduledRun) <= 0) return;
  const place = first.findIndex((other) => order(scheduledRun, other) < 0);
  first.splice(place < 0 ? first.length : place, 0, scheduledRun);
  if (last) first.pop();
}

function healthyHost({ inFlight, first, nextDue }: HostQueue): HostTurn {
  return { ready: first.slice(0, Math.max(0, inFlightAHostAtMost - inFlight)), next: nextDue };
}

function probeHost({ inFlight, first: [first], nextDue }: HostQueue, probeAt: number, now: number): HostTurn {
  if (inFlight > 0) return { ready: [], next: Infinity };
  if (first && probeAt <= now) return { ready: [first], next: Infinity };
  return { ready: [], next: Math.max(probeAt, first?.due ?? nextDue) };
}

type Order = (one: ScheduledRun, other: ScheduledRun) => number;

function byLateness(now: number): Order {
  const lateness = ({ due = now, interval }: ScheduledRun): number => (now - due) / interval;
  return byUrgencyOr((one, other) => lateness(other) - lateness(one), now);
}

function byUrgencyOr(order: Order, now: number): Order {
  return (one, other) => other.urgency(now) - one.urgency(now) || order(one, other);
}

function longestAgo(one: ScheduledRun, other: ScheduledRun): number {
  return one.polledAt - other.polledAt;
}
