import assert from 'node:assert/strict';
import { hasJustEnded, hasResult, isOpened, isTold, opened, type Wishes } from '../../../src/core/telling';
import { kickoff } from '../../support/builders';
import { start } from '../../support/manualClock';

const well = kickoff({ phase: { kind: 'succeeded' }, output: 'json' });
const badly = kickoff({ phase: { kind: 'failed' } });
const stopped = kickoff({ phase: { kind: 'stopped' } });

function wishes(of: Partial<Wishes> = {}): Wishes {
  return { notifications: 'all', openOutputWhenFinished: 'never', ...of };
}

describe('An end is told', () => {
  for (const [notifications, told] of [
    ['all', [true, true, true]],
    ['failures', [false, true, true]],
    ['none', [false, false, false]],
  ] as const) {
    it(`as "${notifications}" wants it`, () => {
      assert.deepEqual(
        [well, badly, stopped].map((one) => isTold(one, wishes({ notifications }))),
        told,
      );
    });
  }

  it('never of a muted run', () => {
    for (const one of [well, badly]) assert.equal(isTold({ ...one, isMuted: true }, wishes()), false);
  });
});

describe('An end that another window heard', () => {
  it('is looked at while it is fresh and nobody has seen it', () => {
    const run = { ...well, finishedAt: start, isUnread: true };
    assert.equal(hasJustEnded(run, start + 5_000), true);
    assert.equal(hasJustEnded(run, start + 19_999), true);
    assert.equal(hasJustEnded(run, start + 20_000), false);
    assert.equal(hasJustEnded({ ...run, isUnread: false }, start), false);
    assert.equal(hasJustEnded({ ...well, isUnread: true }, start), false);
    assert.equal(hasJustEnded(well, start), false, 'it ended before it was tracked');
  });
});

describe('A result', () => {
  it('is the output of a run that went well', () => {
    assert.equal(hasResult(well), true);
    for (const one of [{ ...badly, output: 'json' }, kickoff({ phase: { kind: 'succeeded' } })] as const)
      assert.equal(hasResult(one), false);
  });
});

describe('An end opens by itself', () => {
  const output = wishes({ openOutputWhenFinished: 'output' });

  it('never, unless that is set, and never for a muted run', () => {
    assert.deepEqual(opened([well], wishes()), []);
    assert.deepEqual(opened([{ ...well, isMuted: true }], output), []);
    assert.equal(isOpened(well, wishes()), false);
  });

  it('also where no notice is wanted', () => {
    assert.equal(isOpened(well, wishes({ notifications: 'none', openOutputWhenFinished: 'report' })), true);
  });

  it('with its output, and with its report where that is set or there is no output', () => {
    const what = (ended: readonly (typeof well)[], of: Wishes) => opened(ended, of).map((one) => one.what);
    assert.deepEqual(what([well, badly, kickoff({ phase: { kind: 'succeeded' } })], output), ['output', 'report', 'report']);
    assert.deepEqual(what([well, badly], wishes({ openOutputWhenFinished: 'report' })), ['report', 'report']);
  });

  it('up to three at once, and none of more', () => {
    assert.equal(opened([well, badly, stopped], output).length, 3);
    assert.deepEqual(opened([well, badly, stopped, well], output), []);
  });
});
