import fc from 'fast-check';
import assert from 'node:assert/strict';
import { contentOf, unescapePlain, decodeEntities } from '#core/output/content';
import { contentFormat } from '#core/output/language';
import { always } from '#test/support/checks';
import snippets from '../../../texts/snippets.json';

const report = '# A report\n\n- "one"\n- it’s';

describe('The content of an output', () => {
  for (const [wrapper, text] of [
    ['text with a byte order mark', `\ufeff${report}`],
    ['a JSON string', ` ${JSON.stringify(report)}\n`],
    ['a JSON string in a JSON string', JSON.stringify(JSON.stringify(report))],
    ['a Python string', '\'# A report\\n\\n- "one"\\n- it\\u2019s\''],
    ['a Python string in double quotes', '"# A report\\n\\n- \\"one\\"\\n- it\\U00002019s"'],
    ['text with escaped line ends', '# A report\\n\\n- \\"one\\"\\n- it’s\\n'],
    ['answer tags', `<answer>\n${report}\n</answer>`],
    ['text after thoughts in tags', `<think>\nA thought\n</think>\n\n${report}`],
    ['answer tags after thoughts in tags', `<Thinking>A thought</Thinking>\n<Answer>\n${report}\n</Answer>\n`],
    ['text after a lead-in', `Final Answer: ${report}`],
    ['text after a bold lead-in', `**Final Answer:**\n\n${report}`],
    ['text after the steps of an agent', `Thought: A thought\nAction: x\nFinal Answer: ${report}`],
    ['a JSON string with a lead-in', JSON.stringify(`I now can give a great answer\nFinal Answer: ${report}`)],
  ] as const) {
    const hasThoughts = /thoughts|agent/.test(wrapper);
    it(`is the Markdown in ${wrapper}, ${hasThoughts ? 'separate from its thoughts' : 'without thoughts'}`, () => {
      const { text: found, thoughts } = contentOf(text);
      assert.deepEqual([found.trim(), /thought/i.test(thoughts)], [report, hasThoughts]);
      assert.equal(contentFormat(text), 'markdown');
    });
  }

  it('is found in or after each of the tags that models use', () => {
    for (const tag of ['think', 'thinking', 'thought', 'thoughts', 'reasoning', 'reflection', 'scratchpad'])
      assert.deepEqual(contentOf(`<${tag}>A</${tag}>7`), { text: '7', thoughts: 'A' }, tag);
    for (const tag of ['answer', 'final_answer', 'output', 'response', 'result'])
      assert.deepEqual(contentOf(`<${tag}>7</${tag}>`), { text: '7', thoughts: '' }, tag);
  });

  it('is the whole text if the text only resembles a wrapped text', () => {
    for (const text of [
      ...['', ' ', '"', "'", '"A quoted sentence."', "'A quoted sentence.'", '"a" and "b\\nc"', "'a', 'b\\nc'", "'a\\nb\\'", '"a"\n"b"'],
      ...['C:\\new\\notes\\nine', 'printf("a\\n\\nb\\n- c\\n");', '["a\\n\\nb", "c\\n- d"]', 'a\\n\\nb\\n- c\nreal', 'one\\n\\ntwo'],
      ...[
        '<answer>\n<a>1</a>\n</answer>',
        '<response><code>7</code></response>',
        '<answer>a</answer>\n<answer>b</answer>',
        '<answer></answer>',
      ],
      '<a href="x"><answer>7</answer>',
      ...['<think>never closed', '<think>only thoughts</think>', '<b>bold</b>', 'Use <think>x</think> here.', 'Our final answer: no.'],
      ...['Thought: nothing follows', 'Thought: x\nFinal Answer: ', 'Final Answer:', 'The steps:\nFinal Answer: 7'],
    ])
      assert.deepEqual(contentOf(text), { text, thoughts: '' });
  });

  it('has the format plain instead of YAML if the thoughts before it contain a schema that an editor would fetch', () => {
    const yaml = 'a:\n  b: 1\n  c: 2';
    assert.equal(contentFormat(yaml), 'yaml');
    assert.equal(contentFormat(`<think># yaml-language-server: $schema=http://h.example/s.json\n</think>\n${yaml}`), 'plain');
  });

  it('has the format plain instead of SVG or JSON in a wrapper, except for JSON in a JSON string', () => {
    assert.equal(contentFormat(JSON.stringify('<svg>\n<a/>\n</svg>')), 'plain');
    assert.equal(contentFormat(JSON.stringify('{"a": 1}')), 'json');
    assert.equal(contentFormat('Final Answer: {"a": 1}'), 'plain');
  });

  it('keeps a code format such as Python after a lead-in', () => {
    assert.equal(contentFormat('Final Answer: import os\nprint(1)\nprint(2)'), 'python');
  });

  it('has the format plain instead of a strict format, such as YAML, HTML, or JSON, after thoughts', () => {
    const strict: readonly (keyof typeof snippets)[] = ['yaml', 'toml', 'html', 'xml', 'svg', 'json', 'jsonl'];
    for (const language of strict)
      for (const text of snippets[language]) assert.equal(contentFormat(`<think>x</think>\n${text}`), 'plain', text);
  });

  it('keeps the format Markdown after thoughts', () => {
    for (const text of snippets.markdown) assert.equal(contentFormat(`<think>x</think>\n${text}`), 'markdown', text);
  });

  it('has all escapes of a Python string decoded, except for invalid code points', () => {
    const text = "'caf\\xe9\\tA\\r\\n\\'b\\' \\\\ \\u2019 \\U0001f600 \\U00110000 \\q'";
    assert.equal(contentOf(text).text, "café\tA\r\n'b' \\ ’ 😀 \\U00110000 q");
  });

  it('has escaped line ends, tabs, and quotes decoded', () => {
    assert.equal(contentOf(' one\\r\\n\\r\\ntwo\\r\\n- a\\tb \\"q\\"\n').text, 'one\n\ntwo\n- a\tb "q"');
  });

  for (const [text, thoughts] of [
    ['<think>one</think>\n\n7', 'one'],
    ['<think>\n one \n</think>Thought: two\nFinal Answer: 7', 'one\n\nThought: two'],
    ['Thought: my final answer: soon\n## **Final Answer:** 7', 'Thought: my final answer: soon'],
    ['  I now can give a great answer\n\nfinal answer:\n7', 'I now can give a great answer'],
    ['<scratchpad></scratchpad>\n<final_answer>7</final_answer>', ''],
  ] as const)
    it(`comes after the thoughts ${JSON.stringify(thoughts)} in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(contentOf(text), { text: '7', thoughts }));

  it("isn't searched for in more than five nested wrappers", () => {
    let text = report;
    for (let count = 0; count < 6; count++) text = JSON.stringify(text);
    assert.equal(contentOf(text).text, JSON.stringify(report));
  });

  const wrappers = ['', '\ufeff', '<think>x</think>', 'Final Answer: ', 'Thought: x\nFinal Answer: '];
  const starts = fc.uniqueArray(fc.constantFrom(...wrappers), { maxLength: 2 });
  always('is found in several nested wrappers', 500, [starts, fc.nat(2)], (chosen, strings) => {
    let text = chosen.join('') + report;
    for (let count = 0; count < strings; count++) text = JSON.stringify(text);
    assert.equal(contentOf(text).text, report);
  });
});

describe('A very long Python string', () => {
  it('stays as it is, because decoding it would take gigabytes', () => {
    const text = `'${'\\n'.repeat(500_000)}'`;
    assert.equal(contentOf(text).text, text);
  });
});

describe('Escapes in plain text', () => {
  it('are decoded if they are HTML entities that models write', () => {
    const names = 'amp lt gt quot apos #39 #x27 #34 nbsp hellip ndash mdash lsquo rsquo ldquo rdquo bull euro copy reg trade';
    assert.equal(decodeEntities(names.replaceAll(/\S+ ?/g, (name) => `&${name.trim()};`)), "&<>\"'''\"\u00a0…–—‘’“”•€©®™");
  });

  it('are decoded if the text never contains the character itself', () => {
    assert.equal(unescapePlain('\\$5 to \\$7'), '$5 to $7');
    assert.equal(unescapePlain('R&amp;D &ndash; it&#39;s'), "R&D – it's");
    assert.equal(unescapePlain('caf\\u00e9 \\uD83D\\uDE00'), 'café 😀');
  });

  it("aren't decoded if the text may be about escapes", () => {
    for (const text of [
      '\\$5 or $5',
      'Q&A &amp; more',
      '&unknown; &amp;',
      'a & b &amp; c',
      '<b>&amp;</b>',
      '&lt;b> &amp;',
      'é is \\u00e9',
      'C:\\users',
      '\\u12',
    ])
      assert.equal(unescapePlain(text), text);
  });
});
