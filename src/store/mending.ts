/** What is needed only when a file is made, brought to a newer version, copied or lost, or runs leave the list: loaded then. */
export { backUp } from './backup';
export { foundSound, isDue } from './checkUp';
export { migrated } from './migrations';
export { broughtBack, removed, removedOld } from './removal';
export { rescue } from './rescue';
export { broughtBackIds, restored } from './restore';
export { salvage } from './salvage';
export { sweep } from './sweep';
