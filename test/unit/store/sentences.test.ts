import assert from 'node:assert/strict';
import { words } from '../../../src/present/words';
import { StoreFailure } from '../../../src/store/failure';

const kinds = ['diskFull', 'readOnly', 'locked', 'damaged', 'damagedAnswer', 'newer', 'unavailable', 'closed', 'other'] as const;

describe('What the store says', () => {
  for (const kind of kinds) {
    it(`of ${kind} stands in the table of words, to be translated`, () => assert.equal(new StoreFailure(kind).message, words[kind]));
  }
});
