import assert from 'node:assert/strict';
import { followWindowUse, type WindowUseParts } from '#core/windows/windowUse';
import { answered, unanswered, type Script } from '#test/support/builders';
import { minute, second, settled } from '#test/support/manualClock';
import { neighborhood } from '#test/support/neighbors';

const running = answered('running');
const away = { focused: false, active: false };
const idle = { focused: true, active: false };
const used = { focused: true, active: true };

/** Opens an unfocused window, with a function that changes its state. */
async function unused(script: Script, change: Partial<WindowUseParts> = {}) {
  const world = neighborhood({ script });
  const window = await world.open('one');
  await settled();
  const failures: unknown[] = [];
  const { board, poller, leader, tracker } = window;
  const historyLoader = { load: () => Promise.reject(new Error('the list was read before')) };
  const tokens = { get: () => Promise.resolve(undefined) };
  const onError = (error: unknown) => failures.push(error);
  const use = followWindowUse({ board, poller, leader, tracker, historyLoader, tokens, onError, ...change }, away);
  /** Changes the focus and the activity of the window. */
  const becomes = (state: typeof used): void => {
    window.isFocused = state.focused;
    use(state);
  };
  return { ...world, window, becomes, failures };
}

describe('A window whose user returns', () => {
  for (const [from, pause] of Object.entries({ away, idle }))
    it(`polls runs within a second if they are due at the interval of a focused window (the user was ${from})`, async () => {
      const { clock, source, window, becomes } = await unused(running);
      becomes(pause);
      // An idle window counts as unfocused here, so that only the return can cause the early poll.
      window.isFocused = false;
      await clock.advance(minute);
      const before = source.requests.length + 1;
      for (let waited = 0; waited < minute && source.requests.length < before; waited += second) await clock.advance(second);
      await clock.advance(6 * second);
      assert.equal(source.requests.length, before);
      becomes(used);
      await clock.advance(second);
      assert.equal(source.requests.length, before + 1);
    });

  it('polls the runs of a deployment without a token only after a token was set in another window', async () => {
    const keychain: { token?: string } = {};
    const { clock, source, becomes } = await unused(unanswered('noToken'), { tokens: { get: () => Promise.resolve(keychain.token) } });
    await clock.advance(minute);
    const before = source.requests.length;
    becomes(used);
    await clock.advance(minute);
    assert.equal(source.requests.length, before);
    becomes(away);
    keychain.token = 'tok-demo-new';
    source.script = running;
    becomes(used);
    await clock.advance(second);
    assert.ok(source.requests.length > before);
  });

  it('reads changes of other windows once for each return of the user', async () => {
    let reads = 0;
    const loadChanges = async () => {
      await Promise.resolve(reads++);
    };
    const { becomes } = await unused(running, { tracker: { isLoaded: true, loadChanges } });
    const behind = { focused: false, active: true };
    const after = [idle, used, idle, used, behind, used, away, behind].map((state) => (becomes(state), reads));
    assert.deepEqual(after, [1, 2, 2, 3, 3, 4, 4, 4]);
  });

  it("doesn't poll a deployment that rejected its token", async () => {
    const tokens = { get: () => Promise.resolve('tok-demo-rejected') };
    const { clock, source, becomes } = await unused(unanswered('tokenRefused'), { tokens });
    await clock.advance(minute);
    const before = source.requests.length;
    becomes(used);
    await clock.advance(minute);
    assert.equal(source.requests.length, before);
  });

  it('notifies the leader election only when the window opens or its focus changes', async () => {
    const calls: boolean[] = [];
    const { becomes } = await unused(running, { leader: { onFocusChange: (isFocused) => void calls.push(isFocused) } });
    for (const state of [used, idle, away, used]) becomes(state);
    assert.deepEqual(calls, [false, true, false, true]);
  });

  it('loads the history if an earlier attempt failed', async () => {
    let reads = 0;
    const load = async () => {
      await Promise.resolve(reads++);
    };
    const tracker = { isLoaded: false, loadChanges: () => Promise.reject(new Error('nothing was read')) };
    const { becomes, failures } = await unused(running, { tracker, historyLoader: { load } });
    becomes(used);
    await settled();
    assert.deepEqual([reads, failures], [1, []]);
  });

  it("reports the error if a token can't be read", async () => {
    const error = new Error('the keychain is locked');
    const { clock, becomes, failures } = await unused(unanswered('noToken'), { tokens: { get: () => Promise.reject(error) } });
    await clock.advance(minute);
    becomes(used);
    await settled();
    assert.deepEqual(failures, [error]);
  });
});
