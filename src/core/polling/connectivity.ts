import type { Deployment } from '#core/kickoff/deployment';
import { hostOf, isLoopback, isIpAddress } from '#core/kickoff/deploymentUrl';
import { isSettled } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import type { RequestOutcome } from './hostHealth';
import type { PollerParts } from './pollerParts';

const recheckIntervalMs = 30_000;

/** Starts and ends the offline state, by checks without HTTP requests. Repeats the check every 30 s while there is no network. */
export class Connectivity {
  #timer: Disposable | undefined;
  #currentCheck: object | undefined;

  constructor(
    private readonly parts: Pick<PollerParts, 'network' | 'clock' | 'board' | 'health'>,
    private readonly onReconnect: () => void,
  ) {}

  /** Checks the network if the connection of a request failed. */
  checkAfterRequest({ url }: Deployment, outcome: RequestOutcome): void {
    if (isLoopback(hostOf(url)) || this.parts.health.isOffline || outcome.kind === 'answered' || this.#currentCheck) return;
    const { kind } = outcome.trouble;
    if (kind === 'nameUnknown' || kind === 'unreachable') void this.check({ countsFailedLookups: kind === 'nameUnknown' });
  }

  /** Ends the offline state if no active run needs the network. */
  endOfflineIfIdle(): void {
    if (this.parts.health.isOffline && this.#activeDeployments().length === 0) void this.check({ countsFailedLookups: false });
  }

  /** Starts or ends the offline state. With `countsFailedLookups`, that state can also start because all lookups of host names fail. */
  async check(options: { readonly countsFailedLookups: boolean }): Promise<void> {
    const { board, clock, health } = this.parts;
    this.stop();
    const thisCheck = (this.#currentCheck = {});
    const isOffline = await this.#isOffline(options.countsFailedLookups);
    if (thisCheck !== this.#currentCheck) return;

    this.#currentCheck = undefined;
    if (isOffline) {
      health.startOffline(board.deployments, clock.now());
      this.#timer = clock.after(recheckIntervalMs, () => void this.check(options));
    } else if (health.isOffline) {
      health.endOffline(board.deployments);
      this.onReconnect();
    }
  }

  stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#currentCheck = undefined;
  }

  /** Whether active runs lack a network. Failed lookups count if a host ever responded. Lookups run one by one: each may block a thread. */
  async #isOffline(countsFailedLookups: boolean): Promise<boolean> {
    const { board, network } = this.parts;
    const activeDeployments = this.#activeDeployments();
    if (activeDeployments.length === 0) return false;
    if (!network.isConnected()) return true;

    const hosts = new Set(activeDeployments.map(({ url }) => hostOf(url)));
    const sameHostDeployments = board.deployments.filter(({ url }) => hosts.has(hostOf(url)));
    const hasResponded = sameHostDeployments.some((one) => board.kickoffsOf(one).some(({ checkedAt }) => checkedAt !== undefined));
    if (!countsFailedLookups || !hasResponded) return false;
    for (const host of hosts) if (isIpAddress(host) || (await network.resolves(host))) return false;
    return true;
  }

  #activeDeployments(): readonly Deployment[] {
    const { board } = this.parts;
    const remoteDeployments = board.deployments.filter(({ url }) => hostOf(url) !== '' && !isLoopback(hostOf(url)));
    return remoteDeployments.filter((one) => board.kickoffsOf(one).some(({ phase }) => !isSettled(phase)));
  }
}
