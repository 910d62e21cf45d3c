import assert from 'node:assert/strict';
import type { TroubleKind } from '../../../src/core/trouble';
import { momentText, timeOfDay } from '../../../src/present/times';
import { troubleInRow, troubleMovesAt, troubleText } from '../../../src/present/troubleText';
import { start } from '../../support/manualClock';
import { disguise, graphemes, hostileTexts, onlyValues, t } from './hostile';

const at = timeOfDay(start);
/** A time that is early enough to say when the retry is. */
const before = start - 120_000;

/** What a row says of each trouble, when it is asked again by itself and when it is not. */
const rows = {
  noToken: ['token needed', 'token needed'],
  tokenRefused: ['token refused', 'token refused'],
  notAllowed: ['not allowed for this token', 'not allowed for this token'],
  throttled: [`throttled until ${at}`, 'throttled'],
  serverTrouble: [`server error, retrying at ${at}`, 'server error'],
  notAnAnswer: [`not an AMP answer (a sign-in page?), retrying at ${at}`, 'not an AMP answer (a sign-in page?)'],
  moved: ['moved to https://elsewhere.example', 'moved to https://elsewhere.example'],
  wrongAddress: ['no AMP deployment at this URL', 'no AMP deployment at this URL'],
  nameUnknown: [`host name unknown, retrying at ${at}`, 'host name unknown'],
  unreachable: [`no connection, retrying at ${at}`, 'no connection'],
  certificate: ['certificate not trusted', 'certificate not trusted'],
  proxy: ['proxy refused', 'proxy refused'],
  tooLarge: ['answer over 64 MiB', 'answer over 64 MiB'],
  refused: ['refused: https://elsewhere.example', 'refused: https://elsewhere.example'],
  offline: [`offline since ${at}`, 'offline since …'],
  notSaved: ['history cannot be saved', 'history cannot be saved'],
} as const satisfies Record<TroubleKind, readonly [string, string]>;

const troubleKinds = Object.keys(rows) as TroubleKind[];

describe('The text of a trouble', () => {
  for (const kind of troubleKinds) {
    const [withTime, without] = rows[kind];
    it(`says of ${kind}: ${without}`, () => {
      const says = 'https://elsewhere.example';
      assert.equal(troubleText({ kind, says, retryAt: start, since: start }, before, t), withTime);
      assert.equal(troubleText({ kind, says }, before, t), without);
    });

    it(`of ${kind} holds no word that cannot be translated`, () => {
      assert.doesNotMatch(troubleText({ kind, retryAt: start, since: start }, before, onlyValues), /\p{L}/u);
    });

    it(`of ${kind} does not break off where the server said nothing`, () => {
      assert.match(troubleText({ kind }, before, t), /[\p{L}\d)…]$/u);
    });
  }

  it('fits into a row: about 30 characters, but where the server, an address or a cause says more', () => {
    for (const kind of troubleKinds) {
      const text = troubleInRow({ kind, retryAt: start, since: start }, before, t);
      assert.ok(graphemes(text) <= (kind === 'notAnAnswer' ? 35 : 31), text);
    }
    assert.equal(troubleInRow({ kind: 'serverTrouble', retryAt: start }, before, t), `server error, retrying at ${at}`);
  });

  it('says that a retry comes soon, instead of a time that could be the current minute or the past', () => {
    for (const kind of ['throttled', 'serverTrouble', 'notAnAnswer', 'unreachable', 'nameUnknown'] as const) {
      const text = (now: number) => troubleText({ kind, retryAt: start }, now, t);
      for (const now of [start - 60_000, start, start + 1, start + 24 * 3_600_000]) {
        assert.match(text(now), /, retrying soon$/);
        assert.doesNotMatch(text(now), /\d/);
      }
      for (let minutes = 2; minutes < 24 * 60; minutes += 7) {
        const now = start - minutes * 60_000;
        assert.ok(text(now).endsWith(momentText(start, now)) && !text(now).endsWith(timeOfDay(now)), text(now));
      }
    }
  });

  it('has a date when the time is of another day', () => {
    assert.match(troubleText({ kind: 'throttled', retryAt: start }, start - 24 * 3_600_000, t), /^throttled until 2025-06-\d\d \d\d:\d\d$/);
    assert.match(troubleText({ kind: 'offline', since: start }, start + 24 * 3_600_000, t), /^offline since 2025-06-\d\d \d\d:\d\d$/);
  });

  it('changes without news only at the announced moments', () => {
    for (const kind of troubleKinds)
      for (let now = start - 300_000; now < start + 120_000; now += 10_000) {
        const trouble = { kind, retryAt: start };
        const isOther = troubleText(trouble, now, t) !== troubleText(trouble, now + 10_000, t);
        if (isOther) assert.ok(troubleMovesAt(trouble, now) <= now + 10_000);
        assert.ok(troubleMovesAt(trouble, now) > now);
      }
    assert.equal(troubleMovesAt({ kind: 'serverTrouble' }, start), Infinity);
    assert.equal(troubleMovesAt({ kind: 'throttled', retryAt: start }, start), Infinity);
  });

  it('says why history cannot be saved, where that is known', () => {
    const says = (kind: string) => troubleText({ kind: 'notSaved', says: kind }, before, t);
    assert.equal(says('diskFull'), 'history cannot be saved: disk full');
    assert.equal(says('readOnly'), 'history cannot be saved: its folder is read-only');
    assert.equal(says('locked'), 'history cannot be saved: another program keeps it locked');
    assert.equal(says('damaged'), 'history cannot be saved: its file is damaged');
    assert.equal(says('other'), 'history cannot be saved');
    assert.doesNotMatch(troubleText({ kind: 'notSaved', says: 'diskFull' }, before, onlyValues), /\p{L}/u);
  });

  it('is one clean line, whatever the server says', () => {
    for (const kind of ['moved', 'refused'] as const) {
      for (const says of hostileTexts) {
        const text = troubleText({ kind, says }, before, t);
        assert.doesNotMatch(text, disguise);
        assert.ok(graphemes(text) <= 130, String(graphemes(text)));
      }
    }
  });
});
