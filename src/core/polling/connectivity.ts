import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import { hostOf, isLoopback, isNumber } from '#core/kickoff/deploymentUrl';
import { isSettled, type Observation } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';
import type { HostHealth } from './hostHealth';
import type { Network } from './ports';

const againMs = 30_000;

/** The network to check, the deployments that need the network, and the host health to update. */
interface ConnectivityParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly board: KickoffList;
  readonly health: HostHealth;
}

/**
 * Determines without HTTP requests whether this machine has a network. Checks after a failed connection, and then every 30 s while there is
 * no network.
 */
export class Connectivity implements Disposable {
  #timer: Disposable | undefined;
  #looks = 0;
  #isLooking = false;
  /** Hosts that responded and whose name resolved. */
  readonly #found = new Set<string>();
  /**
   * Hosts that responded although their name didn't resolve, or this machine had no network address. The value is the time of the first
   * such response.
   */
  readonly #doubted = new Map<string, number>();
  /**
   * Whether a host kept responding although its name didn't resolve, or this machine had no network address. A proxy then resolves host
   * names, so checks show nothing about the network.
   */
  #isBlind = false;

  constructor(
    private readonly parts: ConnectivityParts,
    private readonly ended: () => void,
  ) {}

  /** Records the result of a poll. Starts a network check if the host wasn't found or couldn't be reached. */
  record({ url }: Deployment, observation: Observation): void {
    const host = hostOf(url);
    if (isLoopback(host) || this.parts.health.isOffline) return;
    if (observation.kind === 'answered') void this.#learn(host);
    else if ((observation.trouble.kind === 'nameUnknown' || observation.trouble.kind === 'unreachable') && !this.#isLooking)
      void this.look();
  }

  /** Ends the offline state if no active run needs the network. */
  sync(): void {
    if (this.parts.health.isOffline && this.#open().length === 0) void this.look();
  }

  get isLooking(): boolean {
    return this.#timer !== undefined;
  }

  /** Stops all checks. Called when another window polls, because only the polling window checks. */
  rest(): void {
    this.#looks++;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#isLooking = false;
  }

  /**
   * Checks now, and then every 30 s while there is no network. With `isRefresh`, unresolved names don't count, because a proxy may resolve
   * the names.
   */
  async look(isRefresh = false): Promise<void> {
    const { board, clock, health } = this.parts;
    const look = ++this.#looks;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#isLooking = true;
    const isOffline = await this.#isOffline(isRefresh);
    if (look !== this.#looks) return;

    this.#isLooking = false;
    if (isOffline) {
      this.#doubted.clear();
      health.wentOffline(board.deployments, clock.now());
      this.#timer = clock.after(againMs, () => void this.look());
    } else if (health.isOffline) {
      health.cameOnline(board.deployments);
      this.ended();
    }
  }

  dispose(): void {
    this.rest();
  }

  /**
   * Whether this machine has no network address, or resolves no host name of an active run. Names count only if one of the hosts has
   * responded before. False behind a proxy, and without an active run on another machine. Looks up one name at a time, because a hanging
   * DNS lookup blocks a thread that other code needs too.
   */
  async #isOffline(isRefresh: boolean): Promise<boolean> {
    const { board, network } = this.parts;
    const open = this.#open();
    if (this.#isBlind || open.length === 0) return false;
    if (!network.isConnected()) return true;
    if (isRefresh) return false;

    const hosts = new Set(open.map(({ url }) => hostOf(url)));
    const hasResponded = ({ url, key }: Deployment) =>
      hosts.has(hostOf(url)) && board.kickoffs.some((one) => one.deployment === key && one.checkedAt !== undefined);
    if (!board.deployments.some(hasResponded)) return false;
    for (const host of hosts) if (await this.#isFound(host)) return false;
    return true;
  }

  async #isFound(host: string): Promise<boolean> {
    return isNumber(host) || this.parts.network.resolves(host);
  }

  /**
   * Records whether the name of a responding host resolves. The network may be lost just after a response. So only another failure more
   * than 30 s later shows a proxy.
   */
  async #learn(host: string): Promise<void> {
    if (this.#found.has(host)) return;
    const now = this.parts.clock.now();
    const doubtedAt = this.#doubted.get(host) ?? now;
    this.#found.add(host);
    if (this.parts.network.isConnected() && (await this.#isFound(host))) return;
    this.#found.delete(host);
    if (now - doubtedAt > againMs) this.#isBlind = true;
    else this.#doubted.set(host, doubtedAt);
  }

  /** Returns the deployments on other machines with an active run. */
  #open(): readonly Deployment[] {
    const { board } = this.parts;
    const keys = new Set(board.kickoffs.filter(({ phase }) => !isSettled(phase)).map(({ deployment }) => deployment));
    return board.deployments.filter(({ key, url }) => keys.has(key) && hostOf(url) !== '' && !isLoopback(hostOf(url)));
  }
}
