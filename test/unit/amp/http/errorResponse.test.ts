import assert from 'node:assert/strict';
import { interpretError } from '#amp/http/errorResponse';
import { parseHttpDate, retryAfterSeconds } from '#amp/http/response';
import { Token } from '#amp/http/token';
import { canary } from './testPoll';

const receivedAt = Date.parse('2026-11-25T10:00:00Z');
const date = 'Wed, 25 Nov 2026 10:00:00 GMT';

describe('An error response', () => {
  it('with HTTP 404 means an unknown ID only if its body is a JSON object other than {"detail":"Not Found"}', () => {
    const meaning = (body: string) => {
      const seen = refused(404, {}, body);
      return seen === 'missing' ? seen : seen.kind;
    };
    for (const body of [
      ...['{"error":"x"}', '{"message":"x"}', '{}', '{"detail":"Not found: run-1"}'],
      ...['{"detail":"Not Found","error":"x"}', '{"error":"Not Found"}', '{"detail":[]}'],
    ])
      assert.equal(meaning(body), 'missing', body);
    for (const body of ['{"detail":"Not Found"}', ' {"detail" : "Not Found"}\n', '<html>', '', 'Not Found', 'null', '"x"', '{"error"'])
      assert.equal(meaning(body), 'wrongAddress', body);
  });

  it("with HTTP 403 is reported with the server's message, but without the token", () => {
    // A gateway may want something other than a token.
    assert.deepEqual(refused(403, {}, '{"error":"missing x-tenant-id"}'), { kind: 'notAllowed', detail: 'missing x-tenant-id' });
    assert.deepEqual(refused(403, {}, `{"detail":"no access for ${canary}"}`), { kind: 'notAllowed', detail: 'no access for [token]' });
    assert.deepEqual(refused(403, {}, '<html>Forbidden</html>'), { kind: 'notAllowed' });
  });

  const says = (body: string) => {
    const seen = refused(422, {}, body);
    assert.ok(seen !== 'missing' && seen.kind === 'refused');
    return seen.detail;
  };

  it("is reported with the server's message from its field detail, message, or error", () => {
    assert.equal(says('{"detail":"Missing inputs: audience, topic"}'), 'Missing inputs: audience, topic');
    assert.equal(says('{"error":"Bad Request","message":"No such crew"}'), 'No such crew');
    assert.equal(says('{"detail":" \\n","error":"Bad Request","message":"No such crew"}'), 'No such crew');
    assert.equal(says('{"error":"Bad Request"}'), 'Bad Request');
    assert.equal(says('{"error":{"message":"deep"}}'), 'deep');
    for (const text of ['Bad Request', 'Expected <audience>', 'Missing inputs[0]', 'No {topic}']) assert.equal(says(text), text);
  });

  it('is reported with the field and the message of each item in a list of details', () => {
    const details = '{"detail":[{"loc":["body","inputs",0,"a"],"msg":"Bad"},{"loc":["b"],"msg":"Worse"},{"msg":"c"},5]}';
    assert.equal(says(details), 'inputs.0.a: Bad; b: Worse; c');
  });

  it("is reported with the server's message without its final period, unless the message ends with an ellipsis", () => {
    assert.equal(says('{"detail":"No crew. Wait."}'), 'No crew. Wait');
    assert.equal(says('{"detail":"Wait..."}'), 'Wait...');
  });

  it('is reported without a message if its body contains no message', () => {
    for (const body of [
      ...['', '<html>no</html>', '\n  <html>no</html>', '{"a":1}', '[1]', '{"detail":5}', '{"detail":" \\u0000 "}', '{"detail"'],
    ])
      assert.equal(says(body), undefined, body);
  });

  it("is reported with the server's message on one line of at most 200 characters", () => {
    assert.equal(says('{"detail":"a\\u202e\\u200bb\\u0007\\r\\n  c\\ud800"}'), 'a b c');
    assert.equal(says(JSON.stringify({ detail: 'x'.repeat(5_000_000) })), 'x'.repeat(200));
    assert.equal(says(JSON.stringify({ detail: 'x' + '😀'.repeat(300) })), 'x' + '😀'.repeat(99));
  });

  it("is reported with FastAPI's path of an invalid field, without a leading request part such as body or query", () => {
    for (const [loc, place] of [
      [['body', 'inputs', 0, 'topic'], 'inputs.0.topic: '],
      [['query', 'limit'], 'limit: '],
      [['path', 'executionId'], 'executionId: '],
      [['header', 'authorization'], 'authorization: '],
      [['cookie', 'session'], 'session: '],
      [['body'], ''],
      [['inputs', 'body'], 'inputs.body: '],
      [['header_row', 1], 'header_row.1: '],
      [['antibody', 'name'], 'antibody.name: '],
      [['body', null, 'topic', { line: 3 }], 'topic: '],
    ] as const) {
      const body = JSON.stringify({ detail: [{ loc, msg: 'Field required', type: 'missing' }] });
      assert.deepEqual(refused(422, {}, body), { kind: 'refused', detail: `${place}Field required` });
    }
  });

  it('is reported with the origin of a redirect target only if the target is an HTTP URL', () => {
    const others = ['shttp://other.example/', 'ftp://other.example/', 'blob:https://other.example/x', 'mailto:a@other.example', 'http://'];
    for (const location of [...others, 'javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'])
      assert.deepEqual(refused(302, { location }), { kind: 'moved' }, location);
    assert.deepEqual(refused(302, { location: 'http://other.example/x' }), { kind: 'moved', detail: 'http://other.example' });
    assert.deepEqual(refused(302, { location: '' }), { kind: 'moved', detail: 'https://crew.example' });
  });

  it('is reported as the problem that matches its HTTP status', () => {
    const kinds = {
      tokenRefused: [401],
      notAllowed: [403],
      proxy: [407],
      throttled: [429],
      refused: [400, 418],
      notAnAnswer: [101, 199],
      moved: [300, 302, 304],
      serverTrouble: [408, 425, 500, 599, 999],
    };
    for (const [kind, statuses] of Object.entries(kinds))
      for (const status of statuses) assert.deepEqual(refused(status), { kind }, `${status}`);
  });

  it('with a valid Retry-After is reported as throttled until that time, for any HTTP status', () => {
    for (const status of [302, 400, 401, 403, 404, 429, 500, 503])
      assert.deepEqual(refused(status, { 'retry-after': '17' }), { kind: 'throttled', retryAt: receivedAt + 17_000 });
    const retryAt = receivedAt + 120_000;
    assert.deepEqual(refused(429, { 'retry-after': 'Wed, 25 Nov 2026 10:02:00 GMT' }), { kind: 'throttled', retryAt });
  });

  it('with an invalid Retry-After is reported without a retry time', () => {
    for (const [status, kind] of [
      [503, 'throttled'],
      [429, 'throttled'],
      [401, 'tokenRefused'],
    ] as const)
      assert.deepEqual(refused(status, { 'retry-after': 'soon', date }), { kind });
  });
});

describe('Retry-After', () => {
  const seconds = (text: string, serverDate?: number) => retryAfterSeconds({ headers: { get: () => text } }, { receivedAt, serverDate });

  it('is parsed as a number of seconds and rounded up', () => {
    for (const [text, value] of [
      ['17', 17],
      [' 17 ', 17],
      ['007', 7],
      ['0.2', 1],
      ['1.25', 2],
      ['86400', 86_400],
    ] as const)
      assert.equal(seconds(text), value, text);
  });

  it('is limited to one day', () => {
    for (const text of ['86401', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT']) assert.equal(seconds(text), 86_400, text);
  });

  it("in each date format of HTTP is parsed relative to the response's Date header, else to the time of receipt", () => {
    assert.equal(seconds('Wed, 25 Nov 2026 10:02:00 GMT'), 120);
    assert.equal(seconds('Wed, 25 Nov 2026 10:02:00 GMT', receivedAt + 60_000), 60);
    assert.equal(seconds('Wednesday, 25-Nov-26 10:02:00 GMT'), 120);
    assert.equal(seconds('Wed Nov 25 10:02:00 2026'), 120);
  });

  it('is invalid unless it is a positive decimal number or a future HTTP date', () => {
    for (const text of [
      ...['', ' ', '0', '0.0', '-0', '-5'],
      ...['+5', '1e3', '0x10', '5s', '5, 10', 'Infinity'],
      ...['-Infinity', 'NaN', 'null', 'now', '2026-11-25T10:02:00Z', 'Wed, 99 Nov 2026 10:02:00 GMT'],
      ...['after Wed, 25 Nov 2026 10:02:00 GMT', 'Wed, 25 Nov 2026 09:59:59 GMT', '٣', '１７', '17;'],
    ])
      assert.equal(seconds(text), 0, text);
  });

  it('is reported as absent if the response has no such header', () => {
    assert.equal(retryAfterSeconds({ headers: { get: () => null } }, { receivedAt }), undefined);
  });

  it('is parsed as a date only in a date format of HTTP', () => {
    assert.equal(parseHttpDate(date), receivedAt);
    for (const text of ['', '-5', '12', '2026', 'Wed', 'Wed, nonsense']) assert.equal(parseHttpDate(text), undefined);
  });
});

function refused(status: number, headers: Readonly<Record<string, string>> = {}, body = '') {
  return interpretError(
    { url: 'https://crew.example/status/x', status, headers: new Headers(headers), body: new TextEncoder().encode(body) },
    receivedAt,
    new Token(canary),
  );
}
