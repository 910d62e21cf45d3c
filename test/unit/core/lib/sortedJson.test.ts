import fc from 'fast-check';
import assert from 'node:assert/strict';
import { sortedJson } from '#core/lib/sortedJson';
import { tries } from '#test/support/fuzz';
import { growth, linear } from '#test/support/growth';

describe('A JSON output that is compared', () => {
  it('has its members in order at every depth, and its lists as they came', () => {
    assert.equal(
      sortedJson(' {"b":[{"d":1,"c":2},"x"] , "a":{}, "c": [ ]}\n'),
      '{\n  "a": {},\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    },\n    "x"\n  ],\n  "c": []\n}',
    );
  });

  it('keeps numbers and escapes as they are written, and a name that comes twice', () => {
    assert.equal(
      sortedJson('{"n":12345678901234567890,"b":"\\u00e9 } ]","a":1.0,"a":-0}'),
      '{\n  "a": 1.0,\n  "a": -0,\n  "b": "\\u00e9 } ]",\n  "n": 12345678901234567890\n}',
    );
  });

  it('means what it meant, for any JSON, and reads the same however it was written', () => {
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

  it('may nest deeper than the stack', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    assert.equal(sortedJson(deep).replace(/\s/g, ''), deep);
  });

  it('of 10 MB takes no longer for each of them than one of one', function () {
    this.timeout(60_000);
    assert.ok(growth((members) => sortedJson(`[${'{"t":"x","n":12345},'.repeat(members)}0]`), 62_500) < linear);
  });
});
