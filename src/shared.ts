// What the extension takes from the file that the editor loaded before it.
export { Later } from './core/later';
export { documentAt, endings } from './present/documentKind';
export { FolderWatch } from './store/folderWatch';
