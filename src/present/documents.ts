// What the documents of a run hold: loaded together when the first one is read.
export { rawStatus } from './rawStatus';
export { report } from './report';
export { sortedJson } from './sortedJson';
