import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import { HistoryFailure } from '#core/lib/errors';
import { TokenRejections } from '#core/notices/tokenRejections';
import { HostHealth } from '#core/polling/hostHealth';
import { answered, deployment, id, MemoryStore, unanswered } from '#test/support/builders';

const crew = deployment();
const flow = deployment({ key: 2, url: 'https://flow.example.com', label: 'flow' });

describe('Notifications of rejected tokens', () => {
  let store: MemoryStore;
  let notified: string[];
  let failures: unknown[];

  beforeEach(() => {
    store = new MemoryStore([crew, flow]);
    [notified, failures] = [[], []];
  });

  /** Creates a window with its notifications of rejected tokens, connected as in the extension. */
  function window() {
    const health = new HostHealth(() => 1);
    const board = new Board(health);
    board.show([crew, flow], []);
    const notify = ({ label }: { readonly label: string }) => notified.push(label);
    const rejections = new TokenRejections({ board, store, notify, failed: (error) => failures.push(error) });
    board.onDidChange(() => rejections.check());
    health.onDidRejectToken((key) => {
      rejections.rejected(key);
      rejections.check();
    });
    const polled = async (seen = unanswered('tokenRefused'), of = crew) => {
      health.record(of, id(), seen, 0);
      await stored();
    };
    const changed = (of = crew) => {
      rejections.tokenChanged(of);
      health.allowRetry(of, 0);
    };
    return { board, health, rejections, polled, changed };
  }

  /** Waits until claims are in the store. */
  const stored = () => new Promise((resolve) => setImmediate(resolve));

  it('come once for each deployment, even if several of its polls are rejected', async () => {
    const { polled } = window();
    await polled();
    await polled();
    await polled(unanswered('tokenRefused'), flow);
    assert.deepEqual(notified, ['crew', 'flow']);
  });

  it('come again when the new token is rejected too', async () => {
    const { polled, changed } = window();
    await polled();
    changed();
    await polled();
    await polled();
    changed();
    await polled();
    assert.deepEqual(notified, ['crew', 'crew', 'crew']);
  });

  it("don't come between the change of a token and the first response to the new token", async () => {
    const { board, polled, changed } = window();
    await polled();
    changed();
    board.putDeployment({ ...crew, label: 'renamed' });
    await stored();
    assert.deepEqual(notified, ['crew']);
    await polled(answered('running'));
    assert.deepEqual(notified, ['crew'], 'the new token is good');
  });

  it("don't come again when the user refreshes with the same token", async () => {
    const { health, polled } = window();
    await polled();
    health.allowRetry(crew, 0);
    await polled();
    assert.deepEqual(notified, ['crew']);
  });

  it('come again when the server accepted the token between two rejections', async () => {
    const { health, polled } = window();
    await polled();
    health.allowRetry(crew, 0);
    await polled(answered('running'));
    await polled();
    assert.deepEqual(notified, ['crew', 'crew']);
  });

  it('come again when the new token is rejected after a poll that failed for another reason', async () => {
    const { polled, changed } = window();
    await polled();
    changed();
    await polled(unanswered('unreachable'));
    await polled();
    assert.deepEqual(notified, ['crew', 'crew']);
  });

  it('come in only one window, for the first and for the next token', async () => {
    const windows = [window(), window()];
    for (const { polled } of windows) await polled();
    assert.deepEqual(notified, ['crew']);
    for (const { changed } of windows) changed();
    await stored();
    for (const { polled } of windows) await polled();
    assert.deepEqual(notified, ['crew', 'crew']);
  });

  it('come for a rejected new token even if another window had notified of the old token', async () => {
    await window().polled();
    const { polled, changed } = window();
    changed();
    await polled();
    assert.deepEqual(notified, ['crew', 'crew']);
  });

  it('come when a new token is rejected if the history could not be written at the first rejection', async () => {
    const { polled, changed } = window();
    store.isFull = true;
    await polled();
    assert.deepEqual([notified, failures], [[], [new HistoryFailure('diskFull')]]);
    store.isFull = false;
    changed();
    await polled();
    assert.deepEqual(notified, ['crew']);
  });
});
