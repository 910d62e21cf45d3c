import assert from 'node:assert/strict';
import { importPlan } from '#core/paste/importPlan';
import { deployment } from '#test/support/builders';
import { assertLinear } from '#test/support/growth';

const crew = deployment({ key: 1, url: 'https://crew-1a2b3c4d.crewai.com', label: 'crew' });

async function effectsOf(text: string, stored?: string): Promise<readonly string[]> {
  const all = await importPlan(text, [crew], () => Promise.resolve(stored));
  return all.map(({ label, effect }) => `${label}: ${effect}`);
}

describe('The import of an environment file', () => {
  it('adds each deployment with an unknown URL, under a unique label', async () => {
    const text =
      'CREW_URL=https://crew-ffffffff.crewai.com\nCREW_URL_B=https://crew-eeeeeeee.crewai.com\nCREW_URL_C=https://other.example.com';
    assert.deepEqual(await effectsOf(text), ['crew 2: deployment', 'crew 3: deployment', 'other: deployment']);
  });

  it('takes linear time to number thousands of equal labels', () => {
    const text = (count: number) => Array.from({ length: count }, (_, index) => `A${index}_CREW_URL=c.a${index}.example.com`).join('\n');
    const [few, many] = [text(500), text(4_000)];
    assertLinear((length) => importPlan(length === 500 ? few : many, [], () => Promise.resolve(undefined)), 500);
  });

  const known = `CREW_URL=${crew.url}/kickoff\nCREW_TOKEN=demo00000000`;
  for (const [stored, effect] of [
    [undefined, 'token'],
    ['demo00000000', 'nothing'],
    ['demo11111111', 'otherToken'],
  ] as const) {
    it(`has the effect "${effect}" for the token demo00000000 if the stored token is ${stored ?? 'missing'}`, async () => {
      assert.deepEqual(await effectsOf(known, stored), [`crew: ${effect}`]);
    });
  }

  it('has the effect "nothing" for a known deployment without a token in the file', async () => {
    for (const stored of [undefined, 'demo00000000']) assert.deepEqual(await effectsOf(`CREW_URL=${crew.url}`, stored), ['crew: nothing']);
  });

  it('reads the stored token only of known deployments', async () => {
    const read: string[] = [];
    await importPlan(`${known}\nCREW_URL_B=https://other.example.com`, [crew], ({ url }) => {
      read.push(url);
      return Promise.resolve(undefined);
    });
    assert.deepEqual(read, [crew.url]);
  });
});
