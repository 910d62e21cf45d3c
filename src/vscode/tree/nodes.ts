export { DeploymentNode, isRow, KickoffNode, StartNode, TaskNode, type Node } from '#present/outline/nodes';
