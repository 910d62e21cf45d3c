import fc from 'fast-check';
import assert from 'node:assert/strict';
import {
  editorDepth,
  jsonForReport,
  indentJson,
  isJsonContainer,
  isJsonStart,
  isJsonString,
  jsonForEditor,
  looksLikeJson,
  parseJson,
  valueAt,
} from '#core/lib/json';
import { sortMembers } from '#core/lib/sortedJson';
import { always } from '#test/support/checks';
import { tries } from '#test/support/fuzz';
import { assertLinear } from '#test/support/growth';

const spaces = fc.constantFrom(undefined, 1, '\t');
const numberTexts = ['1.0', '1e400', '-0', '12345678901234567890', '0.10', '6.02E+23'];

describe('In JSON text,', () => {
  it('a single object or array is recognized by its start', () => {
    for (const text of ['{}', ' {\n"a": ', '[[', '[{', '["', '[-1.5e-3, ', '[true,', '[]']) assert.ok(isJsonStart(text), text);
    for (const text of ["{'a':1", '{a', '[None', '[09:00]', '[2026-01-02 09:00]', 'x', '', '{"a":1}\n{"a', '[1, 2] \r\n ['])
      assert.ok(!isJsonStart(text), text);
  });

  describe('a member', () => {
    it('is returned as it is written', () => {
      const text = ' {"a": [1], "result" : {"id": 12345678901234567890, "x": 1.0} , "b": "}"} ';
      assert.equal(valueAt(text, ['result']), '{"id": 12345678901234567890, "x": 1.0}');
      assert.equal(valueAt(text, ['result', 'id']), '12345678901234567890');
      assert.equal(valueAt(text, ['b']), '"}"');
      assert.equal(valueAt(text, []), text.trim());
    });

    it('is undefined if no object contains it', () => {
      for (const text of ['{}', '[]', '1', '"a"', '', '   ', '{"b":1}', '{"a":null}', '{"a":[{"b":1}]}', '{"a"', '{"a":', '{"a" "b"'])
        assert.equal(valueAt(text, ['a', 'b']), undefined, text);
    });

    it('is the last member with its name, as with JSON.parse', () => {
      assert.equal(valueAt('{"a":1,"a":2}', ['a']), '2');
      assert.equal(valueAt('{"a":{"b":1},"a":{"c":2}}', ['a', 'b']), undefined);
      assert.equal(valueAt('{"a":1,"\\u0061":2}', ['a']), '2');
    });

    it('is found by a name with escapes, quotes, or backslashes', () => {
      const text = String.raw`{"\"":1,"\\":2,"\u0061\n":3,"\\\"":4}`;
      assert.equal(valueAt(text, ['a\n']), '3');
      assert.equal(valueAt(text, ['\\']), '2');
      assert.equal(valueAt(text, ['\\"']), '4');
    });

    it('is found by the name __proto__', () => {
      assert.equal(valueAt('{"__proto__":{"b":7}}', ['__proto__', 'b']), '7');
    });

    // JSON.parse of Node.js 24 confuses the names '"' and '\\'. Longer names are safe.
    const name = fc.constantFrom('a', 'b', 'q"', 'b\\', '__proto__', '', '☃');
    const leaf = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(...numberTexts));
    const inner = fc.dictionary(name, leaf, { maxKeys: 5 });
    const value = fc.dictionary(name, fc.oneof(leaf, inner, fc.array(inner, { maxLength: 3 })), { maxKeys: 6 });
    always('has the value that JSON.parse returns, for any JSON', 1_000, [value, name, name, spaces], (object, one, other, space) => {
      const text = JSON.stringify(object, undefined, space);
      assert.deepEqual(parsed(valueAt(text, [one])), own(parsed(text), one));
      assert.deepEqual(parsed(valueAt(text, [one, other])), own(own(parsed(text), one), other));
    });

    it('is found after a value that is nested deeper than the call stack allows', () => {
      const deep = '['.repeat(2_000_000) + ']'.repeat(2_000_000);
      assert.equal(valueAt(`{"a":${deep},"b":1}`, ['b']), '1');
    }).timeout(20_000);

    it('is found in linear time after ten megabytes of escapes', () => {
      const slashes = (length: number) => `{"a":"${'\\\\'.repeat(length)}","b":2}`;
      assert.equal(valueAt(slashes(5_000_000), ['b']), '2');
      assertLinear((length) => valueAt(slashes(length), ['b']), 600_000);
    }).timeout(60_000);
  });

  describe('indentation', () => {
    const spacesAndLines = fc.constantFrom(undefined, 1, 4, '\t', '\n \r');
    always('has the layout of JSON.stringify', 1_000, [fc.jsonValue(), spacesAndLines], (value, space) => {
      const pretty = JSON.stringify(value, undefined, 2);
      assert.equal(indentJson(JSON.stringify(value, undefined, space)), pretty);
      assert.equal(indentJson(pretty), pretty);
    });

    it('leaves numbers and escapes as they are written', () => {
      assert.equal(
        indentJson(`{"n":[${numberTexts.join(',')}],"s":"\\u0041\\/ \\"{,\\\\"}`),
        `{\n  "n": [\n    ${numberTexts.join(',\n    ')}\n  ],\n  "s": "\\u0041\\/ \\"{,\\\\"\n}`,
      );
      for (const text of numberTexts) assert.equal(indentJson(` ${text}\n`), text);
    });

    it('keeps values below the maximum depth on one line, without changing them', () => {
      const text = '{"a":[{"b":[1,{}]}, [2,3]],"c":{"d":4}}';
      assert.equal(indentJson(text, 2), '{\n  "a": [\n    {"b": [1, {}]},\n    [2, 3]\n  ],\n  "c": {\n    "d": 4\n  }\n}');
      for (const deepest of [1, 2, 3, 9]) assert.deepEqual(JSON.parse(indentJson(text, deepest)), JSON.parse(text));
    });

    it('is limited to a depth at which the text has at most about a given number of lines', () => {
      const rows = JSON.stringify({ a: Array.from({ length: 100 }, () => ({ b: [1, 2, 3] })) });
      assert.equal(editorDepth(rows, 100_000), Infinity);
      assert.equal(editorDepth(rows, 250), 3);
      assert.equal(editorDepth(rows, 150), 2);
      assert.equal(editorDepth(rows, 10), 1);
      assert.ok(indentJson(rows, editorDepth(rows, 150)).split('\n').length < 200);
    });

    it('leaves empty objects and arrays on one line', () => {
      assert.equal(indentJson('{"a":{ },"b":[\n]}'), '{\n  "a": {},\n  "b": []\n}');
      assert.equal(indentJson('[]'), '[]');
    });

    it('leaves a text unchanged if its nesting would make it many times larger', () => {
      const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
      assert.equal(indentJson(nested(150)), JSON.stringify(JSON.parse(nested(150)), undefined, 2));
      assert.equal(indentJson(nested(3_000)), nested(3_000));
    });

    it('leaves a text unchanged that is nested deeper than the call stack allows', () => {
      const deep = '['.repeat(2_000_000) + ']'.repeat(2_000_000);
      assert.equal(indentJson(deep), deep);
    }).timeout(20_000);

    it('takes linear time for ten megabytes', () => {
      const member = '{"name":"a\\\\\\"b","n":1.50},';
      const list = (members: number) => `[${member.repeat(members)}1]`;
      assert.ok(indentJson(list(400_000)).length > list(400_000).length);
      assertLinear((members) => indentJson(list(members)), 50_000);
    }).timeout(60_000);
  });

  describe('sorting of members', () => {
    for (const [text, sorted] of [
      ['{"b":1,"a":{"d":[3,{"f":1,"e":2}],"c":1.0}}', '{"a":{"c":1.0,"d":[3,{"e":2,"f":1}]},"b":1}'],
      ['{ "b" : 1 ,\n"a" : [ 2 , 3 ] }', '{"a":[2,3],"b":1}'],
      ['{"b":1,"a":2,"b":0}', '{"a":2,"b":1,"b":0}'],
      ['[{"b":1,"a":"}"},[],{}]', '[{"a":"}","b":1},[],{}]'],
      ['{"\\"b":1,"\\"a":2}', '{"\\"a":2,"\\"b":1}'],
      ['', ''],
      ['"{b"', '"{b"'],
      ['12345678901234567890', '12345678901234567890'],
    ] as const)
      it(`turns ${JSON.stringify(text)} into ${JSON.stringify(sorted)}`, () => assert.equal(sortMembers(text), sorted));

    it('stops after thirty levels', () => {
      const within = (depth: number, text: string) => '['.repeat(depth) + text + ']'.repeat(depth);
      assert.equal(sortMembers(within(30, '{"b":1,"a":2}')), within(30, '{"a":2,"b":1}'));
      assert.equal(sortMembers(within(31, '{"b":1,"a":2}')), within(31, '{"b":1,"a":2}'));
    });
  });

  let tokens = 0;
  const word = fc.constantFrom('NaN', 'Infinity', '-Infinity', '"NaN"', 'a"NaN\\', '\\"', 'Infinity]', '');
  const marks = ['\ue000NaN', '\ue000Infinity', '\ue000-Infinity'];
  const marked = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.jsonValue({ maxDepth: 1 }), word, fc.constantFrom(...marks), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(word, tie('value'), { maxKeys: 4 }),
  })).value;

  /** Returns JSON in which each marked text is a number of Python. */
  const toPython = (any: unknown, by: string | number | undefined) =>
    JSON.stringify(any, undefined, by).replace(/"\ue000(-?\w+)"/g, (_, token: string) => (tokens++, token));

  describe('a member with non-finite numbers', () => {
    always('is returned as it is written', 1_000, [marked, spaces], (any, by) => {
      const python = toPython(any, by);
      assert.equal(valueAt(`{"a":${python}}`, ['a']), python.trim());
    });
  });

  describe('parsing', () => {
    it('turns only the non-finite numbers of Python into null', () => {
      tokens = 0;
      fc.assert(
        fc.property(marked, spaces, (any, by) => {
          const strict = JSON.stringify(
            any,
            (_, member: unknown) => (typeof member === 'string' && marks.includes(member) ? null : member),
            by,
          );
          const python = toPython(any, by);
          assert.deepEqual(parseJson(python), JSON.parse(strict));
          assert.deepEqual(parseJson(`{"state":${python}}`), { state: JSON.parse(strict) as unknown });
        }),
        tries(1_000),
      );
      assert.ok(tokens > 0);
    }).timeout(20_000);

    const row = (text: string) => `{"text":"${text}","score":NaN}`;

    it('takes linear time for many strings, escapes, and non-finite numbers', () => {
      const made: readonly ((length: number) => string)[] = [
        (length) => `[${Array(length).fill(row('NaN')).join(',')}]`,
        (length) => row('\\\\'.repeat(length)),
        (length) => row('\\"NaN'.repeat(length)),
        (length) => `"NaN${'x'.repeat(length)}`,
      ];
      for (const body of made) assertLinear((length) => parseJson(body(length)), 60_000);
    }).timeout(60_000);

    it('succeeds for 64 MB', () => {
      const large = row('word \\" NaN '.repeat(64_000_000 / 12));
      assert.equal((parseJson(large) as { readonly score: unknown }).score, null);
    }).timeout(60_000);
  });

  it('formatting for a report changes only a text on a single line', () => {
    assert.equal(jsonForReport('{"a":1}\n'), '{\n  "a": 1\n}');
    assert.equal(jsonForReport('{"a":\n1}'), '{"a":\n1}');
  });

  it('formatting for a report leaves deep nesting on one line', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.equal(jsonForReport(nested(7)), indentJson(nested(7)));
    assert.equal(jsonForReport(nested(50)), nested(50));
  });

  it('only an object or array on a single line is indented for an editor', () => {
    assert.equal(jsonForEditor(' {"a":[1]}\n'), indentJson('{"a":[1]}'));
    for (const text of ['{"a":\n[1]}', 'a {"b":1}', '"{}"', '7']) assert.equal(jsonForEditor(text), text);
  });

  it('a string is recognized only if it is the whole text and has no line breaks', () => {
    for (const text of ['"a"', ' "a \\" b"\n', '""']) assert.ok(isJsonString(text), text);
    for (const text of ['"a" b', '"a" "b"', 'a "b"', '"a\nb"', '']) assert.ok(!isJsonString(text), text);
  });

  const valid = ['{"a":1}', ' \n[1, 2]\n ', '{}', '[NaN, "NaN"]'];
  const invalid = ['{a}', '[1,]', '[NaNa]', `[${'x'.repeat(2_000)}]`];
  const others = ['1', '"[]"', '', 'a {"a":1}', '{"a":1} b', '{}x'];

  it('looksLikeJson() recognizes an object or array by its first and last characters', () => {
    for (const text of [...valid, ...invalid]) assert.equal(looksLikeJson(text), true, text);
    for (const text of others) assert.equal(looksLikeJson(text), false, text);
  });

  it('isJsonContainer() recognizes only a valid object or array', () => {
    for (const text of valid) assert.equal(isJsonContainer(text), true, text);
    for (const text of [...invalid, ...others]) assert.equal(isJsonContainer(text), false, text);
  });

  it("an object that is followed by 1,000 spaces isn't recognized", () => {
    const text = `{}${' '.repeat(1_000)}`;
    assert.deepEqual([looksLikeJson(text), isJsonContainer(text)], [false, false]);
  });

  const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', ' ', '1', 'a', '\ud800', '{"a":', '"a"');
  const noise = fc.array(token, { maxLength: 40 });
  always('indentation changes only whitespace, even in invalid JSON', 5_000, [noise], (parts) => {
    const text = parts.join('');
    assert.equal(indentJson(text).replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''));
  });

  always('a found member is a part of the text, even in invalid JSON', 5_000, [noise], (parts) => {
    const text = parts.join('');
    for (const path of [['a'], ['a', 'a']]) assert.ok(text.includes(valueAt(text, path) ?? ''), path.join('.'));
  });
});

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
