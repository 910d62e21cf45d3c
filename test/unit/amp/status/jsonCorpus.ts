/** Valid JSON texts, whose bytes must be stored unchanged. */
export const json: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '1', '-1', '10', '0.0', '-0.0', '1.5', '1e5', '1E5', '1e+5', '1e-5', '1.5e5', '-1.5E-10', '0e0'],
  ...['1e400', '-1e400', '1e-400', '9007199254740993', '123456789012345678901234567890', '0.1000000000000000055511151231257827'],
  ...['""', '" "', '"a"', '"\\""', '"\\\\"', '"\\/"', '"\\b\\f\\n\\r\\t"', '"\\u0000"', '"\\u001f"', '"\\u00e9"', '"\u00e9"', '"e\\u0301"'],
  ...['"\\ud83d\\ude00"', '"\u{1f600}"', '"\\ud800"', '"\\udc00\\ud800"', '"\\uDBFF\\uDFFF"', '"\\uffff"', '"\ufffe"', '"\u2028\u2029"'],
  ...['"\u007f"', '"\u0080"', '"\u202e"', '"\\u202e"', '"\ufeff"', '"//"', '"/* */"', '"{\\"state\\":\\"SUCCESS\\"}"', '"\\u005c\\u0022"'],
  ...['[]', '[ ]', '[[]]', '[1]', '[1,2]', '[ 1 , 2 ]', '[null,true,""]', '[[[[[[[[[[]]]]]]]]]]', '["a",{"b":[]}]', '[1\n,\t2\r\n]'],
  ...['{}', '{ }', '{"":0}', '{"a":1}', '{"a":1,"a":2}', '{"a":1,"b":{"a":2}}', '{"\\u0061":1,"a":2}', '{"__proto__":1}', '{"a":{}}'],
  ...['{"constructor":{"prototype":{}}}', '{"toString":1,"hasOwnProperty":2}', '{"2":1,"1":2}'],
  ...['{"a" : [ { } ] }', '{"\u0000a":1}'.replace('\0', '\\u0000')],
  ...['{"then":1}', '{"length":-1}', '{"\u{1f600}":"\u{1f600}"}'],
  ...['{"e\u0301":1,"\u00e9":2}', `"${'a'.repeat(70_000)}"`, `[${'0,'.repeat(5_000)}0]`],
  ...[`${'['.repeat(200)}${']'.repeat(200)}`, `${'{"a":'.repeat(200)}0${'}'.repeat(200)}`, `{"${'k'.repeat(10_000)}":1}`],
];

/** Texts that Python writes as JSON, each with the strict JSON that has `null` instead of non-finite numbers. */
export const pythonJson: readonly (readonly [text: string, strict: string])[] = [
  ['NaN', 'null'],
  ['Infinity', 'null'],
  ['-Infinity', 'null'],
  ['[NaN]', '[null]'],
  ['[NaN,-Infinity , Infinity]', '[null,null , null]'],
  ['{"NaN":NaN}', '{"NaN":null}'],
  [String.raw`{"a":"NaN","b":"\"NaN","c":"\\","d":NaN}`, String.raw`{"a":"NaN","b":"\"NaN","c":"\\","d":null}`],
];

/** Texts that look like JSON but are invalid. */
export const noJson: readonly string[] = [
  ...['', ' ', 'nul', 'nulll', 'Null', 'NULL', 'True', 'FALSE', 'undefined'],
  ...['-NaN', '+Infinity', 'NaNNaN', 'nan', 'Infinity1', 'a', 'null null', '\0'],
  ...['01', '-01', '+1', '--1', '1.', '.1', '-.1', '1e', '1e+', '1.e1'],
  ...['1.1.1', '0x10', '0b1', '0o7', '1_000', '1,000', '- 1', '1 e5', '\uff11', '1n'],
  ...['"', '"a', 'a"', "'a'", '"a\nb"', '"a\tb"', '"\u0000"', '"\u001f"'],
  ...['"\\"', '"\\a"', '"\\x41"', '"\\u"', '"\\u12"', '"\\u123g"', '"\\U0041"'],
  ...['"\\\n"', '"a""b"', '`a`', '\u201ca\u201d', '"a" "b"', '"\\u00e"', '"\\ud83d\\u"', '"\\0"', '"\\\'"'],
  ...['[', ']', '[1', '1]', '[1,]', '[,1]', '[,]', '[1,,2]', '[1 2]', '[1;2]'],
  ...['[1:2]', '[1}', '{1]', '[[]', '[]]', '[a]', "['a']", '[1]x', 'x[1]'],
  ...['{', '}', '{a:1}', "{'a':1}", '{"a"}', '{"a":}', '{:1}'],
  ...['{"a":1,}', '{,"a":1}', '{"a":1,,"b":2}', '{"a":1 "b":2}', '{"a":1;"b":2}', '{"a",1}'],
  ...['{"a":1}}', '{{"a":1}}', '{1:1}', '{null:1}', '{"a":1]', '{"a"::1}', '{"a":1,"b"}', '{"a":\'b\'}', '{"a":undefined}', '{[]:1}'],
  ...['{"a":01}', '{NaN:1}', '[-NaN]', '[1NaN]', '["NaN]', '[NaN', '{"a":Infinity', 'NaN{}'],
  ...['// a\n{}', '{}// a', '/* a */{}', '{/* a */}', '[1,/* a */2]', '# a\n{}', '<!-- {} -->'],
  ...['{}{}', '[][]', '{}\0', '\u00a0{}', '\u2028[]', '{}\u3000'],
  ...['(1)', '{"a":1', '[1,2', '{"a":[1,2}', '{"a":"b}', '{"a":{"b":1}', ")]}'\n{}", 'for(;;);{}', 'callback({})', '{"a":1}\n{"b":2}'],
  ...['...', '[...]', '{...}'],
];

/** Bytes that aren't text, or are text in another encoding. */
export const strange: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries({
    'a byte order mark': Buffer.from('\ufeff{"state":"RUNNING"}'),
    'two byte order marks': Buffer.from('\ufeff\ufeff{"state":"RUNNING"}'),
    'UTF-16, little end first': Buffer.from('\ufeff{"state":"RUNNING"}', 'utf16le'),
    'UTF-16, big end first': Buffer.from('\ufeff{"state":"RUNNING"}', 'utf16le').swap16(),
    'Latin-1': Buffer.from('{"state":"RUNNING","current_task":"\u00e9"}', 'latin1'),
    'a lone continuation byte': Buffer.from([0x7b, 0x22, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
    'an overlong slash': Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
    'a surrogate as UTF-8': Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
    'beyond the last character': Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]),
    'a character that is cut off': Buffer.from([0x22, 0xe2, 0x82]),
    'all bytes there are': Uint8Array.from({ length: 256 }, (_, byte) => byte),
    zeros: new Uint8Array(1_000),
    'a gzip': Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  }),
);
