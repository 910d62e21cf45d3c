// What the files that are loaded later take from the one that is there: an error or a row is known by its class, and words need not be there twice.
export * from '#core/lib/errors';
export * from '#vscode/tree/nodes';
export { words } from '#present/words/words';
