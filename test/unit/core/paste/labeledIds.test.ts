import assert from 'node:assert/strict';
import { labeledIdsIn, responseIdsIn } from '#core/paste/labeledIds';

const run = '9d2f6b1e-3c4d-4e5f-8a6b-7c8d9e0f1a2b';
const next = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const other = 'c0ffee00-1111-4222-8333-444455556666';

/** Returns the IDs, with `?` after each uncertain ID. */
function read(text: string): string {
  return labeledIdsIn(text)
    .map(({ id, isCertain }) => id + (isCertain ? '' : '?'))
    .join(' ');
}

describe('labeledIdsIn', () => {
  for (const label of [
    ...['kickoff_id', 'kickoffId', 'KICKOFF ID', 'kick-off id', 'kickoff__id', 'kickoff uuid', 'kickoff-identifier'],
    'Kicked off with Id',
  ])
    it(`recognizes the label ${label}`, () => assert.equal(read(`${label}: ${run}`), run));

  for (const text of [
    `<b>Kickoff ID:</b> <code>${run}</code>`,
    `**Kickoff ID:** \`${run}\``,
    `KickoffResponse(kickoff_id=UUID('${run}'))`,
    `启动ID（kickoff_id）：${run}`,
    `Kickoff ID  : ${run}`,
    `Kickoff with id ${run}`,
    `Kick-off with id: ${run}`,
    `kickoff_id:\n  - ${run}\n`,
  ])
    it(`finds the value in ${JSON.stringify(text)}`, () => assert.equal(read(text), run));

  for (const text of [
    `kickoff_id\n${run}`,
    `task_id | kickoff_id\n${other} | ${run}`,
    `kickoff_id of the crew: ${run}`,
    `kickoff_ids: ${run}, ${next}`,
    `kickoff_id: ${run}, ${next}`,
    `kickoff_id: [UUID('${run}'), UUID('${next}')]`,
    `oldKickoffId=${run}`,
    `previous kickoff_id: ${run}`,
    `kickoff_idx: ${run}`,
    `Kicked off with ideas ${run}`,
    `kickoff_id = find("${other}")`,
    `kickoff_id:${' '.repeat(130)}${run}`,
  ])
    it(`finds no value if the label or value is unclear: ${JSON.stringify(text)}`, () => assert.equal(read(text), ''));

  const others: readonly (readonly [string, string])[] = [
    ["kickoff_id = 'run-7'", 'run-7'],
    ['<kickoff_id>run</kickoff_id>', 'run'],
    ['kickoff_id=run_7.', 'run_7?'],
    ['kickoff_id=a:7..', 'a:7?'],
    ['kickoff_id="run", ', 'run'],
    [`kickoff_id="run7'`, 'run7?'],
    [`kickoff_id: ${run}9`, `${run}9?`],
    ['kickoff_id=run', ''],
    ['kickoff_id=call7(', ''],
    ['kickoff_id=sys.argv7', ''],
    ['kickoff_id="null"', ''],
    ['kickoff_id == "done"', ''],
    ['kickoff_id run_7', ''],
  ];
  for (const [text, found] of others)
    it(`finds ${found === '' ? 'no' : found.endsWith('?') ? 'an uncertain' : 'a certain'} value in ${text}`, () =>
      assert.equal(read(text), found));

  it('returns the position of each value', () => {
    assert.deepEqual<unknown>(labeledIdsIn(`kickoff_id: ${run}; kickoff_id=run_7`), [
      { offset: 12, id: run, isCertain: true },
      { offset: 61, id: 'run_7', isCertain: false },
    ]);
  });
});

describe('responseIdsIn', () => {
  const runs = (text: string) =>
    responseIdsIn(text).map(({ id, offset, isCertain }) => (isCertain && text.startsWith(id, offset) ? id : `not ${id}`));

  for (const text of [
    '{"run_id": "run_7"}',
    ` '{"run_id":"run_7"}'\n`,
    '{ "message" : "ok" , "status":"started", "run_id" : "run_7" , "state" : "queued","message": "" }',
    '/kickoff {"run_id": "run_7"}',
    'POST https://amp.example.com/kickoff\n200 {"status": "", "run_id": "run_7"}',
  ])
    it(`finds the run ID in a response that is the whole text or follows its request: ${text}`, () =>
      assert.deepEqual(runs(text), ['run_7']));

  for (const text of [
    'log {"run_id": "run_7"}',
    '{"run_id": "run_7"}\nPOST /kickoff',
    'POST /kickoffs {"run_id": "run_7"}',
    '{"run_id": "run_7", "level": "info"}',
    '{"run_id": "string"}',
    '{"run_id": "4f7e7c35-..."}',
    '{"run_id": "a/b"}',
  ])
    it(`finds no run ID in a text that isn't a response, or if the ID is invalid, truncated, or a placeholder: ${text}`, () =>
      assert.deepEqual(runs(text), []));
});
