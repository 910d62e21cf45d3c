// What the extension takes from the file that the editor loaded before it.
export { Later } from '#core/lib/lazy';
export { documentAt, endings } from '#present/documents/documentKind';
export { FolderWatch } from '#store/folderWatch';
