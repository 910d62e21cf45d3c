import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { outputTitle } from '#amp/status/outputTitle';
import { tries } from '#test/support/fuzz';
import { assertLinear } from '#test/support/growth';
import { disguise, hostileTexts } from '#test/unit/present/documents/hostile';

const titles: readonly (readonly [output: string, title: string | undefined])[] = [
  ['# State of AI agents\n\nText', 'State of AI agents'],
  ['Here is the report:\n\n## State of AI agents ##\n', 'State of AI agents'],
  ['Release notes\nThis release fixes issue # 12', 'Release notes'],
  ['# Fixes for issue #12 ## ', 'Fixes for issue #12'],
  ['# Learning C#', 'Learning C#'],
  ['**State** of _AI_ ~~robots~~ `agents`', 'State of AI robots agents'],
  ['__State of AI agents__', 'State of AI agents'],
  ['1\\. Names in snake\\_case', '1. Names in snake_case'],
  ['# [A link](https://example.com) and ![a picture](x.png)', 'A link and a picture'],
  ['[State of AI agents](https://example.com)\n\nText', 'State of AI agents'],
  ['```markdown\n# In a fence\n```\n', 'In a fence'],
  ['Before a fence:\n```sh\nnpm test\n```', 'Before a fence:'],
  ['---\ntitle: From the front matter\n---\n\nText', 'From the front matter'],
  ['> Subject : A quoted email', 'A quoted email'],
  ['>> # A quoted reply', 'A quoted reply'],
  ['-   Title: A post\n-   Length: short', 'A post'],
  ['Job title: Data engineer', 'Job title: Data engineer'],
  ['<!DOCTYPE html>\n<html><head><title>A page</title>', 'A page'],
  ['<!DOCTYPE html>\n<html>\n<body>\n<h1 class="x">Hi &amp;\n<b>hello</b></h1>\n<p>Para</p>\n</body>\n</html>', 'Hi & hello'],
  ['<!DOCTYPE html>\n<html><body><p>Para</p></body></html>', undefined],
  ['name,company,score\nAna,Acme,82\nBo,Globex,90', undefined],
  ['name\tcompany\tscore\nAna\tAcme\t82\nBo\tGlobex\t90', undefined],
  ['# comment\nversion: 2\njobs:\n  - build: true\n    steps: [a]', undefined],
  ['# comment\nversion: 2\ntitle: "Weekly brief"\njobs:\n  - build: true', 'Weekly brief'],
  ['- a list item\n- another', 'a list item'],
  ['1. First\n2. Second', '1. First'],
  ['| Company | Score |\n|---|---|\n| Acme | 82 |', 'Company | Score'],
  ['__init__ of snake_case is 5 * 3 * 2', '__init__ of snake_case is 5 * 3 * 2'],
  ['line 1\nline 2\nline 3\nline 4\nline 5\n# Not the title', 'line 1'],
  ['# 为期 7 天的日本科技文化之旅\n', '为期 7 天的日本科技文化之旅'],
  ['\n\n---\n***\n|---|---|\n', undefined],
  ['```json\n{"subject": "Hello"}\n```', 'Hello'],
  ['```\n{"headline": "A story"}\n```\n', 'A story'],
  ['```json\n{"title": "A guide", "text": "```sh"}\n```', 'A guide'],
  ['{"headline": "A closing fence only"}\n```', 'A closing fence only'],
  ['\n {"title": " ", "name": "Acme"}', 'Acme'],
  ['{"id": 7, "name": "Acme", "title": "A lead"}', 'A lead'],
  ['{"lead_score": 82}', undefined],
  ['{"title": {"text": "no"}, "name": ""}', undefined],
  ['{"score": 1, "note": "a\\nb", "report_md": "# A report\\n\\nText"}', 'A report'],
  ['[{"title": "one"}, {"id": "x7", "url": "http://x", "title": "two"}, 3, null]', 'one · two'],
  ['[{"id": "x7", "status": "done", "company": "Acme"}, {"company": "Globex"}]', 'Acme · Globex'],
  ['{"event": "start", "run_id": "a1"}\n{"event": "stop", "run_id": "a1"}\n', 'start · stop'],
  ['["See [the docs](https://example.com) first"]', 'See the docs first'],
  ['[[1, 2], [3, 4]]', undefined],
  ["{'title': 'a Python dict', 'name': None}", 'a Python dict'],
  ["[{'name': 'Ana\\'s lead'}, {'name': 'Bo'}]", "Ana's lead"],
  ["title='A model' score=3", 'A model'],
  ['{"name": "Cut off", "items": [{"name": "an item"}, {"na', 'Cut off'],
  ['# Notes\n[project]', 'Notes'],
  ['[project]\nname = "harbor-crew"\n\n[tool.crewai]\ntype = "crew"', '[project]'],
  ['[09:02] Lena: Did it finish?\n[09:03] Bot: Yes.', '[09:02] Lena: Did it finish?'],
  ['Final Answer: # Competitor Analysis\n\nText\n\n## HelloFresh\n', 'Competitor Analysis'],
  ['Thought: I know it.\nAction: search\nObservation: 7\n\nThought: done\nFinal Answer: The **answer** is 7.', 'The answer is 7.'],
  ['<thinking>\nA name is needed.\n</thinking>\n<answer>\n# Names\n</answer>', 'Names'],
  ['The capital is Paris.\n\n## Sources\n\n- An atlas', 'The capital is Paris.'],
  ['Sure, here you are!\n\n# The plan\n\n## Goals\n\nGrow.', 'The plan'],
  ['An introduction.\n\n## The plan\n\n### Goals\n\n### Costs', 'The plan'],
  ['An introduction.\n\n## Goals\n\n## Costs', 'An introduction.'],
  ['### Draft\n\n# The plan', 'The plan'],
  [JSON.stringify('# Launch brief\n\nText'), 'Launch brief'],
  [JSON.stringify('{"subject": "Hello"}'), 'Hello'],
  ["'# Launch brief\\n\\nIt\\'s a \"text\"'", 'Launch brief'],
  ['# Launch brief\\n\\n- one\\n- two', 'Launch brief'],
  ['\ufeff# After a byte order mark', 'After a byte order mark'],
  ['\u001b[1;32m# A green title\u001b[0m\nText', 'A green title'],
  ['<?xml version="1.0" encoding="UTF-8"?>\n<invoice id="7">\n  <number>7</number>\n</invoice>', 'invoice'],
  ['<?xml version="1.0"?>\n<rss>\n<channel><title>News &amp; more</title></channel></rss>', 'News & more'],
  ['<svg viewBox="0 0 8 8">\n<title>Visitors</title>\n</svg>', 'Visitors'],
  ['# syntax=docker/dockerfile:1\nFROM python:3.12', 'FROM python:3.12'],
  ['#!/usr/bin/env bash\n# Builds the image\ndocker build .', 'Builds the image'],
  ['To: maria@example.com\nCc: bo@example.com\n**Subject:** Next steps\n\nHi Maria,', 'Next steps'],
  ['To: the reader\n\nThis is a letter.', 'To: the reader'],
  ['commit 1c0ffee5a4d3c2b190817263544536271809fabc\nAuthor: A <a@x.example>\nDate:   today\n\n    Read the port', 'Read the port'],
  ['==== CAMPAIGN BRIEF ====\n\nText', 'CAMPAIGN BRIEF'],
  ['# of users: 250\n# of errors: 3', '# of users: 250'],
  ['## Metrics\n\n# of users: 250', 'Metrics'],
  ['El caf\\u00e9 de la ma\\u00f1ana', 'El café de la mañana'],
  [
    '{"answer": "The permit costs 120 euros and takes about six weeks, if the plan of the site is complete."}',
    'The permit costs 120 euros and takes about six weeks, if the plan of the site is complete.',
  ],
  ['# R&amp;D costs \\$5', 'R&D costs $5'],
  ['[1, 2]', undefined],
  ['[-1.5 , 2]', undefined],
  ['[{"idea": "An app"}, {"hotkey": "Ctrl A"}, {"keyword": "Tea"}]', 'An app · Ctrl A · Tea'],
  ['[{"a": "7 days", "b": "Tea"}, {"a": "...", "b": "Milk"}]', 'Tea · Milk'],
  [JSON.stringify([{ a: 'x'.repeat(90), b: 'Tea' }]), 'Tea'],
  [
    JSON.stringify(Array.from({ length: 11 }, (_, index) => `item ${index}`)),
    Array.from({ length: 10 }, (_, i) => `item ${i}`).join(' · '),
  ],
  [JSON.stringify({ a: 'word '.repeat(15) }), undefined],
  [JSON.stringify({ a: 'x'.repeat(100) }), undefined],
  ['{"a": "not long\\n"}', undefined],
  ['{"a": "one\\ntwo", "b": "A longer text\\nwith two lines"}', 'A longer text'],
  ['The <svg> element', 'The element'],
  ['# comment\nsubtitle: No\nname:  Weekly brief # draft\njobs:\n  - build: true', 'Weekly brief'],
  ["{'subtitle': 'No', 'title': 'Yes'}", 'Yes'],
  ['# vim: -*- coding: utf-8 -*-\n# A script', 'A script'],
  ['```json\n["one", "two"]\n```', 'one · two'],
  ['<!-- generated -->  \n# A page', 'A page'],
  ['Start files with #!', 'Start files with #!'],
  ['commit 1c0ffee5a4d3c2b190817263544536271809fabc\nAuthor: A <a@x.example>\n\n    Fix of Date: now', 'Fix of Date: now'],
  ['Author: Ana\ncommit 1c0ffee5', 'Author: Ana'],
  ['De : ana@example.com\nObjet : Bonjour  \n\nSalut,', 'Bonjour'],
  ['To: bo@example.com\nThe subject: cars\nSubject:Trains', 'Trains'],
  ['Note to: all\nSubject: cars', 'Note to: all'],
  ['An introduction.\n\n  # The plan', 'The plan'],
  ['An introduction.\n\n    # The plan', 'An introduction.'],
  ['//  A comment', 'A comment'],
  ['/** A comment */ ', 'A comment'],
  ['--  A comment', 'A comment'],
  ['![](x.png) H<sub>2</sub>O of the lake', 'H2O of the lake'],
  ['See __the plan of the crew__', 'See __the plan of the crew__'],
  ['__The plan__ of the crew', '__The plan__ of the crew'],
];

describe('The title of an output', () => {
  for (const [output, title] of titles)
    it(`is ${title === undefined ? 'undefined' : `"${title}"`} for ${JSON.stringify(output.slice(0, 40))}`, () => {
      assert.equal(outputTitle(output), title);
    });

  it('is found at the end of a JSON text only if the text has at most 100,000 characters', () => {
    const json = (length: number) => JSON.stringify({ text: 'x'.repeat(length - 32), title: 'A lead' }).padEnd(length);
    assert.equal(outputTitle(json(100_000)), 'A lead');
    assert.equal(outputTitle(json(100_001)), undefined);
  });

  it('is found at the start of JSON text of any length', () => {
    assert.equal(outputTitle('{"title": "A lead"}'.padEnd(200_000)), 'A lead');
  });

  it('is found in a JSON value of any length', () => {
    assert.equal(outputTitle({ text: 'x'.repeat(200_000), title: 'A lead' }), 'A lead');
  });

  it('joins the titles of the items in a JSON list', () => {
    assert.equal(outputTitle(['# One', { name: 'Two' }]), 'One · Two');
  });

  it('is undefined for a JSON value without text', () => {
    for (const value of [7, null, true, [], {}]) assert.equal(outputTitle(value), undefined);
  });

  it('is the start of a long first paragraph, even if a heading follows', () => {
    assert.equal(outputTitle(`${'word '.repeat(2_000)}\n# A heading`), 'word '.repeat(40).trim());
  });

  it('is one line of at most 200 characters without control characters, for any output', () => {
    const check = (output: string): void => {
      const title = outputTitle(output);
      if (title === undefined) return;
      assert.doesNotMatch(title, disguise);
      assert.ok(title.length > 0 && title.length <= 200 && title.trim() === title, JSON.stringify(title));
    };
    for (const text of hostileTexts) for (const output of [text, `# ${text}`, JSON.stringify({ title: text })]) check(output);
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check), tries(2_000));
  });

  it('is found in linear time in a hostile output', () => {
    for (const piece of [
      "'",
      "\\'",
      '<a ',
      '<title ',
      'title=',
      '"title":"',
      '#!\n',
      '<thinking>',
      'Thought: ',
      '\\n',
      '\u001b[',
      '&amp;',
      '\\"',
      '[1,',
      '*a ',
      '[',
      '[]( ',
      '<a',
      '\n',
      '```\n',
      '# *',
      ' ',
      '> ',
      '_a ',
      '{"a":',
      '"',
      '| ',
    ])
      assertLinear((length) => outputTitle(piece.repeat(length)), 5_000, JSON.stringify(piece));
  }).timeout(20_000);
});
