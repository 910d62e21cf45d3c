// What must be the same in the file that is loaded later: an error or a row is known by its class.
export * from '../core/errors';
export * from './nodes';
