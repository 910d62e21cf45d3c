import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import { HistoryFailure } from '#core/lib/errors';
import { TokenRejections } from '#core/notices/tokenRejections';
import { HostHealth } from '#core/polling/hostHealth';
import { answered, deployment, id, MemoryStore, unanswered } from '#test/support/builders';
import { settled } from '#test/support/manualClock';

const crew = deployment();
const flow = deployment({ key: 2, url: 'https://flow.example.com', label: 'flow' });

type Step = 'rejected' | 'otherRejected' | 'answered' | 'unreachable' | 'changed' | 'refreshed';

describe('Notifications of rejected or lost tokens', () => {
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
    const notify = ({ label }: { readonly label: string }, isLost: boolean) => notified.push(isLost ? `${label} lost` : label);
    const rejections = new TokenRejections({ board, store, notify, onError: (error) => failures.push(error) });
    board.onDidChange(() => rejections.updateClaims());
    health.onDidRejectToken((key) => {
      rejections.recordRejection(key);
      rejections.updateClaims();
    });
    const polled = async (seen = unanswered('tokenRefused'), of = crew) => {
      health.record(of, id(), seen, 0);
      await settled();
    };
    const changed = (of = crew) => {
      rejections.onTokenChange(of);
      health.allowRetry(of, 0);
    };
    return { board, health, polled, changed };
  }

  /** The steps of one window, and the notifications after them. */
  const cases: Readonly<Record<string, readonly [steps: readonly Step[], notifications: readonly string[]]>> = {
    'come once for each deployment, even if several of its polls are rejected': [
      ['rejected', 'rejected', 'otherRejected'],
      ['crew', 'flow'],
    ],
    'come again when the new token is rejected too': [
      ['rejected', 'changed', 'rejected', 'rejected', 'changed', 'rejected'],
      ['crew', 'crew', 'crew'],
    ],
    "don't come again when the user refreshes with the same token": [['rejected', 'refreshed', 'rejected'], ['crew']],
    'come again when the server accepted the token between two rejections': [
      ['rejected', 'refreshed', 'answered', 'rejected'],
      ['crew', 'crew'],
    ],
    'come again when the new token is rejected after a poll that failed for another reason': [
      ['rejected', 'changed', 'unreachable', 'rejected'],
      ['crew', 'crew'],
    ],
  };
  for (const [title, [steps, expected]] of Object.entries(cases))
    it(title, async () => {
      const { health, polled, changed } = window();
      const run: Readonly<Record<Step, () => unknown>> = {
        rejected: () => polled(),
        otherRejected: () => polled(unanswered('tokenRefused'), flow),
        answered: () => polled(answered('running')),
        unreachable: () => polled(unanswered('unreachable')),
        changed: () => changed(),
        refreshed: () => health.allowRetry(crew, 0),
      };
      for (const step of steps) await run[step]();
      assert.deepEqual(notified, expected);
    });

  it("don't come between the change of a token and the first response to the new token", async () => {
    const { board, polled, changed } = window();
    await polled();
    changed();
    board.putDeployment({ ...crew, label: 'renamed' });
    await settled();
    assert.deepEqual(notified, ['crew']);
    await polled(answered('running'));
    assert.deepEqual(notified, ['crew'], 'the new token is good');
  });

  it('come in only one window for each token', async () => {
    const windows = [window(), window()];
    for (const { polled } of windows) await polled();
    assert.deepEqual(notified, ['crew']);
    for (const { changed } of windows) changed();
    await settled();
    for (const { polled } of windows) await polled();
    assert.deepEqual(notified, ['crew', 'crew']);
  });

  it('come for a rejected new token even if another window notified the user of the old token', async () => {
    await window().polled();
    const { polled, changed } = window();
    changed();
    await polled();
    assert.deepEqual(notified, ['crew', 'crew']);
  });

  it('come in only one window for a saved token that VS Code no longer has', async () => {
    await store.recordToken(crew.url, true);
    for (const { polled } of [window(), window()]) await polled(unanswered('noToken'));
    assert.deepEqual(notified, ['crew lost']);
  });

  it("don't come for a saved token that the user deleted", async () => {
    await store.recordToken(crew.url, true);
    await store.recordToken(crew.url, false);
    const { polled, changed } = window();
    changed();
    await polled(unanswered('noToken'));
    assert.deepEqual(notified, []);
  });

  it("don't come for a deployment that never had a token", async () => {
    await window().polled(unanswered('noToken'), flow);
    assert.deepEqual(notified, []);
  });

  it("come only after a later rejected poll if the first rejection can't be saved", async () => {
    const { polled } = window();
    store.isFull = true;
    await polled();
    assert.deepEqual([notified, failures], [[], [new HistoryFailure('diskFull')]]);
    store.isFull = false;
    await polled();
    await polled();
    assert.deepEqual(notified, ['crew']);
  });
});
