import fc from 'fast-check';
import assert from 'node:assert/strict';
import { sortedJson } from '#core/lib/sortedJson';
import { tries } from '#test/support/fuzz';
import { growth, linear } from '#test/support/growth';

describe('A JSON output in a comparison', () => {
  it('has sorted members in nested objects too, and arrays in their order', () => {
    assert.equal(
      sortedJson(' {"b":[{"d":1,"c":2},"x"] , "a":{}, "c": [ ]}\n'),
      '{\n  "a": {},\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    },\n    "x"\n  ],\n  "c": []\n}',
    );
  });

  it('has numbers and escapes as they are written, and both members with the same name', () => {
    assert.equal(
      sortedJson('{"n":12345678901234567890,"b":"\\u00e9 } ]","a":1.0,"a":-0}'),
      '{\n  "a": 1.0,\n  "a": -0,\n  "b": "\\u00e9 } ]",\n  "n": 12345678901234567890\n}',
    );
  });

  it('has the same value as before, and the same text for any layout', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        assert.deepEqual(JSON.parse(sortedJson(text)), JSON.parse(text));
        assert.equal(sortedJson(text), sortedJson(JSON.stringify(value)));
        assert.equal(sortedJson(sortedJson(text)), sortedJson(text));
      }),
      tries(100),
    );
  });

  it('can be nested deeper than the call stack allows', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    assert.equal(sortedJson(deep).replace(/\s/g, ''), deep);
  });

  it('is sorted in linear time', function () {
    this.timeout(60_000);
    assert.ok(growth((members) => sortedJson(`[${'{"t":"x","n":12345},'.repeat(members)}0]`), 62_500) < linear);
  });
});
