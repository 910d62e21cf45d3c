import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import vscode = require('vscode');
import type { KickoffInfo, KickoffsApi } from '#api';
import { commandId, documentScheme, type CommandName } from '#contributions';
import { listen } from '#test/support/localServer';
import { until } from './secondInstance';

const id = '5b1e0f44-63b9-4c23-9514-f1fc22a90d88';

/** Waits until the work is done, and closes each input box that opens meanwhile. */
async function untilEscaped(work: Thenable<unknown>): Promise<void> {
  const timer = setInterval(() => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'), 100);
  await Promise.resolve(work).finally(() => clearInterval(timer));
}

async function run<Result = unknown>(name: CommandName, target: object): Promise<Result> {
  return vscode.commands.executeCommand<Result>(commandId(name), target);
}

describe('The installed extension', () => {
  let api: KickoffsApi;
  let server: Server;
  let url: string;
  let requests = 0;

  before(async () => {
    const extension = vscode.extensions.getExtension<KickoffsApi>('kickoffs.crewai-kickoffs');
    assert.ok(extension);
    api = await extension.activate();
    server = createServer((_request, response) => {
      requests++;
      response.end('{}');
    });
    url = `${await listen(server)}/base`;
  });
  after(() => server.close());

  it('tracks a run in a new deployment even if the deployment has no token', async () => {
    await untilEscaped(run('addDeployment', { url: `${url}/kickoff`, label: 'Here' }));
    const info = await run<KickoffInfo>('track', { text: id, deployment: 'Here', label: 'First' });
    assert.deepEqual(
      [info.deploymentUrl, info.deploymentLabel, info.kickoffId, info.label, info.phase],
      [url, 'Here', id, 'First', 'queued'],
    );
    assert.equal(info.checkedAt, undefined);
  });

  it('reports a missing token instead of sending requests', async () => {
    await until(() => api.kickoffs[0]?.trouble !== undefined);
    assert.deepEqual(api.kickoffs[0]?.trouble, { kind: 'noToken', message: 'token needed' });
    assert.equal(requests, 0);
  });

  it('returns no outputs of a run without a response, and sends no request for them', async () => {
    assert.equal(await api.output({ deploymentUrl: url, kickoffId: id }), undefined);
    assert.deepEqual(await api.taskOutputs({ deploymentUrl: url, kickoffId: id }), []);
    assert.equal(requests, 0);
  });

  it('passes only changed runs to listeners of its API', async () => {
    const changes: (readonly KickoffInfo[])[] = [];
    const listening = api.onDidChangeKickoffs((infos) => changes.push(infos));
    const text = `${url}/status/another-run`;
    await run('track', { text });
    listening.dispose();
    assert.deepEqual([...new Set(changes.flat().map(({ kickoffId }) => kickoffId))], ['another-run']);
  });

  it('lists runs in its API, newest first', () => {
    assert.deepEqual(
      api.kickoffs.map(({ kickoffId }) => kickoffId),
      ['another-run', id],
    );
  });

  it('rejects invalid arguments of a command with an error for the caller', async () => {
    const bad = [
      { text: id, deployment: 'Nowhere' },
      { text: 'not an id!', deployment: 'Here' },
      { kickoffId: '../..', deployment: 'Here' },
      { kickoffId: 7, deployment: 'Here' },
      { kickoffId: id, deployment: { toString: 'Here' } },
    ];
    for (const target of bad) await assert.rejects(run('track', target), JSON.stringify(target));
    await assert.rejects(run('openReport', { deployment: 'Here', kickoffId: 'unknown' }));
    await assert.rejects(run('addDeployment', { url: 'https://app.crewai.com/x', label: 'x' }), /dashboard/);
    await assert.rejects(run('addDeployment', { url: 'https://other.example', label: 'Here' }), /label/);
  });

  it('opens the report of a run that has no response yet', async () => {
    await run('openReport', { deployment: url, kickoffId: id });
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(tab instanceof vscode.TabInputCustom);
    assert.equal(tab.uri.scheme, documentScheme);
    assert.match(tab.uri.path, /\/First\.report\.md$/);
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(tab.uri));
    assert.match(text, /^# First\n[\s\S]*Not checked yet · token needed/);
  });

  it('copies the kickoff ID of a run that has no response yet', async () => {
    await run('copyId', { deployment: url, kickoffId: id });
    assert.equal(await vscode.env.clipboard.readText(), id);
  });

  it("rejects reading a path that isn't a document of a tracked run", async () => {
    for (const path of [
      '/',
      '/1',
      '/1/x',
      `/1/${id}/else.md`,
      `/99/${id}/x.report.md`,
      `/1/../${id}/x.report.md`,
      `/1/${id}/tasks/01-x.md.output`,
    ]) {
      const uri = vscode.Uri.from({ scheme: documentScheme, path: `/${documentScheme}${path}` });
      await assert.rejects(Promise.resolve(vscode.workspace.fs.readFile(uri)), path);
    }
  });

  const isReportOpen = () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label.includes('First.report.md')));

  it('calls listeners of its API when a run is removed', async () => {
    await run('openReport', { deployment: url, kickoffId: id });
    await until(isReportOpen);
    const changes: (readonly KickoffInfo[])[] = [];
    const listening = api.onDidChangeKickoffs((infos) => changes.push(infos));
    await run('remove', { deployment: url, kickoffId: id });
    listening.dispose();
    assert.ok(changes.length > 0);
  });

  it('lists no removed run in its API', () => {
    assert.deepEqual(
      api.kickoffs.map(({ kickoffId }) => kickoffId),
      ['another-run'],
    );
  });

  it('leaves the report of a removed run open and readable', async () => {
    assert.ok(isReportOpen());
    const report = await vscode.workspace.fs.readFile(
      vscode.Uri.from({ scheme: documentScheme, path: `/${documentScheme}/1/${id}/First.report.md` }),
    );
    assert.match(new TextDecoder().decode(report), /^# First\n/);
  });

  it('restores a removed run with its label, and leaves its report open, when the run is tracked again', async () => {
    const info = await run<KickoffInfo>('track', { kickoffId: id, deployment: url });
    assert.equal(info.label, 'First');
    assert.ok(isReportOpen(), 'the removal closed no report');
  });
});
