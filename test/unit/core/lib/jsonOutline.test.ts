import assert from 'node:assert/strict';
import { jsonOutline, type JsonEntry } from '#core/lib/jsonOutline';

/** Returns the entries as names with nested entries. An item of an array has the name `-`. */
function tree(entries: readonly JsonEntry[]): readonly unknown[] {
  return entries.map(({ name = '-', entries: inside }) => (inside.length > 0 ? [name, tree(inside)] : name));
}

function count(entries: readonly JsonEntry[]): number {
  return entries.reduce((sum, { entries: inside }) => sum + 1 + count(inside), 0);
}

describe('The outline of JSON', () => {
  it('contains members and items with the spans of their texts', () => {
    const text = ' { "a" : [1, {"b": null}], "\\u0063": "}" }';
    const entries = jsonOutline(text);
    assert.deepEqual(tree(entries), [['"a"', ['-', ['-', ['"b"']]]], '"\\u0063"']);
    assert.deepEqual(
      entries.map(({ start: at, valueStart: value, end }) => [text.slice(at, end), text.charAt(value)]),
      [
        ['"a" : [1, {"b": null}]', '['],
        ['"\\u0063": "}"', '"'],
      ],
    );
  });

  it("is empty for a text that isn't an object or array", () => {
    for (const text of ['', '  ', '1', '"{}"', 'null']) assert.deepEqual(jsonOutline(text), [], text);
  });

  it('is partial for JSON that ends early', () => {
    assert.deepEqual(tree(jsonOutline('{"a": {"b": 1, "c')), [['"a"', ['"b"', '"c']]]);
  });

  it('has at most 2,000 entries on six levels', () => {
    const items = `[${'{"a":[1,2]},'.repeat(5_000)}0]`;
    assert.equal(count(jsonOutline(items)), 2_000);
    assert.equal(count(jsonOutline('['.repeat(50_000))), 6);
  });

  it('ends after 200,000 characters', () => {
    const entries = jsonOutline(`{"a":"${'x'.repeat(200_000)}","b":1}`);
    assert.deepEqual(tree(entries), ['"a"']);
  });
});
