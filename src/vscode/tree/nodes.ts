import { keyOf } from '#core/history/board';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { KickoffRef } from '#core/kickoff/kickoff';
import type { StartAttempt } from '#core/starts/attempt';

export class DeploymentNode {
  /** Undefined before the row is drawn, like `drawn` of a run. */
  shown: string | undefined;
  constructor(readonly key: DeploymentKey) {}
}

export class KickoffNode {
  drawn: { readonly shown: string; readonly tooltip: string } | undefined;
  readonly tasks = new Map<number, TaskNode>();
  /** Whether the row could be expanded. An active run's row stays expandable after a response without tasks. */
  hadTasks = false;
  constructor(readonly ref: KickoffRef) {}
}

export class TaskNode {
  constructor(
    readonly kickoff: KickoffNode,
    readonly position: number,
  ) {}
}

/** A start that AMP hasn't confirmed. */
export class StartNode {
  shown: string | undefined;
  constructor(
    readonly deployment: DeploymentKey,
    readonly requestId: string,
  ) {}
}

export type Node = DeploymentNode | KickoffNode | TaskNode | StartNode;

const kinds = [DeploymentNode, KickoffNode, TaskNode, StartNode];

/** Whether an argument is a row or `null`. VS Code passes the focused row, or `null`, to the buttons in the view's title. */
export function isRow(target: unknown): target is Node | null {
  return target === null || kinds.some((kind) => target instanceof kind);
}

/** A cache with one object for each row, because VS Code identifies rows by object identity. */
export class NodeCache {
  readonly #deployments = new Map<DeploymentKey, DeploymentNode>();
  readonly #kickoffs = new Map<string, KickoffNode>();
  readonly #starts = new Map<string, StartNode>();

  deployment(key: DeploymentKey): DeploymentNode {
    return getOrAdd(this.#deployments, key, () => new DeploymentNode(key));
  }

  kickoff({ deployment, id }: KickoffRef): KickoffNode {
    return getOrAdd(this.#kickoffs, keyOf({ deployment, id }), () => new KickoffNode({ deployment, id }));
  }

  start({ deployment, requestId }: Pick<StartAttempt, 'deployment' | 'requestId'>): StartNode {
    return getOrAdd(this.#starts, requestId, () => new StartNode(deployment, requestId));
  }

  task(kickoff: KickoffNode, position: number): TaskNode {
    return getOrAdd(kickoff.tasks, position, () => new TaskNode(kickoff, position));
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
