import assert from 'node:assert/strict';
import type { TroubleKind } from '../../../src/core/trouble';
import { timeOfDay } from '../../../src/present/times';
import { troubleInRow, troubleText } from '../../../src/present/troubleText';
import { start } from '../../support/manualClock';
import { disguise, graphemes, hostileTexts, onlyValues, t } from './hostile';

const at = timeOfDay(start);

/** What a row says of each trouble, when it is asked again by itself and when it is not. */
const rows = {
  noToken: ['token needed', 'token needed'],
  tokenRefused: ['token refused', 'token refused'],
  notAllowed: ['not allowed for this token', 'not allowed for this token'],
  throttled: [`throttled until ${at}`, 'throttled until …'],
  serverTrouble: [`server error, next try ${at}`, 'server error'],
  notAnAnswer: [`not an AMP answer (a sign-in page?), next try ${at}`, 'not an AMP answer (a sign-in page?)'],
  moved: ['moved to https://elsewhere.example', 'moved to https://elsewhere.example'],
  wrongAddress: ['no AMP deployment at this URL', 'no AMP deployment at this URL'],
  nameUnknown: [`host name unknown, next try ${at}`, 'host name unknown'],
  unreachable: [`no connection, next try ${at}`, 'no connection'],
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
      assert.equal(troubleText({ kind, says, retryAt: start, since: start }, t), withTime);
      assert.equal(troubleText({ kind, says }, t), without);
    });

    it(`of ${kind} holds no word that cannot be translated`, () => {
      assert.doesNotMatch(troubleText({ kind, retryAt: start, since: start }, onlyValues), /\p{L}/u);
    });

    it(`of ${kind} does not break off where the server said nothing`, () => {
      assert.match(troubleText({ kind }, t), /[\p{L}\d)…]$/u);
    });
  }

  it('fits into a row: about 30 characters, but where the server, an address or a cause says more', () => {
    for (const kind of troubleKinds) {
      const text = troubleInRow({ kind, retryAt: start, since: start }, t);
      assert.ok(graphemes(text) <= (kind === 'notAnAnswer' ? 35 : 30), text);
    }
    assert.equal(troubleInRow({ kind: 'serverTrouble', retryAt: start }, t), `server error, next try ${at}`);
  });

  it('says why history cannot be saved, where that is known', () => {
    const says = (kind: string) => troubleText({ kind: 'notSaved', says: kind }, t);
    assert.equal(says('diskFull'), 'history cannot be saved: disk full');
    assert.equal(says('readOnly'), 'history cannot be saved: its folder is read-only');
    assert.equal(says('locked'), 'history cannot be saved: another program keeps it locked');
    assert.equal(says('damaged'), 'history cannot be saved: its file is damaged');
    assert.equal(says('other'), 'history cannot be saved');
    assert.doesNotMatch(troubleText({ kind: 'notSaved', says: 'diskFull' }, onlyValues), /\p{L}/u);
  });

  it('is one clean line, whatever the server says', () => {
    for (const kind of ['moved', 'refused'] as const) {
      for (const says of hostileTexts) {
        const text = troubleText({ kind, says }, t);
        assert.doesNotMatch(text, disguise);
        assert.ok(graphemes(text) <= 130, String(graphemes(text)));
      }
    }
  });
});
