import assert from 'node:assert/strict';
import { bareIdsIn, isTruncatedUuid, isPlaceholderId } from '#core/paste/bareIds';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';

describe('bareIdsIn', () => {
  for (const text of [`run ${uuid}`, `https://app.crewai.com/crewai_plus/deployments/12/execution/${uuid}`, `a token for ${uuid}`])
    it(`finds the UUID and its position in ${text}`, () =>
      assert.deepEqual<unknown>(bareIdsIn(text), [{ offset: text.indexOf(uuid), id: uuid, isCertain: false }]));

  for (const text of [
    `app.crewai.com/crewai_plus/traces/${uuid}`,
    `http://app.crewai.com/crewai_plus/traces/${uuid}`,
    `http://${uuid}.example.com/kickoff`,
    `POST ${uuid}.crewai.com`,
    `${uuid}@example.com`,
    `x${uuid}`,
    `token: ${uuid}${' and other words'.repeat(9)}`,
  ])
    it(`finds no UUID in a host, an email address, the URL of a trace, a longer word, or a secret: ${text.slice(0, 80)}`, () =>
      assert.deepEqual(bareIdsIn(text), []));
});

describe('isTruncatedUuid', () => {
  const cut = ['4f7e..', 'F1B63850...', 'f1b63850-6', 'f1b63850-6.', '12345678-', '12345678-9012-', '12345678-9a', uuid.slice(0, 35)];
  const others = ['4f7..', '4f7e.', '4f7e..x', 'x4f7e..', '12345678', '12345678-9012', 'f1b63850', 'f1b63850-run', `${uuid}0`];
  for (const text of cut) it(`is true for ${text}`, () => assert.equal(isTruncatedUuid(text), true));
  for (const text of others) it(`is false for ${text}`, () => assert.equal(isTruncatedUuid(text), false));
});

describe('isPlaceholderId', () => {
  const placeholders = ['string', 'NULL', 'uuid', 'xxxx', 'use-your-own', 'the-kickoff-id', 'kick-off id', 'kickoffId', 'placeholder-1'];
  for (const text of placeholders) it(`is true for ${text}`, () => assert.equal(isPlaceholderId(text), true));
  for (const text of ['substring', 'string-7', 'id7', 'xx1', 'kick-id', 'run_7'])
    it(`is false for ${text}`, () => assert.equal(isPlaceholderId(text), false));
});
