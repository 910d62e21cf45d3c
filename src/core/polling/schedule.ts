import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { originOf } from '#core/kickoff/deploymentUrl';
import type { HostHealth } from './hostHealth';
import type { RateLimiter } from './rateLimiter';
import type { ScheduledRun } from './scheduledRun';

const maxInFlight = 16;
const maxInFlightPerHost = 4;

export interface DeploymentGate {
  readonly origin: string;
  readonly isBlocked: boolean;
  readonly probeAt: number | undefined;
}

/** The gate of a deployment that has a damaged URL or no longer exists. */
const closedGate: DeploymentGate = { origin: '', isBlocked: true, probeAt: undefined };

export function gateOf(deployment: Deployment, health: HostHealth): DeploymentGate {
  const origin = originOf(deployment.url);
  return origin === '' ? closedGate : { origin, isBlocked: health.isBlocked(deployment), probeAt: health.probeAt(deployment) };
}

interface ScheduleContext {
  readonly gates: ReadonlyMap<DeploymentKey, DeploymentGate>;
  readonly rateLimiter: RateLimiter;
  readonly now: number;
}

/** Returns the runs to poll now, urgent and late runs first. A failing host gets one probe, for the run polled longest ago. */
export function nextRequests(runs: Iterable<ScheduledRun>, { gates, rateLimiter, now }: ScheduleContext) {
  rateLimiter.detectSleep(now);
  const ready: ScheduledRun[] = [];
  let freeSlots = maxInFlight;
  let next = Infinity;
  for (const host of hostsOf(runs, gates, now)) {
    const turn = hostTurn(host, now);
    ready.push(...turn.ready);
    freeSlots -= host.inFlight;
    next = Math.min(next, turn.next);
  }

  const toPoll: ScheduledRun[] = [];
  for (const scheduledRun of ready.sort(byLateness(now))) {
    if (toPoll.length >= freeSlots) break;
    const { origin } = gates.get(scheduledRun.ref.deployment) ?? closedGate;
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
  readonly probeAt: number | undefined;
  readonly due: ScheduledRun[];
  inFlight: number;
  nextDue: number;
}

function hostsOf(runs: Iterable<ScheduledRun>, gates: ScheduleContext['gates'], now: number): Iterable<HostQueue> {
  const hosts = new Map<string, HostQueue>();
  for (const scheduledRun of runs) {
    const { due, ref, isInFlight } = scheduledRun;
    const { origin, probeAt, isBlocked } = gates.get(ref.deployment) ?? closedGate;
    const host = hosts.get(origin) ?? { probeAt, due: [], inFlight: 0, nextDue: Infinity };
    hosts.set(origin, host);
    if (isInFlight) host.inFlight++;
    else if (!isBlocked && due !== undefined) {
      if (due > now) host.nextDue = Math.min(host.nextDue, due);
      else host.due.push(scheduledRun);
    }
  }
  return hosts.values();
}

/** Returns the runs to poll now, and the time of the host's next request. */
function hostTurn({ probeAt, due, inFlight, nextDue }: HostQueue, now: number) {
  const freeSlots = Math.max(0, maxInFlightPerHost - inFlight);
  if (probeAt === undefined) return { ready: due.sort(byLateness(now)).slice(0, freeSlots), next: nextDue };
  if (inFlight > 0) return { ready: [], next: Infinity };
  const [probe] = due.sort(byUrgencyOr((one, other) => one.polledAt - other.polledAt, now));
  return probe && probeAt <= now ? { ready: [probe], next: Infinity } : { ready: [], next: Math.max(probeAt, probe?.due ?? nextDue) };
}

type Order = (one: ScheduledRun, other: ScheduledRun) => number;

function byLateness(now: number): Order {
  const lateness = ({ due = now, interval }: ScheduledRun): number => (now - due) / interval;
  return byUrgencyOr((one, other) => lateness(other) - lateness(one), now);
}

function byUrgencyOr(order: Order, now: number): Order {
  return (one, other) => other.urgency(now) - one.urgency(now) || order(one, other);
}
