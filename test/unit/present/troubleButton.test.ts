import assert from 'node:assert/strict';
import { commandFor } from '#present/troubleButton';
import { words } from '#present/words/words';
import { troubleKinds } from '#test/support/builders';
import { t } from './documents/hostile';

describe('The button of a problem', () => {
  for (const [title, kinds] of Object.entries({
    'Set Token': ['noToken', 'tokenRefused', 'notAllowed'],
    'Show Log': ['throttled', 'notSaved'],
    Refresh: ['serverTrouble', 'unreachable', 'offline'],
    'Open in Browser': ['notAnAnswer'],
    'Edit Deployment': ['moved', 'wrongAddress', 'nameUnknown'],
    'Open Network Settings': ['certificate', 'proxy'],
    'Save Response As…': ['tooLarge'],
    'Open Raw Response': ['refused'],
  })) {
    it(`is "${title}" only for ${kinds.join(', ')}`, () => {
      const found = troubleKinds.filter((kind) => t(words[commandFor(kind)]) === title);
      assert.deepEqual([...found].sort(), [...kinds].sort());
    });
  }
});
