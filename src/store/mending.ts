/** What is needed only when a file is made, copied or lost: loaded then. */
export { backUp, withBackup } from './backup';
export { checked, isDue, isSound } from './checkUp';
export { rescue } from './rescue';
export { broughtBackIds, restored } from './restore';
export { salvage } from './salvage';
export { sweep } from './sweep';
