// Fails tests without assertions. `npm run unit` loads this file with mocha's --require.
const assert = require('node:assert/strict');

let made = 0;

// A getter counts each use without a stack frame, so that failures show the line of the test.
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
