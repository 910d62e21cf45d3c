// Mocha's spec reporter with a file of counts and failures for test.mjs.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures } = this.stats;
    const names = this.failures.map((test) => `${test.titlePath().join(': ')}: ${test.err?.message ?? ''}`);
    if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify({ passed: passes, failed: failures, names }));
  }
};
