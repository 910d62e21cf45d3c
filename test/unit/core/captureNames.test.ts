import assert from 'node:assert/strict';
import { kindByName, type Kind } from '../../../src/core/captureNames';

/** What stands before a UUID, where the text is no table. */
const before: Readonly<Record<Kind, readonly string[]>> = {
  run: ['kickoff: ', 'kickoffs=', 'kickoff_id = ', '"kickoffId": "', '启动：', '执行ID: ', '运行 是 '],
  unnamed: [
    '',
    ': ',
    'kickoff ',
    'execution_id ',
    'the execution is ',
    'done ',
    'run ',
    'id: ',
    'ids: [',
    'uuid=',
    'run_id: ',
    'jobs: ',
    'Here it goes, ',
    '执行者 ',
  ],
  doubtful: [
    ...['foo_id: ', 'foo_id ', 'foo: ', 'prekickoff=', 'kickoffer=', 'backtrace: ', 'tracer: ', 'task_valid=', 'task_idle=', '执行者: '],
    ...['the task ', 'task: ', 'crews=', 'id,task_id ', 'id, task_id ', 'id;trace ', 'id|trace ', 'id\ttrace ', '请求头: '],
  ],
  other: [
    ...[
      'trace ',
      'trace: ',
      'traceId: ',
      'task_id=',
      'taskid=',
      'task__id=',
      'task-id: ',
      'tasks_ids: ',
      'task key: ',
      'trace',
      'request id ',
    ],
    ...['done, the trace_id ', 'Idempotency-Key: ', 'api-key: ', 'parent: ', '请求ID：', '会话: ', '租户 ', 'session=`', 'user -> '],
  ],
};

describe('The words before a UUID', () => {
  for (const kind of ['run', 'unnamed', 'doubtful', 'other'] as const)
    for (const text of before[kind]) it(`make it ${kind}: ${JSON.stringify(text)}`, () => assert.equal(kindByName(text, false), kind));

  it('may be the heading of a table that names runs too', () => {
    assert.equal(kindByName('kickoff_id task_id ', true), 'doubtful');
    assert.equal(kindByName('task_id: ', true), 'other');
  });
});
