/** What is needed only when a file is made, brought to a newer version, copied or lost, or the list is changed by hand: loaded then. */
export { backUp } from './backup';
export { foundSound, isDue } from './checkUp';
export { addedDeployment, changedDeployment } from './deployments';
export { asideWasRead, setAside } from './files';
export { migrated } from './migrations';
export { broughtBack, deleted, moveKickoff, removed, removedOld } from './removal';
export { rescue } from './rescue';
export { broughtBackIds, restored } from './restore';
export { added } from './runs';
export { salvage } from './salvage';
export { sweep } from './sweep';
