/** What is needed only when a file is made, brought to a newer version, copied or lost, or the list is changed by hand: loaded then. */
export { backUp } from './recovery/backup';
export { foundSound, isDue } from './checkUp';
export { addedDeployment, changedDeployment } from './tables/deployments';
export { asideWasRead, setAside } from './files';
export { migrated } from './migrations';
export { broughtBack, deleted, removed, removedOld } from './tables/removal';
export { rescue } from './recovery/undelete';
export { broughtBackIds, restored } from './restore';
export { added } from './tables/kickoffs';
export { salvage } from './salvage';
export { sweep } from './sweep';
