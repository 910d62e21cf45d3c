import type { BoardChange } from '#core/history/board';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { interruptedTask } from '#core/kickoff/tasks';
import type { StartAttempt } from '#core/starts/attempt';
import { deploymentRow } from '#present/rows/deploymentRow';
import { startRow, type Row } from '#present/rows/kickoffRow';
import { taskPositions, taskRow } from '#present/rows/taskRow';
import { DeploymentNode, KickoffNode, StartNode, TaskNode, type Node } from './nodes';
import { runRow, type OutlineParts, type OutlineRow } from './runRow';

/** The levels of the view: deployments, their starts and runs, and the tasks of runs. Commands recognize a row by its node. */
export class Outline {
  /** The nodes by row ID. VS Code finds a row to refresh or reveal only by the same object. */
  readonly #nodes = new Map<string, Node>();

  constructor(private readonly parts: OutlineParts) {}

  /** Returns the nodes below a node, in the order of the view. Without a node, returns the deployments. */
  childrenOf(node?: Node): Node[] {
    const { board } = this.parts;
    if (!node) return board.deployments.map((deployment) => this.nodeOf(deployment));
    if (node instanceof DeploymentNode) {
      const deployment = board.deployment(node.key);
      if (!deployment) return [];
      const startsNewestFirst = board.startsOf(deployment).toReversed();
      return [...startsNewestFirst, ...board.kickoffsOf(deployment)].map((one) => this.nodeOf(one));
    }
    if (!(node instanceof KickoffNode)) return [];
    const kickoff = board.kickoff(node.ref);
    return kickoff ? taskPositions(kickoff).map((position) => this.#uniqueNode(new TaskNode(node, position))) : [];
  }

  parentOf(node: Node): Node | undefined {
    if (node instanceof DeploymentNode) return undefined;
    if (node instanceof TaskNode) return node.kickoffNode;
    return this.nodeOf({ key: node instanceof StartNode ? node.deployment : node.ref.deployment });
  }

  /** Returns the node of a deployment, run, or start: always the same object. Its row may not be in the view yet. */
  nodeOf(item: Pick<Deployment, 'key'> | Kickoff | StartAttempt): Node {
    if ('key' in item) return this.#uniqueNode(new DeploymentNode(item.key));
    const { deployment } = item;
    return this.#uniqueNode('requestId' in item ? new StartNode(deployment, item.requestId) : new KickoffNode({ deployment, id: item.id }));
  }

  /** Returns the content of a row. Undefined if the row was removed. `lastDrawnRow` is the content when the row was last drawn. */
  rowOf(node: Node, lastDrawnRow?: OutlineRow): OutlineRow | undefined {
    const { board, clock, t } = this.parts;
    if (node instanceof TaskNode) return this.#taskRow(node);
    if (node instanceof KickoffNode) {
      const kickoff = board.kickoff(node.ref);
      return kickoff && runRow(kickoff, this.parts, lastDrawnRow);
    }
    if (node instanceof DeploymentNode) {
      const deployment = board.deployment(node.key);
      return deployment && this.#deploymentRow(deployment);
    }
    const attempt = board.startOf(node.requestId);
    return attempt && outlineRow(startRow(attempt, clock.now(), t), 'None');
  }

  /** Returns the nodes that a change may affect: `reordered` ones with changed children, and `others` whose content may have changed. */
  nodesAffectedBy({ kickoffs, reorderedKeys }: Pick<BoardChange, 'kickoffs' | 'reorderedKeys'>) {
    const otherRuns = kickoffs.filter(({ deployment }) => !reorderedKeys.includes(deployment));
    const parents = [...new Set(otherRuns.map(({ deployment }) => deployment))].map((key) => ({ key }));
    return {
      reordered: reorderedKeys.map((key) => this.nodeOf({ key })),
      others: [...parents, ...this.parts.board.starts, ...otherRuns].map((one) => this.nodeOf(one)),
    };
  }

  /** Returns the node to focus when nodes are removed: the next remaining sibling, else the previous sibling, else the parent. */
  neighborOf(removedNodes: readonly Node[]): Node | undefined {
    const [firstNode] = removedNodes;
    if (!firstNode) return undefined;
    const parent = this.parentOf(firstNode);
    const siblings = this.childrenOf(parent);
    const index = siblings.indexOf(firstNode);
    return [...siblings.slice(index + 1), ...siblings.slice(0, index).reverse()].find((node) => !removedNodes.includes(node)) ?? parent;
  }

  /** Returns the earlier node with the same row ID, or stores and returns this node. */
  #uniqueNode(node: Node): Node {
    const knownNode = this.#nodes.get(node.rowId) ?? node;
    this.#nodes.set(node.rowId, knownNode);
    return knownNode;
  }

  #deploymentRow(deployment: Deployment): OutlineRow {
    const { board, clock, t } = this.parts;
    const kickoffs = board.kickoffsOf(deployment);
    const hasActiveRuns = board.startsOf(deployment).length > 0 || kickoffs.some(({ phase }) => !isSettled(phase));
    const row = deploymentRow(deployment, board, clock.now(), t);
    return outlineRow(row, hasActiveRuns ? 'Expanded' : kickoffs.length > 0 ? 'Collapsed' : 'None');
  }

  #taskRow({ kickoffNode: { ref }, position }: TaskNode): OutlineRow | undefined {
    const { board, clock, staleAt, t } = this.parts;
    const kickoff = board.kickoff(ref);
    if (!kickoff) return undefined;
    const isUpToDate = board.troubleOf(kickoff) === undefined && clock.now() < staleAt(kickoff);
    const row = taskRow(kickoff, position, isUpToDate, t);
    if (!row) return undefined;
    const hasOutput = kickoff.tasks.some((task) => task.hasOutput && task.position === position);
    const documentKind = hasOutput ? { taskPosition: position } : interruptedTask(kickoff)?.position === position ? 'report' : undefined;
    return { ...outlineRow(row, 'None'), documentToOpen: documentKind && { kickoff, kind: documentKind } };
  }
}

function outlineRow(row: Row, expansion: OutlineRow['expansion']): OutlineRow {
  return { row, comparableText: () => JSON.stringify(row), expansion };
}
