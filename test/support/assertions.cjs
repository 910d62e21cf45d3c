// Fails a test that makes no assertion: such a test can't notice anything. Loaded by `npm run unit` (mocha's --require).
const assert = require('node:assert/strict');

let made = 0;

// A getter counts each use and adds no frame of its own, so that failures still quote the line of the test.
for (const [name, check] of Object.entries(assert))
  if (typeof check === 'function')
    Object.defineProperty(assert, name, {
      get: () => {
        made += 1;
        return check;
      },
    });

exports.mochaHooks = {
  beforeEach() {
    const test = this.currentTest;
    const run = test.fn;
    test.fn = async function () {
      const before = made;
      await run.call(this);
      if (made === before) throw new Error('This test makes no assertion.');
    };
  },
};
