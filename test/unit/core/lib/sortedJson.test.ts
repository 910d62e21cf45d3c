import fc from 'fast-check';
import assert from 'node:assert/strict';
import { sortedJson } from '#core/lib/sortedJson';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';

describe('A JSON output in a comparison', () => {
  it('is indented, with sorted members even in nested objects', () => {
    assert.equal(
      sortedJson(' {"b":[{"d":1,"c":2},"x"] , "a":{}, "c": [ ]}\n'),
      '{\n  "a": {},\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    },\n    "x"\n  ],\n  "c": []\n}',
    );
  });

  const spaces = fc.constantFrom(undefined, 1, '\t');
  always('has the same value as before sorting', 100, [fc.jsonValue(), spaces], (value, space) => {
    const text = JSON.stringify(value, undefined, space);
    assert.deepEqual(JSON.parse(sortedJson(text)), JSON.parse(text));
  });

  always('has the same text for any layout', 100, [fc.jsonValue(), spaces], (value, space) => {
    const text = JSON.stringify(value, undefined, space);
    assert.equal(sortedJson(text), sortedJson(JSON.stringify(value)));
    assert.equal(sortedJson(sortedJson(text)), sortedJson(text));
  });

  it('is indented even if it is incomplete', () => {
    assert.equal(sortedJson('[2,1'), '[\n  2,\n  1');
  });

  it('is sorted in linear time', () => {
    assertLinear((members) => sortedJson(`[${'{"t":"x","n":12345},'.repeat(members)}0]`), 62_500);
  }).timeout(60_000);
});
