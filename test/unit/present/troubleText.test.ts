import assert from 'node:assert/strict';
import type { Trouble, TroubleKind } from '#core/kickoff/trouble';
import { troubleDetails, rowTroubleText, troubleText } from '#present/troubleText';
import { troubleKinds } from '#test/support/builders';
import { day, start } from '#test/support/manualClock';
import { assertClean, formatDate, graphemes, hostileTexts, onlyValues, t, timeOfDay, formatValue } from './documents/hostile';

const at = timeOfDay(start);
/** A time at which the text contains the retry time. */
const before = start - 120_000;

/** The text of each problem, and its end if the time is known. `docs/troubleshooting.md` has the buttons. */
const rows = {
  noToken: ['token needed', ''],
  tokenRefused: ['token rejected', ''],
  notAllowed: ['token has no access: https://elsewhere.example', ''],
  throttled: ['throttled', ` until ${at}`],
  serverTrouble: ['server error', `, retrying at ${at}`],
  notAnAnswer: ['unexpected response (sign-in page?)', `, retrying at ${at}`],
  moved: ['redirects to https://elsewhere.example', ''],
  wrongAddress: ['no AMP deployment at this URL', ''],
  nameUnknown: ['host not found', `, retrying at ${at}`],
  unreachable: ["can't reach server", `, retrying at ${at}`],
  certificate: ['certificate not trusted', ''],
  proxy: ['blocked by proxy', ''],
  tooLarge: ['response over 64 MiB', ''],
  refused: ['request rejected: https://elsewhere.example', ''],
  offline: ['offline', ` since ${at}`],
  notSaved: ["can't save history", ''],
} as const satisfies Record<TroubleKind, readonly [text: string, time: string]>;

describe('The text of a problem', () => {
  for (const kind of troubleKinds) {
    const [text, time] = rows[kind];
    it(`of the kind ${kind} is "${text}"${time && ', followed by the time if it is known'}`, () => {
      const detail = 'https://elsewhere.example';
      assert.equal(troubleText({ kind, detail, retryAt: start, since: start }, before, t), `${text}${time}`);
      assert.equal(troubleText({ kind, detail }, before, t), text);
    });
  }

  it('drops the full stop of a sentence of the server, because the text that contains it ends with one', () => {
    const texts = ['The crew is not deployed.', 'The crew is not deployed!', 'The crew is not deployed。'].map((detail) =>
      troubleText({ kind: 'refused', detail }, before, t),
    );
    assert.deepEqual(new Set(texts), new Set(['request rejected: The crew is not deployed']));
  });

  it('contains no hard-coded text', () => {
    const troubles: readonly Trouble[] = troubleKinds.map((kind) => ({ kind, retryAt: start, since: start }));
    for (const trouble of [...troubles, { kind: 'notSaved', detail: 'diskFull' } as const])
      assert.doesNotMatch(troubleText(trouble, before, onlyValues), /\p{L}/u, trouble.kind);
  });

  it('without server text or a URL takes at most 35 characters in the view', () => {
    for (const kind of troubleKinds) {
      const text = rowTroubleText({ kind, retryAt: start, since: start }, before, t);
      assert.ok(graphemes(text) <= (kind === 'notAnAnswer' || kind === 'serverTrouble' ? 35 : 30), text);
    }
  });

  it('ends with the retry time, or with “retrying soon” once that time has passed', () => {
    for (const kind of ['throttled', 'serverTrouble', 'notAnAnswer', 'unreachable', 'nameUnknown'] as const) {
      const text = (now: number) => troubleText({ kind, retryAt: start }, now, t);
      for (const now of [start, start + 1, start + day]) {
        assert.match(text(now), /, retrying soon$/);
        assert.doesNotMatch(text(now), /\d/);
      }
      for (let seconds = 1; seconds < 24 * 3_600; seconds += 397) {
        const now = start - seconds * 1_000;
        assert.ok(text(now).endsWith(formatValue({ at: start, now })), text(now));
      }
    }
  });

  it('rounds a time up to full minutes', () => {
    const until = (retryAt: number) => troubleText({ kind: 'throttled', retryAt }, start, t);
    assert.equal(until(start + 1), `throttled until ${timeOfDay(start + 60_000)}`);
    assert.equal(until(start + 60_000), `throttled until ${timeOfDay(start + 60_000)}`);
  });

  it('contains a date when the time is on another day', () => {
    const [retry, offline] = [{ kind: 'throttled', retryAt: start } as const, { kind: 'offline', since: start } as const];
    assert.match(troubleText(retry, start - day, t), /^throttled until (?:May|Jun) \d{1,2}, \d\d:\d\d$/);
    assert.match(troubleText(offline, start + day, t), /^offline since Jun \d{1,2}, \d\d:\d\d$/);
  });

  it("shows why the history can't be saved, if the reason is known", () => {
    const reasons = { diskFull: 'disk full', readOnly: 'folder is read-only', locked: 'file is locked', damaged: 'file is damaged' };
    for (const [detail, reason] of Object.entries(reasons))
      assert.equal(troubleText({ kind: 'notSaved', detail }, before, t), `can't save history: ${reason}`);
    assert.equal(troubleText({ kind: 'notSaved', detail: 'other' }, before, t), "can't save history");
  });

  it('is a short line without control characters, for any server text', () => {
    for (const kind of ['moved', 'refused'] as const)
      for (const detail of hostileTexts) assertClean(140, troubleText({ kind, detail }, before, t));
  });
});

describe('The details of a problem', () => {
  it('contain the next step for the user, followed by the last failed check', () => {
    assert.deepEqual(troubleDetails({ kind: 'notAllowed', failedAt: start, code: 'HTTP 403' }, t), [
      "A User Bearer Token usually can't read a colleague's run. Set the deployment's Bearer Token.",
      `Last check failed: ${formatDate(start)} (HTTP 403)`,
    ]);
    for (const kind of ['serverTrouble', 'notAnAnswer', 'wrongAddress', 'nameUnknown', 'unreachable'] as const)
      assert.equal(troubleDetails({ kind }, t).length, 1, kind);
  });

  it('contain no code if no code is known', () => {
    assert.deepEqual(troubleDetails({ kind: 'proxy', failedAt: start }, t), [`Last check failed: ${formatDate(start)}`]);
  });

  it('are empty if there is neither a next step nor a failed check', () => {
    assert.deepEqual(troubleDetails({ kind: 'noToken' }, t), []);
    assert.deepEqual(troubleDetails(undefined, t), []);
  });

  it('contain no control characters, for any code', () => {
    for (const code of hostileTexts)
      for (const line of troubleDetails({ kind: 'unreachable', failedAt: start, code }, t)) assertClean(200, line);
  });

  it('contain no hard-coded text', () => {
    const values = troubleDetails({ kind: 'unreachable', failedAt: start, code: '7' }, onlyValues);
    assert.doesNotMatch(values.join(), /\p{L}/u);
  });
});
