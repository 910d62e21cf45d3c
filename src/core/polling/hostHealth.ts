import type { HealthRecord } from '#core/history/store';
import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { hostOf, isLoopback, originOf } from '#core/kickoff/deploymentUrl';
import type { Observation } from '#core/kickoff/kickoff';
import { reachOf, sameTrouble, type Trouble } from '#core/kickoff/trouble';
import { backOff } from '#core/lib/backOff';
import { Emitter } from '#core/lib/event';
import type { Random } from '#core/lib/types';

/** The maximum wait for `Retry-After`, even if the system clock was set back after the response. */
export const maxRetryAfterMs = 24 * 3_600_000;
const minThrottleMs = 60_000;
const suspectsToBlameTheHost = 3;
/** After this many failures in a row, the back-off counts too, even if `Retry-After` is shorter. */
const repeatsOfShortWaits = 2;

interface HostState {
  readonly failures: number;
  /** The runs with a server error since the host last gave another response. Each run counts once. */
  readonly suspects: readonly string[];
  /** The problem of a failing host. `retryAt` is the time of the next probe. */
  readonly trouble?: Trouble & { readonly retryAt: number };
  /** Whether the network is back and the host hasn't responded since. */
  readonly isUnproven?: true;
}

const healthy: HostState = { failures: 0, suspects: [] };

/** The problems of hosts and deployments, for all their runs. A failing host gets one probe at a time. */
export class HostHealth {
  readonly #hosts = new Map<string, HostState>();
  readonly #stopped = new Map<DeploymentKey, Trouble>();
  readonly #retryAllowed = new Set<DeploymentKey>();
  readonly #changed = new Emitter<readonly string[]>();
  readonly #tokenRejected = new Emitter<DeploymentKey>();
  #offlineSince: number | undefined;

  /** Fires once for all origins with a changed problem, because every view reads all runs after each event. */
  readonly onDidChange = this.#changed.event;

  /** Fires at each response that rejects a token, even if the deployment rejected a token before. */
  readonly onDidRejectToken = this.#tokenRejected.event;

  constructor(private readonly random: Random) {}

  troubleOf(deployment: Deployment): Trouble | undefined {
    if (originOf(deployment.url) === '') return { kind: 'wrongAddress' };
    return this.#stopped.get(deployment.key) ?? this.#offlineTrouble(deployment) ?? this.#host(deployment).trouble;
  }

  get isOffline(): boolean {
    return this.#offlineSince !== undefined;
  }

  /** Undefined for a healthy host. */
  probeAt(deployment: Deployment): number | undefined {
    const { trouble, isUnproven } = this.#host(deployment);
    return trouble?.retryAt ?? (isUnproven ? 0 : undefined);
  }

  isStopped(deployment: Deployment): boolean {
    const { key } = deployment;
    return this.#offlineTrouble(deployment) !== undefined || (this.#stopped.has(key) && !this.#retryAllowed.has(key));
  }

  wentOffline(deployments: readonly Deployment[], now: number): void {
    if (this.isOffline) return;
    this.#offlineSince = now;
    this.#notify(deployments.filter((one) => this.#offlineTrouble(one)));
  }

  /** Lets each host have one probe at a time until it responds. A throttled host stays throttled. */
  cameOnline(deployments: readonly Deployment[]): void {
    const others = deployments.filter((one) => this.#offlineTrouble(one));
    for (const one of others)
      if (this.#host(one).trouble?.kind !== 'throttled') this.#hosts.set(originOf(one.url), { ...healthy, isUnproven: true });
    this.#offlineSince = undefined;
    this.#notify(others);
  }

  /** Records the result of one poll. `run` is undefined if its previous poll failed too, so that each run counts once. */
  record(deployment: Deployment, run: string | undefined, observation: Observation, now: number): void {
    const { key, url } = deployment;
    const before = [this.#stopped.get(key), this.#host(deployment).trouble];
    const trouble = observation.kind === 'unanswered' ? observation.trouble : undefined;
    const wasRetryAllowed = this.#retryAllowed.delete(key);
    if (trouble && reachOf(trouble.kind) === 'deployment') this.#stopped.set(key, trouble);
    else if (wasRetryAllowed || (!trouble && this.#stopped.get(key)?.kind !== 'tokenRefused')) this.#stopped.delete(key);

    if (trouble?.kind !== 'noToken') this.#hosts.set(originOf(url), this.#after(this.#host(deployment), run, trouble, now));
    const after = [this.#stopped.get(key), this.#host(deployment).trouble];
    if (after.some((one, index) => !sameTrouble(one, before[index]))) this.#changed.fire([originOf(url)]);
    if (trouble?.kind === 'tokenRefused') this.#tokenRejected.fire(key);
  }

  /** Records whether a deployment without runs has a token, because nothing polls this deployment. */
  recordToken(deployment: Deployment, hasToken: boolean): void {
    const { key } = deployment;
    if (hasToken === (this.#stopped.get(key)?.kind !== 'noToken')) return;
    if (hasToken) this.#stopped.delete(key);
    else this.#stopped.set(key, { kind: 'noToken' });
    this.#notify([deployment]);
  }

  /** Permits one poll despite a problem, which stays until a response. A throttled host stays throttled for up to a day. */
  allowRetry(deployment: Deployment, now: number): void {
    if (this.#stopped.has(deployment.key)) this.#retryAllowed.add(deployment.key);
    const { trouble, ...host } = this.#host(deployment);
    if (trouble && (trouble.kind !== 'throttled' || trouble.retryAt > now + maxRetryAfterMs))
      this.#hosts.set(originOf(deployment.url), { ...host, trouble: { ...trouble, retryAt: now } });
  }

  records(deployments: readonly Deployment[]): readonly HealthRecord[] {
    const hosts = new Set(deployments.map(({ url }) => originOf(url)));
    const since = this.#offlineSince;
    return [
      ...[...hosts].map((subject) => ({ subject, ...(this.#hosts.get(subject) ?? healthy) })),
      ...deployments.map(({ key }) => ({ subject: `${key}`, failures: 0, trouble: this.#stopped.get(key) })),
      ...(since === undefined ? [] : [{ subject: '', failures: 0, trouble: { kind: 'offline' as const, since } }]),
    ].flatMap(({ subject, failures, trouble }) => (trouble ? [{ subject, failures, trouble }] : []));
  }

  replaceWith(records: readonly HealthRecord[], deployments: readonly Deployment[]): void {
    const before = deployments.map((one) => this.troubleOf(one));
    const of = new Map(records.map((record) => [record.subject, record]));
    this.#offlineSince = of.get('')?.trouble.since;
    this.#hosts.clear();
    this.#stopped.clear();
    for (const { key, url } of deployments) {
      const [host, own] = [of.get(originOf(url)), of.get(`${key}`)];
      if (host) this.#hosts.set(originOf(url), { ...healthy, failures: host.failures, trouble: { retryAt: 0, ...host.trouble } });
      if (own) this.#stopped.set(key, own.trouble);
    }
    this.#notify(deployments.filter((one, index) => !sameTrouble(this.troubleOf(one), before[index])));
  }

  shiftTimes(milliseconds: number): void {
    if (this.#offlineSince !== undefined) this.#offlineSince -= milliseconds;
    for (const [origin, { trouble, ...host }] of this.#hosts)
      if (trouble) this.#hosts.set(origin, { ...host, trouble: { ...trouble, retryAt: trouble.retryAt - milliseconds } });
  }

  #offlineTrouble({ url }: Deployment): Trouble | undefined {
    const since = this.#offlineSince;
    return since === undefined || isLoopback(hostOf(url)) ? undefined : { kind: 'offline', since };
  }

  #notify(deployments: readonly Deployment[]): void {
    if (deployments.length > 0) this.#changed.fire([...new Set(deployments.map(({ url }) => originOf(url)))]);
  }

  #host(deployment: Deployment): HostState {
    return this.#hosts.get(originOf(deployment.url)) ?? healthy;
  }

  #after({ isUnproven: _, ...host }: HostState, run: string | undefined, trouble: Trouble | undefined, now: number): HostState {
    if (host.trouble && now < host.trouble.retryAt) return afterLateResult(host, host.trouble, trouble, now);
    if (!trouble) return healthy;

    const isServerTrouble = trouble.kind === 'serverTrouble' || trouble.kind === 'notAnAnswer';
    if (!isServerTrouble && reachOf(trouble.kind) !== 'host') return healthy;

    const suspects = isServerTrouble && run !== undefined && !host.suspects.includes(run) ? [...host.suspects, run] : host.suspects;
    if (isServerTrouble && !host.trouble && suspects.length < suspectsToBlameTheHost) return { ...host, suspects };

    const failures = host.failures + 1;
    const wait = backOff(failures, this.random);
    const ownCounts = trouble.retryAt === undefined || failures > repeatsOfShortWaits;
    const own = trouble.kind === 'throttled' && trouble.retryAt === undefined ? Math.max(minThrottleMs, wait) : wait;
    const retryAt = Math.max(trouble.retryAt ?? 0, ownCounts ? now + own : 0);
    return { failures, suspects, trouble: { ...trouble, retryAt } };
  }
}

/** A late response without a server error ends any problem but throttling. */
function afterLateResult(host: HostState, before: NonNullable<HostState['trouble']>, trouble: Trouble | undefined, now: number): HostState {
  if (trouble?.kind === 'throttled') {
    const least = now + minThrottleMs;
    const wanted = trouble.retryAt ?? least;
    return before.kind === 'throttled' && before.retryAt >= wanted ? host : { ...host, trouble: { ...trouble, retryAt: wanted } };
  }
  const isAnswer = !trouble || (reachOf(trouble.kind) !== 'host' && trouble.kind !== 'serverTrouble' && trouble.kind !== 'notAnAnswer');
  return isAnswer && before.kind !== 'throttled' && trouble?.kind !== 'noToken' ? healthy : host;
}
