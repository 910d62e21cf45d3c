import assert from 'node:assert/strict';
import { runsInLine } from '#core/paste/terminalLine';

const id = '9d2f6b1e-3c4d-4e5f-8a6b-7c8d9e0f1a2b';
const other = 'c0ffee00-1111-4222-8333-444455556666';
const url = 'https://crew-1a2b3c4d.crewai.com';

describe('runsInLine', () => {
  for (const line of [`{"kickoff_id":"${id}"}`, `kickoff_id=${id} trace_id=${other}`, `Kicked off with Id ${id}`])
    it(`finds the ID at its position in ${line}`, () => assert.deepEqual(runsInLine(line), [{ id, at: line.indexOf(id) }]));

  it('returns a run with a URL if the line contains the URL of one deployment', () => {
    const line = `POST ${url}/kickoff -> {"kickoff_id": "${id}"}`;
    assert.deepEqual(runsInLine(line), [{ id, at: line.indexOf(id), url }]);
  });

  it('returns a run without a URL if the line contains the URLs of two deployments', () => {
    const line = `${url}/kickoff ${url.replace('crew-', 'flow-')}/kickoff kickoff_id: ${id}`;
    assert.deepEqual(runsInLine(line), [{ id, at: line.indexOf(id) }]);
  });

  it('reads only lines of up to 4,000 characters', () => {
    const line = `kickoff_id=${id}`;
    assert.deepEqual(runsInLine(line.padEnd(4_000)), [{ id, at: 11 }]);
    assert.deepEqual(runsInLine(line.padEnd(4_001)), []);
  });

  for (const line of [`trace_id=${id}`, id, `${url}/status/${id}`, 'kickoff_id=run', `kickoff_id: ${' '.repeat(5_000)}${id}`])
    it(`finds no run in ${line.slice(0, 60)}`, () => assert.deepEqual(runsInLine(line), []));
});
