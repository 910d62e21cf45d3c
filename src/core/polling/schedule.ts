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

/** Plans and counts requests, urgent and late runs first. A failing host gets one, for an urgent run, else the run polled longest ago. */
export function planRequests(runs: Iterable<ScheduledRun>, { gates, rateLimiter, now }: ScheduleContext) {
  rateLimiter.emptyAfterSleep(now);
  const readyRuns: ScheduledRun[] = [];
  let freeSlots = maxInFlight;
  let nextAt = Infinity;
  for (const host of hostQueues(runs, gates, now)) {
    const turn = hostTurn(host, now);
    readyRuns.push(...turn.readyRuns);
    freeSlots -= host.inFlightCount;
    nextAt = Math.min(nextAt, turn.nextAt);
  }

  const runsToPoll: ScheduledRun[] = [];
  for (const scheduledRun of readyRuns.sort(byLateness(now))) {
    if (runsToPoll.length >= freeSlots) break;
    const { origin } = gates.get(scheduledRun.ref.deployment) ?? closedGate;
    const readyAt = rateLimiter.readyAt({ origin, isUrgent: scheduledRun.urgency(now) > 0 }, now);
    if (readyAt > now) nextAt = Math.min(nextAt, readyAt);
    else {
      rateLimiter.spend(origin, now);
      runsToPoll.push(scheduledRun);
    }
  }
  rateLimiter.expectWakeAt(nextAt);
  return { runsToPoll, nextAt };
}

interface HostQueue {
  readonly probeAt: number | undefined;
  readonly dueRuns: ScheduledRun[];
  inFlightCount: number;
  nextDueAt: number;
}

function hostQueues(runs: Iterable<ScheduledRun>, gates: ScheduleContext['gates'], now: number): Iterable<HostQueue> {
  const hosts = new Map<string, HostQueue>();
  for (const scheduledRun of runs) {
    const { dueAt, ref, isInFlight } = scheduledRun;
    const { origin, probeAt, isBlocked } = gates.get(ref.deployment) ?? closedGate;
    const host = hosts.get(origin) ?? { probeAt, dueRuns: [], inFlightCount: 0, nextDueAt: Infinity };
    hosts.set(origin, host);
    if (isInFlight) host.inFlightCount++;
    else if (!isBlocked && dueAt !== undefined) {
      if (dueAt > now) host.nextDueAt = Math.min(host.nextDueAt, dueAt);
      else host.dueRuns.push(scheduledRun);
    }
  }
  return hosts.values();
}

/** Returns the runs that may be polled now, and the time of the next planned poll; `Infinity` for none, or if a result must come first. */
function hostTurn({ probeAt, dueRuns, inFlightCount, nextDueAt }: HostQueue, now: number) {
  const freeSlots = Math.max(0, maxInFlightPerHost - inFlightCount);
  if (probeAt === undefined) return { readyRuns: dueRuns.sort(byLateness(now)).slice(0, freeSlots), nextAt: nextDueAt };
  if (inFlightCount > 0) return { readyRuns: [], nextAt: Infinity };
  const [probe] = dueRuns.sort(byUrgencyOr((one, other) => one.polledAt - other.polledAt, now));
  if (probe && probeAt <= now) return { readyRuns: [probe], nextAt: Infinity };
  return { readyRuns: [], nextAt: Math.max(probeAt, probe?.dueAt ?? nextDueAt) };
}

type Order = (one: ScheduledRun, other: ScheduledRun) => number;

function byLateness(now: number): Order {
  const lateness = ({ dueAt = now, intervalMs }: ScheduledRun): number => (now - dueAt) / intervalMs;
  return byUrgencyOr((one, other) => lateness(other) - lateness(one), now);
}

function byUrgencyOr(order: Order, now: number): Order {
  return (one, other) => other.urgency(now) - one.urgency(now) || order(one, other);
}
