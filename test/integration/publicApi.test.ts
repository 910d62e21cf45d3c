import assert from 'node:assert/strict';
import type { KickoffInfo } from '#api';
import { Board } from '#core/history/board';
import { HostHealth } from '#core/polling/hostHealth';
import { KickoffInfos, publicApi } from '#vscode/publicApi';
import { deployment, kickoff, MemoryStore, url } from '#test/support/builders';

describe('The API', () => {
  it('gives listeners the new label and URL of a changed deployment, even for runs that they have read before', () => {
    const board = new Board(new HostHealth(() => 0.5));
    const reader = { read: () => Promise.resolve(undefined), document: () => Promise.resolve(undefined) };
    const infos = new KickoffInfos(board, { now: () => 0 });
    const api = publicApi({ board, infos, store: new MemoryStore(), reader });
    const names = ({ deploymentLabel, deploymentUrl }: KickoffInfo) => [deploymentLabel, deploymentUrl];
    board.show([deployment({ label: 'before' })], [kickoff({ phase: { kind: 'succeeded' } })]);
    assert.deepEqual(api.kickoffs.map(names), [['before', deployment().url]]);

    const changes: KickoffInfo[] = [];
    api.onDidChangeKickoffs((changed) => changes.push(...changed));
    let otherEvents = 0;
    api.onDidChangeKickoffs(() => (otherEvents += 1));
    const after = { ...deployment({ label: 'after' }), url: url('https://moved.example.com') };
    board.putDeployment(after);
    assert.deepEqual(changes.map(names), [['after', after.url]]);
    assert.equal(otherEvents, 1);
    assert.deepEqual(api.kickoffs.map(names), [['after', after.url]]);
  });
});
