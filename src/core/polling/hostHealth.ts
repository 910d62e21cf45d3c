import type { HealthRecord } from '#core/history/store';
import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { hostOf, isLoopback, originOf } from '#core/kickoff/deploymentUrl';
import { scopeOf, isSameTrouble, type Trouble } from '#core/kickoff/trouble';
import { Emitter } from '#core/lib/event';
import type { Random } from '#core/lib/types';
import { healthyHost, maxRetryAfterMs, nextHostState, type FailingHost, type HostState } from './hostState';

/** The result of a poll or another request: a response, or the problem that prevented it. */
export type RequestOutcome = { readonly kind: 'answered' } | { readonly kind: 'unanswered'; readonly trouble: Trouble };

/** The problems of hosts and deployments, which concern all their runs, and the offline state. A failing host gets one probe at a time. */
export class HostHealth {
  readonly #hosts = new Map<string, HostState>();
  readonly #deploymentTroubles = new Map<DeploymentKey, Trouble>();
  readonly #retryableKeys = new Set<DeploymentKey>();
  readonly #changeEmitter = new Emitter<readonly string[]>();
  readonly #rejectionEmitter = new Emitter<DeploymentKey>();
  #offlineSince: number | undefined;

  /** Fires one event with all origins whose problems changed, because every view reads all runs after each event. */
  readonly onDidChange = this.#changeEmitter.event;

  /** Fires at each response that rejects a token, even if the deployment rejected a token before. */
  readonly onDidRejectToken = this.#rejectionEmitter.event;

  constructor(private readonly random: Random) {}

  troubleOf(deployment: Deployment): Trouble | undefined {
    if (originOf(deployment.url) === '') return { kind: 'wrongAddress' };
    return this.#deploymentTroubles.get(deployment.key) ?? this.#offlineTrouble(deployment) ?? this.#hostTrouble(deployment);
  }

  get isOffline(): boolean {
    return this.#offlineSince !== undefined;
  }

  /** Returns the earliest time of the host's next probe; undefined if the host isn't limited to probes. */
  probeAt(deployment: Deployment): number | undefined {
    const host = this.#host(deployment);
    if (host.kind === 'failing') return host.trouble.retryAt;
    return host.kind === 'unproven' ? 0 : undefined;
  }

  /** Returns the problem of a host that is throttling requests, or undefined. */
  throttlingOf(deployment: Deployment, now: number): Trouble | undefined {
    const trouble = this.#hostTrouble(deployment);
    return trouble?.kind === 'throttled' && now < trouble.retryAt ? trouble : undefined;
  }

  isBlocked(deployment: Deployment): boolean {
    const { key } = deployment;
    return this.#offlineTrouble(deployment) !== undefined || (this.#deploymentTroubles.has(key) && !this.#retryableKeys.has(key));
  }

  startOffline(deployments: readonly Deployment[], now: number): void {
    if (this.isOffline) return;
    this.#offlineSince = now;
    this.#fireChange(deployments.filter((one) => this.#offlineTrouble(one)));
  }

  /** Ends the offline state. Each host gets one probe at a time until it responds, and a throttled host stays throttled. */
  endOffline(deployments: readonly Deployment[]): void {
    const affected = deployments.filter((one) => this.#offlineTrouble(one));
    for (const one of affected) if (this.#hostTrouble(one)?.kind !== 'throttled') this.#hosts.set(originOf(one.url), { kind: 'unproven' });
    this.#offlineSince = undefined;
    this.#fireChange(affected);
  }

  /**
   * Records the result of a request. `runKey` is the run that a poll was about. It is undefined if the run's previous poll failed too, so
   * that each run counts once.
   */
  record(deployment: Deployment, runKey: string | undefined, outcome: RequestOutcome, now: number): void {
    const { key, url } = deployment;
    const before = [this.#deploymentTroubles.get(key), this.#hostTrouble(deployment)];
    const trouble = outcome.kind === 'unanswered' ? outcome.trouble : undefined;
    const wasRetryAllowed = this.#retryableKeys.delete(key);
    if (trouble && scopeOf(trouble.kind) === 'deployment') this.#deploymentTroubles.set(key, trouble);
    else if (wasRetryAllowed || (!trouble && this.#deploymentTroubles.get(key)?.kind !== 'tokenRefused'))
      this.#deploymentTroubles.delete(key);

    if (trouble?.kind !== 'noToken')
      this.#hosts.set(originOf(url), nextHostState(this.#host(deployment), { runKey, trouble, now }, this.random));
    const after = [this.#deploymentTroubles.get(key), this.#hostTrouble(deployment)];
    if (after.some((one, index) => !isSameTrouble(one, before[index]))) this.#changeEmitter.fire([originOf(url)]);
    if (trouble?.kind === 'tokenRefused') this.#rejectionEmitter.fire(key);
  }

  /** Records whether a deployment without runs has a token, because nothing polls this deployment. A changed token isn't rejected yet. */
  recordToken(deployment: Deployment, hasToken: boolean, isChanged = false): void {
    const { key } = deployment;
    const kind = this.#deploymentTroubles.get(key)?.kind;
    const isOutdated = hasToken ? kind === 'noToken' || (isChanged && kind === 'tokenRefused') : kind !== 'noToken';
    if (!isOutdated) return;
    if (hasToken) this.#deploymentTroubles.delete(key);
    else this.#deploymentTroubles.set(key, { kind: 'noToken' });
    this.#fireChange([deployment]);
  }

  /** Permits one poll despite a problem, which stays until that poll's result. Shortens throttling only if it would last over a day. */
  allowRetry(deployment: Deployment, now: number): void {
    if (this.#deploymentTroubles.has(deployment.key)) this.#retryableKeys.add(deployment.key);
    const host = this.#host(deployment);
    if (host.kind === 'failing' && (host.trouble.kind !== 'throttled' || host.trouble.retryAt > now + maxRetryAfterMs))
      this.#hosts.set(originOf(deployment.url), { ...host, trouble: { ...host.trouble, retryAt: now } });
  }

  healthRecords(deployments: readonly Deployment[]): readonly HealthRecord[] {
    const records: HealthRecord[] = [];
    for (const subject of new Set(deployments.map(({ url }) => originOf(url)))) {
      const host = this.#hosts.get(subject);
      if (host?.kind === 'failing') records.push({ subject, failures: host.failures, trouble: host.trouble });
    }
    for (const { key } of deployments) {
      const trouble = this.#deploymentTroubles.get(key);
      if (trouble) records.push({ subject: `${key}`, failures: 0, trouble });
    }
    const since = this.#offlineSince;
    if (since !== undefined) records.push({ subject: '', failures: 0, trouble: { kind: 'offline', since } });
    return records;
  }

  replaceWith(records: readonly HealthRecord[], deployments: readonly Deployment[]): void {
    const before = deployments.map((one) => this.troubleOf(one));
    const bySubject = new Map(records.map((record) => [record.subject, record]));
    this.#offlineSince = bySubject.get('')?.trouble.since;
    this.#hosts.clear();
    this.#deploymentTroubles.clear();
    for (const { key, url } of deployments) {
      const [host, deploymentRecord] = [bySubject.get(originOf(url)), bySubject.get(`${key}`)];
      if (host) this.#hosts.set(originOf(url), { kind: 'failing', failures: host.failures, trouble: { retryAt: 0, ...host.trouble } });
      if (deploymentRecord) this.#deploymentTroubles.set(key, deploymentRecord.trouble);
    }
    this.#fireChange(deployments.filter((one, index) => !isSameTrouble(this.troubleOf(one), before[index])));
  }

  /** Moves the retry times and the start of the offline period back with the system clock, so that the remaining waits stay the same. */
  shiftTimes(setBackMs: number): void {
    if (this.#offlineSince !== undefined) this.#offlineSince -= setBackMs;
    for (const [origin, host] of this.#hosts) {
      if (host.kind !== 'failing') continue;
      const retryAt = host.trouble.retryAt - setBackMs;
      this.#hosts.set(origin, { ...host, trouble: { ...host.trouble, retryAt } });
    }
  }

  #offlineTrouble({ url }: Deployment): Trouble | undefined {
    const since = this.#offlineSince;
    return since === undefined || isLoopback(hostOf(url)) ? undefined : { kind: 'offline', since };
  }

  #fireChange(deployments: readonly Deployment[]): void {
    if (deployments.length > 0) this.#changeEmitter.fire([...new Set(deployments.map(({ url }) => originOf(url)))]);
  }

  #host({ url }: Deployment): HostState {
    return this.#hosts.get(originOf(url)) ?? healthyHost;
  }

  #hostTrouble(deployment: Deployment): FailingHost['trouble'] | undefined {
    const host = this.#host(deployment);
    return host.kind === 'failing' ? host.trouble : undefined;
  }
}
