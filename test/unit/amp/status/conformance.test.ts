import assert from 'node:assert/strict';
import { parseStatus } from '#amp/status/parseStatus';
import { indentJson, isJsonContainer, parseJson } from '#core/lib/json';
import { sortedJson } from '#core/lib/sortedJson';
import { figure } from '#test/support/fuzz';
import { polled } from '#test/unit/amp/http/testPoll';
import { Folder, run, url } from '#test/unit/store/support';
import { json, noJson, pythonJson, strange } from './jsonCorpus';
import { addKickoff } from '#test/support/builders';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const all = [...json, ...noJson, ...pythonJson.map(([text]) => text)].map(bytesOf).concat([...strange.values()]);

/** Returns a status that contains the text as an unknown member. */
const inStatus = (text: string): string => `{"state":"RUNNING","unknown":${text},"current_task":"write"}`;

/** Checks that a status with this unknown member is parsed, and its bytes are unchanged. */
async function assertAccepted(text: string): Promise<void> {
  const body = bytesOf(inStatus(text));
  const seen = await polled(200, body);
  assert.equal(seen.kind, 'answered', text.slice(0, 60));
  assert.deepEqual([seen.answer.phase, seen.answer.progress.current, seen.body], [{ kind: 'running' }, 'write', body]);
}

describe('JSON of any kind', () => {
  it('is covered by a corpus of at least 80 valid and 120 invalid texts', () => {
    assert.ok(json.length >= 80 && noJson.length >= 120, `${json.length}, ${noJson.length}`);
    for (const text of json) assert.doesNotThrow(() => void JSON.parse(text), text.slice(0, 60));
    for (const text of noJson) assert.throws(() => void JSON.parse(text), SyntaxError, text.slice(0, 60));
  });

  it('that is valid is accepted as a member of a status', async () => {
    for (const text of json) await assertAccepted(text);
  });

  it('that is invalid causes the whole status to be rejected as invalid', async () => {
    for (const text of noJson) {
      const seen = await polled(200, inStatus(text));
      assert.partialDeepStrictEqual(seen, { kind: 'unanswered', trouble: { kind: 'notAnAnswer' } }, text.slice(0, 60));
    }
  });

  it('that Python wrote is parsed with null instead of non-finite numbers', async () => {
    for (const [text, strict] of pythonJson) {
      await assertAccepted(text);
      assert.deepEqual(parseJson(text), JSON.parse(strict));
    }
  });

  it('that Python wrote is indented without changing non-finite numbers', () => {
    for (const [text, strict] of pythonJson)
      assert.equal(indentJson(text).replace(/(?<!")(?:NaN|-?Infinity)/g, 'null'), indentJson(strict));
  });

  it('is recognized as a container only if it is a valid object or list', () => {
    for (const text of json) assert.equal(isJsonContainer(text), /^[[{]/.test(text), text.slice(0, 60));
    for (const text of noJson) assert.equal(isJsonContainer(text), false, text.slice(0, 60));
  });

  it('causes no exception when it is indented or sorted, even if it is invalid', () => {
    for (const text of [...json, ...noJson]) assert.doesNotThrow(() => [indentJson(text), sortedJson(text)], text.slice(0, 60));
  });
});

describe('A response body', () => {
  const statuses = [200, 202, 400, 404, 422, 500];

  it('never causes an exception, even if it is invalid JSON or invalid UTF-8', async () => {
    for (const bytes of all) {
      assert.doesNotThrow(() => parseStatus(bytes));
      for (const status of statuses) await assert.doesNotReject(polled(status, bytes));
    }
  });

  it('is returned unchanged by a poll that returns a status', async () => {
    for (const bytes of all)
      for (const status of statuses) {
        const seen = await polled(status, bytes);
        if (seen.kind === 'answered') assert.deepEqual(seen.body, bytes);
      }
  });

  it('is stored byte for byte', async () => {
    const folder = new Folder();
    const store = await folder.window();
    const kickoff = await addKickoff(store, run(await store.addDeployment(url, 'Crew'), 'a'));
    for (const body of all) {
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind: 'running' }, checkedAt: 1 }, body }));
      assert.deepEqual(new Uint8Array((await store.body(kickoff))!), new Uint8Array(body));
    }
    folder.remove();
    figure(19, `${all.length} texts: 0 exceptions, stored as sent`);
  }).timeout(30_000);
});
