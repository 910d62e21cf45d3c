import fc from 'fast-check';
import assert from 'node:assert/strict';
import { bodyDocument } from '#amp/status/statusReader';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';

function raw(body: string | Uint8Array): string {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bodyDocument(bytes, 'status'));
}

describe('A raw response', () => {
  it('of one line is indented without changing its members', () => {
    const indented = '{\n  "a": 1.10e+05,\n  "a": "\\u00e9 \\/ é {",\n  "b": []\n}';
    for (const [before, after] of [
      ['', ''],
      ['', '\n'],
      [' ', '\r\n'],
      ['\n', ''],
    ] as const)
      assert.equal(raw(`${before}{"a":1.10e+05,"a":"\\u00e9 \\/ é {","b":[ ]}${after}`), indented, JSON.stringify([before, after]));
  });

  it('of several lines is shown exactly as it was sent', () => {
    for (const text of ['{\n"a":1}', '{"a":1,\r\n "b":2}\n', '\n\n{"a":\n1}\n\n', '\ufeff{\n  "a": 1\n}', '<html>\n{"a":1}']) {
      assert.equal(raw(text), text, JSON.stringify(text));
    }
  });

  it('that is neither an object nor a list is shown exactly as it was sent', () => {
    for (const text of ['', ' ', '"text"', '12345678901234567890123', '<html>', 'null', '\ufeff"text"', 'Bad Gateway: {"code":502}'])
      assert.equal(raw(text), text);
  });

  it('keeps its byte order mark when it is indented', () => {
    assert.equal(raw('\ufeff{"a":1}'), '\ufeff{\n  "a": 1\n}');
  });

  always('of any bytes is shown without an exception', 100, [fc.uint8Array({ maxLength: 200 })], (bytes) => {
    assert.equal(typeof raw(bytes), 'string');
  });

  it('is indented in linear time, with many members or one long text', () => {
    assertLinear((members) => raw(`[${'{"n":12345,"t":"x"},'.repeat(members)}0]`), 12_500);
    assertLinear((lines) => raw(`{"result":"${'\\n word'.repeat(lines)}"}`), 180_000);
  }).timeout(60_000);
});
