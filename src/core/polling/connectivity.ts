import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import { hostOf, isLoopback, isNumber } from '#core/kickoff/deploymentUrl';
import { isSettled, type Observation } from '#core/kickoff/kickoff';
import type { Clock, Disposable } from '#core/lib/types';
import type { HostHealth } from './hostHealth';
import type { Network } from './ports';

const againMs = 30_000;

/** What it is seen by, and who is told. */
interface ConnectivityParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly board: KickoffList;
  readonly health: HostHealth;
}

/** Sees without requests whether this machine has a network: one state, not a trouble of each host. It looks when a host cannot be reached, and then until it can. */
export class Connectivity implements Disposable {
  #timer: Disposable | undefined;
  #looks = 0;
  #isLooking = false;
  /** Hosts that answered and could be found; and those that could not when they answered, with the time. */
  readonly #found = new Set<string>();
  readonly #doubted = new Map<string, number>();
  /** A host goes on answering that by these rules cannot: a proxy finds it, and they tell nothing here. */
  #isBlind = false;

  constructor(
    private readonly parts: ConnectivityParts,
    private readonly ended: () => void,
  ) {}

  /** Takes what a poll brought. */
  record({ url }: Deployment, seen: Observation): void {
    const host = hostOf(url);
    if (isLoopback(host) || this.parts.health.isOffline) return;
    if (seen.kind === 'answered') void this.#learn(host);
    else if ((seen.trouble.kind === 'nameUnknown' || seen.trouble.kind === 'unreachable') && !this.#isLooking) void this.look();
  }

  /** Nothing is watched for runs that are no longer open. */
  sync(): void {
    if (this.parts.health.isOffline && this.#open().length === 0) void this.look();
  }

  get isLooking(): boolean {
    return this.#timer !== undefined;
  }

  /** Another window looks. */
  rest(): void {
    this.#looks++;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#isLooking = false;
  }

  /** Looks now; while there is no network, again after a while. Where the user asks for it a name that is not found is no proof: a proxy may find it. */
  async look(isAsked = false): Promise<void> {
    const { board, clock, health } = this.parts;
    const look = ++this.#looks;
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#isLooking = true;
    const isOffline = await this.#isOffline(isAsked);
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

  /** One name after the other: a look-up that hangs keeps a thread that others need too. */
  async #isOffline(isAsked: boolean): Promise<boolean> {
    const { board, network } = this.parts;
    const open = this.#open();
    if (this.#isBlind || open.length === 0) return false;
    if (!network.isConnected()) return true;
    if (isAsked) return false;

    const hosts = new Set(open.map(({ url }) => hostOf(url)));
    const wasHeard = ({ url, key }: Deployment) =>
      hosts.has(hostOf(url)) && board.kickoffs.some((one) => one.deployment === key && one.checkedAt !== undefined);
    if (!board.deployments.some(wasHeard)) return false;
    for (const host of hosts) if (await this.#isFound(host)) return false;
    return true;
  }

  async #isFound(host: string): Promise<boolean> {
    return isNumber(host) || this.parts.network.resolves(host);
  }

  /** Once is not enough: the network may have gone just after the answer. */
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

  /** Deployments on other machines that have an open run. */
  #open(): readonly Deployment[] {
    const { board } = this.parts;
    const keys = new Set(board.kickoffs.filter(({ phase }) => !isSettled(phase)).map(({ deployment }) => deployment));
    return board.deployments.filter(({ key, url }) => keys.has(key) && hostOf(url) !== '' && !isLoopback(hostOf(url)));
  }
}
