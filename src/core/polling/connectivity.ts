import type { Deployment } from '#core/kickoff/deployment';
import { hostOf, isLoopback, isIpAddress } from '#core/kickoff/deploymentUrl';
import { isSettled, type Observation } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import type { PollerParts } from './pollerParts';

const againMs = 30_000;

/** Determines without HTTP requests whether this machine has a network. Checks every 30 s while there is none. */
export class Connectivity {
  #timer: Disposable | undefined;
  #check: object | undefined;

  constructor(
    private readonly parts: Pick<PollerParts, 'network' | 'clock' | 'board' | 'health'>,
    private readonly ended: () => void,
  ) {}

  /** Checks the network after a failed connection. A proxy may resolve names, so they count only if the failure was a name. */
  record({ url }: Deployment, observation: Observation): void {
    if (isLoopback(hostOf(url)) || this.parts.health.isOffline || observation.kind === 'answered' || this.#check) return;
    const { kind } = observation.trouble;
    if (kind === 'nameUnknown' || kind === 'unreachable') void this.check(kind === 'nameUnknown');
  }

  /** Ends the offline state if no active run needs the network. */
  sync(): void {
    if (this.parts.health.isOffline && this.#open().length === 0) void this.check(false);
  }

  get isRepeating(): boolean {
    return this.#timer !== undefined;
  }

  /** With `namesCount`, unresolved names mean that there is no network. */
  async check(namesCount: boolean): Promise<void> {
    const { board, clock, health } = this.parts;
    this.stop();
    const check = (this.#check = {});
    const isOffline = await this.#isOffline(namesCount);
    if (check !== this.#check) return;

    this.#check = undefined;
    if (isOffline) {
      health.wentOffline(board.deployments, clock.now());
      this.#timer = clock.after(againMs, () => void this.check(namesCount));
    } else if (health.isOffline) {
      health.cameOnline(board.deployments);
      this.ended();
    }
  }

  /** Only the polling window checks. */
  stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#check = undefined;
  }

  /** Names count only if a host has responded before. A hanging DNS lookup blocks a thread, so names go one by one. */
  async #isOffline(namesCount: boolean): Promise<boolean> {
    const { board, network } = this.parts;
    const open = this.#open();
    if (open.length === 0) return false;
    if (!network.isConnected()) return true;

    const hosts = new Set(open.map(({ url }) => hostOf(url)));
    const hasResponded = ({ url, key }: Deployment) =>
      hosts.has(hostOf(url)) && board.kickoffs.some((one) => one.deployment === key && one.checkedAt !== undefined);
    if (!namesCount || !board.deployments.some(hasResponded)) return false;
    for (const host of hosts) if (isIpAddress(host) || (await network.resolves(host))) return false;
    return true;
  }

  #open(): readonly Deployment[] {
    const { board } = this.parts;
    const keys = new Set(board.kickoffs.filter(({ phase }) => !isSettled(phase)).map(({ deployment }) => deployment));
    return board.deployments.filter(({ key, url }) => keys.has(key) && hostOf(url) !== '' && !isLoopback(hostOf(url)));
  }
}
