import type { DeploymentKey } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';

export interface SortedKickoffs {
  /** Newest first. */
  readonly all: readonly Kickoff[];
  /** The active runs, then the finished runs, each newest first. */
  readonly of: ReadonlyMap<DeploymentKey, readonly Kickoff[]>;
}

export function sortKickoffs(kickoffs: Iterable<Kickoff>): SortedKickoffs {
  const all = [...kickoffs].sort((one, other) => other.trackedAt - one.trackedAt);
  const activeFirst = [...all.filter(({ phase }) => !isSettled(phase)), ...all.filter(({ phase }) => isSettled(phase))];
  return { all, of: Map.groupBy(activeFirst, ({ deployment }) => deployment) };
}
