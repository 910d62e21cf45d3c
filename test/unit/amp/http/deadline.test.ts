import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mock } from 'node:test';
import { RequestDeadline } from '#amp/http/deadline';

const limits = { headersMs: 30, idleMs: 15, totalMs: 100 };

describe('The deadline of a request', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('aborts the request when the headers take too long', () => {
    const deadline = new RequestDeadline(new AbortController().signal, limits);
    mock.timers.tick(29);
    assert.equal(deadline.signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.signal.aborted, true);
  });

  it('aborts the request when the next piece takes too long', () => {
    const deadline = new RequestDeadline(new AbortController().signal, limits);
    mock.timers.tick(29);
    deadline.progress();
    mock.timers.tick(14);
    deadline.progress();
    mock.timers.tick(14);
    assert.equal(deadline.signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.signal.aborted, true);
  });

  it('aborts the request when it takes too long altogether, however often pieces arrive', () => {
    const deadline = new RequestDeadline(new AbortController().signal, limits);
    for (let at = 0; at < 99; at++) {
      deadline.progress();
      mock.timers.tick(1);
    }
    deadline.progress();
    assert.equal(deadline.signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(deadline.signal.aborted, true);
  });

  it('aborts the request when the caller aborts, before or after the start', () => {
    assert.equal(new RequestDeadline(AbortSignal.abort(), limits).signal.aborted, true);
    const caller = new AbortController();
    const deadline = new RequestDeadline(caller.signal, limits);
    assert.equal(deadline.signal.aborted, false);
    caller.abort();
    assert.equal(deadline.signal.aborted, true);
  });

  it('leaves no listener at the caller’s signal and aborts the request when it is disposed', () => {
    const caller = new AbortController();
    const deadline = new RequestDeadline(caller.signal, limits);
    assert.equal(getEventListeners(caller.signal, 'abort').length, 1);
    deadline.dispose();
    assert.equal(getEventListeners(caller.signal, 'abort').length, 0);
    // The aborted signal closes the socket of a response that isn't read to its end.
    assert.equal(deadline.signal.aborted, true);
  });
});
