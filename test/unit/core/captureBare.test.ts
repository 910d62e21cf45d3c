import assert from 'node:assert/strict';
import { bareIn } from '../../../src/core/captureBare';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';

describe('A UUID outside of addresses', () => {
  const kinds: readonly (readonly [string, string | undefined])[] = [
    [uuid, 'unnamed'],
    [`kickoff: ${uuid}`, 'run'],
    [`trace: ${uuid}`, undefined],
    [`${uuid}@example.com`, undefined],
    [`x${uuid}`, undefined],
    [`${uuid} - done`, 'unnamed'],
    [`${uuid}. Done`, 'unnamed'],
    [`${uuid}-1`, 'doubtful'],
    [`${uuid}_b`, 'doubtful'],
    [`${uuid}.log`, 'doubtful'],
    [`crew-${uuid}`, 'doubtful'],
    [`logs/${uuid}`, 'doubtful'],
    [`such as ${uuid}`, 'doubtful'],
    [`e.g.: "${uuid}"`, 'doubtful'],
    [`例如${uuid}`, 'doubtful'],
    [`such as yesterday, ${uuid}`, 'unnamed'],
    [`--run ${uuid}`, 'doubtful'],
    [`tool -u ${uuid}`, 'doubtful'],
    [`tool --some-run=${uuid}`, 'doubtful'],
    [`tool -v = 1; id: ${uuid}`, 'unnamed'],
  ];
  for (const [text, kind] of kinds) it(`is ${kind ?? 'something else'}: ${text}`, () => assert.deepEqual(bareIn(text)[0]?.kind, kind));

  it('in the path of runs may be one, though it stands in an address', () => {
    const text = `https://host.example.com/runs/${uuid}`;
    assert.deepEqual<unknown>(bareIn(text), [{ at: 30, id: uuid, kind: 'doubtful' }]);
  });
});
