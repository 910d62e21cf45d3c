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
  const of = new Map<DeploymentKey, Kickoff[]>();
  const place = (kickoff: Kickoff): void => {
    const runs = of.get(kickoff.deployment);
    if (runs) runs.push(kickoff);
    else of.set(kickoff.deployment, [kickoff]);
  };
  all.filter(({ phase }) => !isSettled(phase)).forEach(place);
  all.filter(({ phase }) => isSettled(phase)).forEach(place);
  return { all, of };
}
