import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { RequestDeadline } from '#amp/http/deadline';

const limits = { headersMs: 30, idleMs: 15, totalMs: 100 };

describe('The deadline of a request', () => {
  let caller: AbortController;
  let deadline: RequestDeadline;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    caller = new AbortController();
    deadline = new RequestDeadline(caller.signal, limits);
  });
  afterEach(() => mock.timers.reset());

  /** Checks that the request is aborted after the next millisecond, and not before. */
  function assertAbortsNext(): void {
    assert.equal(deadline.signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.signal.aborted, true);
  }

  it('aborts the request when the headers take too long', () => {
    mock.timers.tick(29);
    assertAbortsNext();
  });

  it('aborts the request when the next chunk takes too long', () => {
    for (const wait of [29, 14]) {
      mock.timers.tick(wait);
      deadline.restartIdleTimer();
    }
    mock.timers.tick(14);
    assertAbortsNext();
  });

  it('aborts the request when the whole response takes too long, however often chunks arrive', () => {
    for (let at = 0; at < 99; at++) {
      deadline.restartIdleTimer();
      mock.timers.tick(1);
    }
    deadline.restartIdleTimer();
    assertAbortsNext();
  });

  it('aborts the request when the caller aborts before or after the request starts', () => {
    assert.equal(new RequestDeadline(AbortSignal.abort(), limits).signal.aborted, true);
    assert.equal(deadline.signal.aborted, false);
    caller.abort();
    assert.equal(deadline.signal.aborted, true);
  });

  it('aborts the request when the deadline is disposed', () => {
    deadline.dispose();
    // The aborted signal closes the socket of a response that isn't read to its end.
    assert.equal(deadline.signal.aborted, true);
  });
});
