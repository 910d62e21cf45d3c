import type { Board } from '#core/history/board';
import type { Store } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff, Observation } from '#core/kickoff/kickoff';
import type { Clock, Random } from '#core/lib/types';
import type { LeaderElection } from '#core/windows/leaderElection';
import type { HostHealth } from './hostHealth';
import type { PollSettings } from './pollInterval';

export interface StatusSource {
  /** Requests the status of a run. Rejects only if the client can't be loaded. */
  observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation>;
}

export interface Network {
  /** Whether this machine has a network address that isn't a loopback address. */
  isConnected(): boolean;
  /** Whether the name resolves to an address. Never rejects. */
  resolves(hostName: string): Promise<boolean>;
}

export interface PollerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly source: StatusSource;
  readonly network: Network;
  readonly store: Pick<Store, 'update' | 'claimRejection'> & { readonly isReadOnly?: boolean };
  readonly board: Board;
  readonly health: HostHealth;
  readonly leader: Pick<LeaderElection, 'term' | 'take' | 'renewSooner'>;
  /** Returns the settings. Called for each delay, so that the delay follows the current settings and focus. */
  readonly settings: () => PollSettings;
  readonly onError?: (error: unknown) => void;
}
