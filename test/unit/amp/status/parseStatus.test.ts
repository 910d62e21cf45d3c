import assert from 'node:assert/strict';
import { parseStatus } from '#amp/status/parseStatus';
import type { ResponseTimes } from '#amp/status/serverTime';
import { assertLinear } from '#test/support/growth';

const receivedAt = Date.parse('2026-10-01T14:10:00Z');

describe('A status body', () => {
  it('with many spaces in a time is parsed in linear time', () => {
    const body = (length: number) =>
      Buffer.from(`{"state":"RUNNING","progress":{"started_at":"2026-01-01T00:00:00${' '.repeat(length)}x"}}`);
    assertLinear((length) => parseStatus(body(length), { receivedAt }), 20_000);
  });

  it('is invalid unless it is a JSON object with a valid state or status', () => {
    for (const text of [
      ...['', 'null', '1', '"x"', '[]', '[{"state":"SUCCESS"}]'],
      ...['{}', '{"a":1}', '{"state":5}', '{"status":200,"ok":true}', '<html>', '{"state":"SUCCESS"'],
    ])
      assert.equal(parseStatus(bytes(text)), undefined, text);
    assert.equal(parseStatus(bytes('{"__proto__":{"state":"SUCCESS"}}')), undefined);
    assert.equal(parseStatus(Buffer.from('{"state":"SUCCESS"}', 'utf16le')), undefined);
  });

  it('is valid even if it begins with a byte order mark', () => {
    assert.equal(parseStatus(Buffer.from('\ufeff{"state":"SUCCESS"}'))?.phase.kind, 'succeeded');
  });

  it('is valid even if it contains invalid UTF-8', () => {
    const broken = Buffer.from('{"state":"SUCCESS","result":"a?b"}');
    broken[broken.indexOf('?')] = 0xff;
    assert.equal(parseStatus(broken)?.output?.text, 'a\ufffdb');
  });

  const phase = (body: object) => read(body).phase;

  it("gives the run's status from the field state, else from the field status", () => {
    assert.deepEqual(phase({ state: 'RUNNING', status: 'completed' }), { kind: 'running' });
    assert.deepEqual(phase({ state: null, status: 'completed' }), { kind: 'succeeded' });
    assert.deepEqual(phase({ state: '', status: 'completed' }), { kind: 'succeeded' });
  });

  it('means that the run is running if state and status are null', () => {
    assert.deepEqual(phase({ state: null, status: null }), { kind: 'running' });
  });

  it('gives an unknown state as running, with the text of the state on one line of at most 200 characters', () => {
    assert.deepEqual(phase({ state: 'X\u202e\u0000Y' }), { kind: 'running', stateText: 'X Y' });
    assert.deepEqual(phase({ state: 'ŋ'.repeat(500) }), { kind: 'running', stateText: 'ŋ'.repeat(200) });
  });

  it("gives the request ID of the start only from the last task's meta", () => {
    const requestId = (task: unknown) => read({ state: 'RUNNING', last_executed_task: task }).requestId;
    assert.equal(requestId({ name: 'research', meta: { requestId: 'start-1', source: 'vscode' } }), 'start-1');
    for (const task of ['research', { name: 'research' }, { meta: {} }, { meta: { requestId: 7 } }, { requestId: 'start-1' }, null])
      assert.equal(requestId(task), undefined);
  });

  it("gives the run's status from state or status if only one of these fields has a known value", () => {
    const pending = 'RESEARCH_APPROVAL_PENDING';
    assert.deepEqual(phase({ state: pending, status: 'waiting_human' }), { kind: 'waiting' });
    assert.deepEqual(phase({ state: 'waiting_human', status: pending }), { kind: 'waiting' });
    assert.deepEqual(phase({ state: pending, status: 'failed' }), { kind: 'failed' });
    assert.deepEqual(phase({ state: 'REHYDRATING', status: 'completed' }), { kind: 'succeeded' });
  });

  it('means that the run is running if state is unknown and status is “Success” or unknown', () => {
    for (const status of [' Success ', 'Task is rehydrating'])
      assert.deepEqual(phase({ state: 'REHYDRATING', status }), { kind: 'running', stateText: 'REHYDRATING' });
  });

  it('is parsed without fields that have an invalid type or value', () => {
    const answer = read({
      state: 'SUCCESS',
      status: 5,
      result: null,
      progress: { completed: '3', total: -1, current: {}, current_agent: ' ', started_at: 5, duration_seconds: 'x' },
      usage_metrics: { total_tokens: 1.5 },
      execution_time: -1,
      last_executed_task: 7,
    });
    assert.deepEqual(answer, { phase: { kind: 'succeeded' }, progress: {}, tasks: [], hasAllTasks: false });
    assert.deepEqual(read({ state: 'RUNNING', progress: [], usage_metrics: 'x', last_executed_task: [] }).progress, {});
    assert.equal(parseStatus(bytes('{"state":"RUNNING","progress":{"completed":1e400}}'))?.progress.completed, undefined);
  });

  it('gives the total number of tasks unless the server sends 0', () => {
    for (const progress of [
      { completed: 3, total: 0 },
      { completed_tasks: 3, total_tasks: 0 },
    ])
      assert.deepEqual(read({ state: 'RUNNING', progress }).progress, { completed: 3 });
    assert.deepEqual(read({ state: 'RUNNING', progress: { completed: 3, total: 4 } }).progress, { completed: 3, total: 4 });
  });

  const reason = (body: object) => {
    const { phase } = read(body);
    return phase.kind === 'failed' ? phase.reason : phase.kind;
  };

  it("gives a failure's reason from the first usable field of error, error_message, status, detail, message, and result", () => {
    assert.equal(reason({ state: 'FAILED', error: 'e', status: 's', result: 'r' }), 'e');
    assert.equal(reason({ state: 'FAILED', error: { message: 'm' }, status: 's' }), 'm');
    assert.equal(reason({ state: 'FAILED', error: { code: 5 }, error_message: 'em', status: 's', detail: 'd' }), 'em');
    assert.equal(reason({ state: 'FAILED', error: 'e', error_message: 'em' }), 'e');
    assert.equal(reason({ status: 'failed', error_message: 'em', message: 'm' }), 'em');
    assert.equal(reason({ state: 'FAILED', error: ' ', error_message: '', status: 's', detail: 'd' }), 's');
    assert.equal(reason({ status: 'failed', detail: 'd', message: 'm' }), 'd');
    assert.equal(reason({ status: 'failed', message: 'm', result: 'r' }), 'm');
    assert.equal(reason({ status: 'failed', result: 'r' }), 'r');
    assert.equal(reason({ status: 'failed', result: { a: 1 } }), undefined);
  });

  it('of a succeeded run gives no failure reason, even if the field status contains a text', () => {
    assert.deepEqual(phase({ state: 'SUCCESS', status: 's' }), { kind: 'succeeded' });
  });

  it("gives at most 20,000 characters of a failure's reason", () => {
    assert.equal(reason({ state: 'FAILED', error: 'x'.repeat(50_000) })?.length, 20_000);
  });

  describe('gives as its output', () => {
    const output = (text: string | object) => parseStatus(bytes(typeof text === 'string' ? text : JSON.stringify(text)))?.output?.text;

    it("the first non-empty field of result, result_json, and the last task's output", () => {
      const last = { last_executed_task: { output: 'last' } };
      assert.equal(output({ state: 'SUCCESS', result: ' a\r\n', result_json: { a: 1 } }), ' a\r\n');
      for (const json of [{ a: 1 }, 'text']) assert.equal(output({ state: 'SUCCESS', result: { output: 'o' }, result_json: json }), 'o');
      for (const empty of [null, '', {}, []]) assert.equal(output({ state: 'SUCCESS', result: empty, result_json: 'text' }), 'text');
      assert.equal(output({ state: 'SUCCESS', result: 'own', result_json: 'text' }), 'own');
      assert.equal(output({ state: 'SUCCESS', result: { a: 1 }, result_json: 'text' }), '{\n  "a": 1\n}');
      assert.equal(output({ state: 'SUCCESS', result: { output: ' ' }, result_json: [1] }), '[\n  1\n]');
      assert.equal(output({ state: 'SUCCESS', result: { b: 1 }, result_json: {} }), '{\n  "b": 1\n}');
      for (const empty of [null, '', ' \n', {}, []])
        assert.equal(output({ state: 'SUCCESS', result: empty, result_json: empty, ...last }), 'last');
      assert.equal(output({ state: 'SUCCESS', last_executed_task: { output: { a: 1 } } }), '{\n  "a": 1\n}');
      assert.equal(output({ state: 'SUCCESS', result: 0, ...last }), '0');
      assert.equal(output({ state: 'SUCCESS', result: false, ...last }), 'false');
      assert.equal(output({ state: 'SUCCESS', last_executed_task: 'research' }), undefined);
    });

    it('the numbers and escapes in JSON exactly as the server sent them', () => {
      assert.equal(output('{"state":"SUCCESS","result":[1.0,12345678901234567890]}'), '[\n  1.0,\n  12345678901234567890\n]');
      assert.equal(output('{"state":"SUCCESS","result_json":{"a":"\\u00e9\\ud800"}}'), '{\n  "a": "\\u00e9\\ud800"\n}');
    });

    it('the last of several members named result', () => {
      assert.equal(output('{"state":"SUCCESS","result":{"a":1},"result":1e400}'), '1e400');
    });

    it('a text with decoded escapes, even if an escape is half a surrogate pair', () => {
      assert.equal(output('{"state":"SUCCESS","result":"\\ud800\\u0000"}'), '\ud800\0');
    });

    it('nothing while the run is active', () => {
      assert.equal(output({ state: 'RUNNING', result: 'x', last_executed_task: { output: 'y' } }), undefined);
      assert.equal(output({ state: 'PAUSED', result: 'x' }), undefined);
    });

    it('the result, unless the result is the reason of the failure', () => {
      assert.equal(output({ state: 'FAILED', result: 'why' }), undefined);
      assert.equal(output({ state: 'FAILED', status: 'why', result: 'why' }), undefined);
      assert.equal(output({ state: 'FAILED', status: 'why', result: 'half' }), 'half');
      assert.equal(output({ state: 'FAILED', result: 'why', last_executed_task: { output: 'half' } }), 'half');
      assert.equal(output({ state: 'REVOKED', status: 'Task was revoked', result: { a: 1 } }), '{\n  "a": 1\n}');
    });
  });

  it('gives the whole result as output only if the result has undocumented members', () => {
    const tasks = [{ task_id: 'a', output: 'x' }];
    const output = (result: object, more: object = {}) => read({ status: 'completed', result, ...more }).output;
    assert.deepEqual(output({ output: '# Plan B', tasks }), { text: '# Plan B', format: 'markdown' });
    assert.deepEqual(output({ output: '# Plan B' }, { result_json: { a: 1 } }), { text: '# Plan B', format: 'markdown' });
    for (const result of [
      { output: '# Plan B', cost: 1.5 },
      { output: '# Plan B', tasks, cost: 1.5 },
      { report: '# Plan B', tasks },
    ])
      for (const json of [null, { a: 1 }]) {
        const found = output(result, { result_json: json });
        assert.equal(found?.format, 'json');
        assert.deepEqual(JSON.parse(found.text), result);
      }
  });

  it('gives the tasks of a result even if the result has undocumented members', () => {
    const tasks = [{ task_id: 'a', output: 'x' }];
    assert.deepEqual(read({ status: 'completed', result: { output: '# Plan B', tasks, cost: 1.5 } }).tasks, [
      { name: 'a', output: 'x', language: 'plain' },
    ]);
  });

  describe('with a CrewAI dump gives as output', () => {
    const empty = { raw: '', pydantic: null, json_dict: null, tasks_output: [], token_usage: null };
    const output = (fields: object, more: object = {}) => read({ state: 'SUCCESS', result: { ...empty, ...fields }, ...more }).output?.text;

    it("the dump's text, else its JSON, else result_json, else the last task's output", () => {
      const task = { name: 'a', raw: 'by task' };
      assert.equal(output({ raw: ' # a\r\n', json_dict: { a: 1 } }, { result_json: { b: 1 } }), ' # a\r\n');
      assert.equal(
        output({ json_dict: { a: 1.5 }, pydantic: { b: 1 }, tasks_output: [task] }, { result_json: { c: 1 } }),
        '{\n  "a": 1.5\n}',
      );
      assert.equal(output({ json_dict: {}, pydantic: [1] }), '[\n  1\n]');
      assert.equal(output({}, { result_json: { c: 1 } }), '{\n  "c": 1\n}');
      assert.equal(output({ tasks_output: [{ raw: 'first' }, task] }, { last_executed_task: { output: 'last' } }), 'last');
      assert.equal(output({ tasks_output: [{ raw: 'first' }, { raw: 'second' }, task] }), 'by task');
      assert.equal(output({}), undefined);
    });

    it('the text of a dump in result_json or in the last task', () => {
      assert.equal(read({ state: 'SUCCESS', result: null, result_json: { ...empty, raw: 'x' } }).output?.text, 'x');
      assert.equal(read({ state: 'SUCCESS', last_executed_task: { output: { ...empty, raw: 'x' } } }).output?.text, 'x');
    });

    it("the text of the last task's dump, even without a list of tasks", () => {
      const task = { description: 'Write a report.', agent: 'Writer', raw: '# Report', pydantic: null, json_dict: null };
      assert.equal(read({ state: 'SUCCESS', last_executed_task: { output: task } }).output?.text, '# Report');
    });

    it('the whole object if fields of the dump are missing or invalid', () => {
      for (const result of [
        { raw: 'x' },
        { raw: 'x', pydantic: null },
        { raw: 'x', json_dict: null },
        { raw: 5, tasks_output: [] },
        { raw: 'x', tasks_output: {} },
      ])
        assert.deepEqual(JSON.parse(read({ state: 'SUCCESS', result }).output?.text ?? ''), result);
    });
  });

  it("gives the number of tokens used from the server's usage fields, else from a dump of CrewOutput", () => {
    const tokens = (body: object) => read({ state: 'SUCCESS', ...body }).totalTokens;
    const usage = (total: number) => ({ total_tokens: total });
    assert.equal(tokens({ usage_metrics: usage(1), token_usage: usage(2), result: { token_usage: usage(3) } }), 1);
    assert.equal(tokens({ token_usage: usage(2), result: { token_usage: usage(3) } }), 2);
    assert.equal(tokens({ usage_metrics: null, result: { token_usage: usage(3) } }), 3);
    assert.equal(tokens({ result_json: { token_usage: usage(4) } }), 4);
    assert.equal(tokens({ result: { token_usage: 'total_tokens=5' } }), undefined);
  });

  it('with the status “success” and no state is invalid if its data contains another status', () => {
    for (const status of ['success', 'SUCCESS'])
      for (const data of [{ state: 'RUNNING' }, { status: 'completed' }])
        assert.equal(parseStatus(bytes(JSON.stringify({ status, data }))), undefined);
  });

  it('with another status in its data is valid if it has a state, or a status other than “success”', () => {
    assert.equal(read({ state: 'SUCCESS', data: { state: 'RUNNING' } }).phase.kind, 'succeeded');
    assert.equal(read({ state: 'SUCCESS', status: 'Success', data: { state: 'RUNNING' } }).phase.kind, 'succeeded');
    for (const status of ['no success', 'successful']) assert.equal(read({ status, data: { state: 'RUNNING' } }).phase.kind, 'running');
    assert.equal(read({ status: 'completed', data: { status: 'pending' } }).phase.kind, 'succeeded');
  });

  it('with the status “success” is valid if its data contains no status', () => {
    assert.equal(read({ status: 'success', data: { verdict: 'good' } }).phase.kind, 'succeeded');
  });

  it('gives the language of its output, guessed from the text', () => {
    const outputs = { json: ['{"a":1}'], markdown: ['# a', '- {"a":1}'], preformatted: ['{"a":1} and more'], plain: ['a', '42', 42, true] };
    for (const [language, results] of Object.entries(outputs))
      for (const result of results) assert.equal(read({ state: 'SUCCESS', result }).output?.format, language, String(result));
  });

  it('in the documented format gives all tasks with their fields', () => {
    const documented = read({
      status: 'completed',
      result: { tasks: [{ task_id: 'a', output: 'x', agent: 'b', execution_time: 1.5 }, 7, { output: {} }] },
    });
    assert.equal(documented.hasAllTasks, true);
    assert.deepEqual(documented.tasks, [{ name: 'a', agent: 'b', output: 'x', language: 'plain', executionSeconds: 1.5 }, {}, {}]);
  });

  it('gives at most 1,000 tasks', () => {
    assert.equal(read({ status: 'completed', result: { tasks: Array(5_000).fill({ task_id: 'a' }) } }).tasks.length, 1_000);
  });

  it('gives no tasks of a list that is empty or in an unknown format', () => {
    for (const list of [[], [{}, 7], [{ title: 'Pack', name: 'pack' }]])
      assert.deepEqual(read({ state: 'SUCCESS', result: { tasks: list } }).tasks, []);
  });

  const lastTask = (task: unknown) => read({ state: 'RUNNING', last_executed_task: task }).tasks;

  it('in the format of live deployments gives only the last task', () => {
    assert.deepEqual(lastTask({ name: 'a', agent: 'b', output: 'x' }), [{ name: 'a', agent: 'b', output: 'x', language: 'plain' }]);
    assert.deepEqual(lastTask({ output: '# x' }), [{ output: '# x', language: 'markdown' }]);
    assert.deepEqual(lastTask({ output: { x: [1] } }), [{ output: '{\n  "x": [\n    1\n  ]\n}', language: 'json' }]);
    assert.deepEqual(lastTask({ task_name: 'a', raw: 'x' }), [{ name: 'a', output: 'x', language: 'plain' }]);
    assert.deepEqual(lastTask('research_task'), [{ name: 'research_task' }]);
    assert.deepEqual(lastTask({ name: 'write', agent: 'Writer' }), [{ name: 'write', agent: 'Writer' }]);
  });

  it('gives no task if the last task has neither a name nor an output', () => {
    assert.deepEqual(lastTask({ agent: 'Writer' }), []);
    for (const none of [null, '', ' ', {}, { meta: 1 }, 7]) assert.deepEqual(lastTask(none), []);
  });

  it("gives a text as the last task's output, not its name, if the text has several lines or over 120 characters", () => {
    assert.deepEqual(lastTask('a\nb'), [{ output: 'a\nb', language: 'plain' }]);
    const name = 'research the market '.repeat(6);
    assert.deepEqual(lastTask(`\n ${name.slice(0, 118)}ok \r\n`), [{ name: `${name.slice(0, 118)}ok` }]);
    assert.deepEqual(lastTask(`${name}ok `), [{ output: `${name}ok `, language: 'plain' }]);
  });

  it('gives the title of an output in a body of any length', () => {
    for (const result of [
      { title: 'Leads in Berlin' },
      '{"title":"Leads in Berlin"}',
      '# Leads in Berlin',
      '"# Leads in Berlin\\n\\nText"',
    ])
      assert.equal(parseStatus(bytes(JSON.stringify({ state: 'SUCCESS', result, events: 'x'.repeat(200_000) })))?.title, 'Leads in Berlin');
  });

  const progress = (step: unknown) => read({ state: 'RUNNING', last_step: step }).progress;

  it("gives the agent's last thought and tool only if they are text", () => {
    assert.deepEqual(progress({ prompt: '…', thought: ' I should ', tool: 'search', tool_input: '{}', result: 'x' }), {
      thought: 'I should',
      tool: 'search',
    });
    for (const none of [null, 7, [], 'x', {}, { thought: null, tool: { name: 'x' } }, { thought: ' ', tool: '' }])
      assert.deepEqual(progress(none), {});
  });

  it("gives at most 500 characters of the agent's last thought", () => {
    assert.equal(progress({ thought: 'x'.repeat(10_000) }).thought?.length, 500);
  });

  it('gives a duration only when the run is finished', () => {
    const times = { started_at: begin, finished_at: end };
    for (const fields of [{ execution_time: 2.5, progress: { duration_seconds: 9 } }, times]) {
      assert.equal(read({ state: 'RUNNING', ...fields }).executionSeconds, undefined);
      assert.notEqual(read({ state: 'SUCCESS', ...fields }).executionSeconds, undefined);
    }
  });

  it('gives no duration if the reported duration is impossibly long', () => {
    assert.equal(read({ state: 'SUCCESS', execution_time: 1e300 }).executionSeconds, undefined);
  });

  it('gives the duration from the first of execution_time, duration_seconds, and progress.duration_seconds', () => {
    assert.equal(read({ status: 'completed', execution_time: 2.5, progress: { duration_seconds: 9 } }).executionSeconds, 2.5);
    assert.equal(read({ state: 'SUCCESS', progress: { duration_seconds: 9 } }).executionSeconds, 9);
    assert.equal(read({ state: 'SUCCESS', execution_time: 2, duration_seconds: 3 }).executionSeconds, 2);
    assert.equal(read({ state: 'SUCCESS', duration_seconds: 3, progress: { duration_seconds: 9 } }).executionSeconds, 3);
  });

  const seconds = (fields: object) => read({ state: 'SUCCESS', ...fields }).executionSeconds;
  const [begin, end] = ['2026-10-01T14:00:00+02:00', '2026-10-01T12:01:30Z'];

  it('gives a duration computed from the start and end times only if the server sends no duration', () => {
    assert.equal(seconds({ started_at: begin, finished_at: end }), 90);
    assert.equal(seconds({ progress: { started_at: '2026-10-01T12:00:00' }, finished_at: end }), 90);
    assert.equal(seconds({ started_at: begin, finished_at: end, duration_seconds: 80 }), 80);
  });

  it('gives no duration computed from a missing time, a top-level time without a time zone, or an end before the start', () => {
    assert.equal(seconds({ finished_at: end }), undefined);
    assert.equal(seconds({ started_at: begin }), undefined);
    assert.equal(seconds({ started_at: end, finished_at: begin.slice(0, 19) }), undefined);
    assert.equal(seconds({ started_at: begin.slice(0, 19), finished_at: end }), undefined);
    assert.equal(seconds({ started_at: end, finished_at: '2026-10-01T12:00:00Z' }), undefined);
  });

  it('gives a computed duration only from 0 to a billion seconds', () => {
    for (const [start, expected] of [
      [end, 0],
      ['1995-01-23T10:14:50Z', 1e9],
      ['1995-01-23T10:14:49Z', undefined],
      ['1970-01-01T00:00:00Z', undefined],
    ] as const)
      assert.equal(seconds({ started_at: start, finished_at: end }), expected, start);
  });

  describe('gives the start time', () => {
    const start = (progress: object, at: Partial<ResponseTimes> = {}, state = 'RUNNING') =>
      read({ state, progress }, { receivedAt, ...at }).startedAt;
    const top = (fields: object, state = 'SUCCESS', at: Partial<ResponseTimes> = {}) =>
      read({ state, ...fields }, { receivedAt, ...at }).startedAt;
    const stated = Date.parse('2026-10-01T14:02:11.120Z');

    it('from progress.started_at, as UTC if the time has no time zone', () => {
      for (const stamp of [
        ...['2026-10-01T14:02:11.120Z', '2026-10-01T14:02:11.120000', '2026-10-01 14:02:11.12', '2026-10-01T16:02:11.120+02:00'],
        ...['2026-10-01T16:02:11.120+0200', '2026-10-01 16:02:11.120 +0200', ' 2026-10-01T14:02:11.120Z\n'],
      ])
        assert.equal(start({ started_at: stamp, duration_seconds: 1 }), stated, stamp);
      assert.equal(start({ started_at: '2026-10-01T14:02:11.120Z' }, {}, 'SUCCESS'), stated);
    });

    it('as UTC if the time has no time zone, even on a machine in another time zone', () => {
      const { TZ: zone } = process.env;
      process.env['TZ'] = 'Asia/Kolkata';
      try {
        assert.equal(start({ started_at: '2026-10-01T14:02:11.120' }), stated);
      } finally {
        if (zone === undefined) delete process.env['TZ'];
        else process.env['TZ'] = zone;
      }
    });

    it("corrected to this machine's clock, when the server's clock is wrong", () => {
      assert.equal(start({ started_at: '2026-10-01T13:02:11.120Z' }, { serverDate: receivedAt - 3_600_000 }), stated);
      assert.equal(start({ started_at: '2026-10-01T15:02:11.120Z' }, { serverDate: receivedAt + 3_600_000 }), stated);
    });

    it('as the time of the response if the reported start is at most 5 seconds after the response', () => {
      for (const [stamp, expected] of [
        ['2026-10-01T14:10:02Z', receivedAt],
        ['2026-10-01T14:10:05Z', receivedAt],
        ['2026-10-01T14:10:05.001Z', undefined],
      ] as const)
        assert.equal(start({ started_at: stamp }), expected, stamp);
    });

    it("computed from an active run's duration if started_at is missing or invalid", () => {
      assert.equal(start({ duration_seconds: 29.1 }), receivedAt - 29_100);
      assert.equal(start({ started_at: 'soon', duration_seconds: 10 }), receivedAt - 10_000);
      assert.equal(start({ started_at: '2027-01-01T00:00:00Z', duration_seconds: 10 }), receivedAt - 10_000);
      assert.equal(start({ duration_seconds: 29.1 }, {}, 'SUCCESS'), undefined);
      assert.equal(top({ duration_seconds: 29.1 }, 'RUNNING'), receivedAt - 29_100);
    });

    it('from a top-level time with a time zone if progress has no start time', () => {
      const progress = { started_at: '2026-10-01T14:02:11.120' };
      assert.equal(top({ started_at: '2026-10-01T16:02:11.120+02:00' }), stated);
      assert.equal(top({ started_at: '2026-10-01T13:00:00Z', progress }), stated);
      assert.equal(top({ started_at: '2026-10-01T14:02:11.120' }), undefined);
    });

    it("computed from a finished run's duration and valid end time with a time zone", () => {
      assert.equal(top({ finished_at: '2026-10-01T14:02:21.120Z', duration_seconds: 10 }), stated);
      assert.equal(top({ finished_at: '2026-10-01T14:02:21.120Z', execution_time: 10 }, 'RUNNING'), undefined);
      assert.equal(top({ finished_at: '2026-10-01T14:02:21.120', duration_seconds: 10 }), undefined);
      assert.equal(top({ finished_at: '2999-01-01T00:00:00Z', duration_seconds: 10 }), undefined);
      const skewed = { serverDate: receivedAt - 3_600_000 };
      assert.equal(top({ finished_at: '2026-10-01T13:02:21.120Z', duration_seconds: 10 }, 'SUCCESS', skewed), stated);
    });

    it('only if the run has started', () => {
      assert.equal(start({ started_at: '2026-10-01T14:02:11Z' }, {}, 'PENDING'), undefined);
      assert.equal(start({ started_at: '2026-10-01T14:02:11Z' }, {}, 'NOT FOUND'), undefined);
    });

    it('only if the time or duration is valid', () => {
      for (const stamp of [
        ...['', 'NaN', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'],
        ...['2026-13-45T99:00:00Z', '2999-01-01T00:00:00Z', '2026-10-01T14:02:11Z[Europe/Berlin]', 'at 2026-10-01T14:02:11Z'],
      ])
        for (const serverDate of [receivedAt, receivedAt - 3_600_000])
          assert.equal(start({ started_at: stamp }, { serverDate }), undefined, stamp);
      for (const seconds of [-1, 1e9, 1e300, null, '5'])
        assert.equal(start({ duration_seconds: seconds, started_at: null }, { receivedAt: 1e12 }), undefined);
    });

    it('from a duration only if the time of the response is known', () => {
      assert.equal(parseStatus(bytes('{"state":"RUNNING","progress":{"duration_seconds":5}}'))?.startedAt, undefined);
    });
  });
});

function read(body: object, at?: ResponseTimes) {
  const answer = parseStatus(bytes(JSON.stringify(body)), at);
  assert.ok(answer);
  return answer;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
