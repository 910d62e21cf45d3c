import assert from 'node:assert/strict';
import { hasMark, marksIn } from '../../../src/core/captureMarks';

const run = '9d2f6b1e-3c4d-4e5f-8a6b-7c8d9e0f1a2b';
const next = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const other = 'c0ffee00-1111-4222-8333-444455556666';

/** As a reader would write it down: `?` behind an id that could be a word, `~` behind one that may not be meant. */
function read(text: string): string {
  return marksIn(text)
    .map(({ id, isDoubtful, isUnsure }) => id + (isDoubtful ? '?' : '') + (isUnsure ? '~' : ''))
    .join(' ');
}

describe('What stands after the words kickoff id', () => {
  const spellings = [
    'kickoff_id',
    'kickoffId',
    'KICKOFF ID',
    'kick-off id',
    'kickoff__id',
    'kickoff uuid',
    'kickoff-identifier',
    'kickoffids',
  ];
  for (const word of spellings) it(`is the run: ${word}`, () => assert.equal(read(`${word}: ${run}`), run));

  const sure: readonly (readonly [string, string])[] = [
    [`kickoff_id is ${run}`, run],
    [`the kickoff ids are ${run}, ${next} and ${other}`, `${run} ${next} ${other}`],
    [`kickoff ids: ${run} ${next}`, `${run} ${next}`],
    [`Kickoff ID\n${run}\n${next}`, `${run} ${next}`],
    [`kickoff_id: ${run} ${next}`, run],
    [`kickoff_id: ${run}; the rest`, run],
    [`<th>Kickoff ID</th><td class="id">${run}</td>`, run],
    [`kickoff_ids=[UUID('${run}'), UUID('${next}')]`, `${run} ${next}`],
    [`["kickoff_id"]=> string(36) "${run}"`, run],
    [`kickoff_id\nOut[12]: ${run}`, run],
    [`kickoff id 为 ${run}`, run],
    [`kickoff_id of the crew: ${run}`, ''],
    [`kickoff_id this ${run}`, ''],
    [`the kickoff_id: ${run}`, run],
    [`kickoff_id: ${run}9`, `${run}9?`],
    ['"kickoff_id": "run"', 'run'],
    ["kickoff_id = 'run-7'", 'run-7'],
    ['kickoff_id => `abc`', 'abc'],
    ['<kickoff_id>run</kickoff_id>', 'run'],
    ['"kickoff_id": "run.', ''],
    ['kickoff_id="null"', ''],
    ['kickoff_id=""', ''],
    ['kickoff_id run_7', ''],
  ];
  for (const [text, found] of sure) it(`is read: ${JSON.stringify(text)}`, () => assert.equal(read(text), found));

  const asked: readonly (readonly [string, string])[] = [
    ['kickoff_id=run_7', 'run_7?'],
    ['kickoff_id=run_7.', 'run_7?'],
    ['kickoff_id=a.b~7..', ''],
    ['kickoff_id=v1.2', 'v1.2?'],
    ['kickoff_id=sys.argv', ''],
    ['kickoff_id=sys.argv7', ''],
    ['kickoff_id=run', ''],
    ['kickoff_id=call7(', ''],
    [`"kickoff_id": "${run.slice(0, 20)}"`, `${run.slice(0, 20)}?`],
    [`kickoff_id="run7'`, 'run7?'],
    [`kickoff_id: ${run}, ${next}`, `${run}~ ${next}~`],
    [`task_id,kickoff_id\n${other},${run}`, `${other}~ ${run}~`],
    [`task_id | kickoff_id\n${run}`, `${run}~`],
    [`trace id kickoff id ${run} ${next}`, `${run}~ ${next}~`],
    [`Status  Kickoff ID\n${run}`, `${run}~`],
    [`Status Kickoff ID\n${run}`, run],
    [`{"id": 1, "kickoff_id": "${run}"}`, run],
    [`previous_kickoff_id: ${run}`, `${run}~`],
    [`parent kickoff id: ${run}`, `${run}~`],
    [`oldKickoffId=${run}`, `${run}~`],
    [`the old crew's kickoff_id: ${run}`, run],
  ];
  for (const [text, found] of asked) it(`may be something else: ${JSON.stringify(text)}`, () => assert.equal(read(text), found));

  it('is near: 200 signs further on it is another matter', () => {
    assert.equal(read(`kickoff_id:${' '.repeat(199)}${run}`), run);
    assert.equal(read(`kickoff_id:${' '.repeat(201)}${run}`), '');
  });

  it('has its place in the text', () => {
    assert.deepEqual(marksIn(`kickoff_ids: ${run}, ${next}; kickoff_id=run_7`), [
      { at: 13, id: run },
      { at: 51, id: next },
      { at: 99, id: 'run_7', isDoubtful: true },
    ]);
  });

  it('is looked for where a text speaks of kickoff ids', () => {
    assert.equal(hasMark('Kickoff ID'), true);
    assert.equal(hasMark('a kickoff-id'), true);
    assert.equal(hasMark('kickoff of the task id'), false);
  });
});
