import { keyOf } from '#core/history/board';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { KickoffRef } from '#core/kickoff/kickoff';

/** A row of the view, as VS Code passes it to commands. */
abstract class RowNode {
  /** The row's ID in VS Code, which uses this ID to keep the row selected and expanded. */
  protected constructor(readonly rowId: string) {}
}

export class DeploymentNode extends RowNode {
  constructor(readonly key: DeploymentKey) {
    super(`deployment ${key}`);
  }
}

export class KickoffNode extends RowNode {
  constructor(readonly ref: KickoffRef) {
    super(`kickoff ${keyOf(ref)}`);
  }
}

export class TaskNode extends RowNode {
  constructor(
    readonly kickoffNode: KickoffNode,
    readonly position: number,
  ) {
    super(`task ${keyOf(kickoffNode.ref)} ${position}`);
  }
}

/** A start that AMP hasn't confirmed. */
export class StartNode extends RowNode {
  constructor(
    readonly deployment: DeploymentKey,
    readonly requestId: string,
  ) {
    super(`start ${requestId}`);
  }
}

export type Node = DeploymentNode | KickoffNode | TaskNode | StartNode;

/** Whether a command's argument is a row or `null`. VS Code passes the focused row, or `null`, to the buttons in the view's title. */
export function isNodeOrNull(target: unknown): target is Node | null {
  return target === null || target instanceof RowNode;
}
