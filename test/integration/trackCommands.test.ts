import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { HistoryFailure } from '#core/lib/errors';
import { id } from '#test/support/builders';
import { linksIn } from '#vscode/commands/links';
import { StartNode, type DeploymentNode } from '#present/outline/nodes';
import { rigWithTwoDeployments, type CommandRig } from './commandRig';
import { until } from './secondInstance';

const page = 'https://app.crewai.com/crewai_plus/deployments/7';

describe('With two deployments,', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let other: DeploymentNode;
  beforeEach(async () => {
    [rig, crew, other] = await rigWithTwoDeployments();
  });
  afterEach(() => rig.close());

  it('Track Kickoff Here tracks a run in the clicked deployment, and highlights the run', async () => {
    rig.answers = ['new-run'];
    await rig.run('trackHere', other);
    assert.deepEqual([rig.runs(), rig.highlighted], [['Other/new-run'], ['Other/new-run']]);
  });

  it("Track Kickoff Here tracks a run in the pasted URL's deployment, even if another deployment was clicked", async () => {
    rig.answers = [`https://other.example.com/status/${id(1)}`];
    await rig.run('trackHere', crew);
    assert.deepEqual(rig.runs(), [`Other/${id(1)}`]);
  });

  it('Track Kickoff Here adds a deployment if the user pastes a status URL of an unknown deployment', async () => {
    rig.answers = [`https://new.example.com/status/${id(1)}`, true, true];
    await rig.run('trackHere', other);
    assert.deepEqual([rig.runs(), rig.boxes.length], [[`new/${id(1)}`], 4]);
  });

  it("Track Kickoff keeps the saved URL of a deployment's page if the user enters the URL of another page", async () => {
    rig.answers = ['https://amp.example.com/7'];
    await rig.run('openInBrowser', other);
    rig.answers = [page, 'two', ['Other']];
    await rig.run('track');
    assert.deepEqual([rig.board.deployment(other.key)?.page, rig.runs()], ['https://amp.example.com/7', ['Other/two']]);
  });

  it('Add Deployment for a deployment that is already in the list saves the token and shows the label', async () => {
    rig.answers = ['https://other.example.com', 'tok-good'];
    await rig.run('addDeployment');
    assert.deepEqual([...rig.secrets], [['token:https://other.example.com', 'tok-good']]);
    assert.deepEqual(rig.said(), ['info: This deployment is already in your list as Other.']);
  });

  it('Add Deployment for another extension adds a deployment without HTTPS only after a confirmation', async () => {
    await rig.run('addDeployment', { url: 'http://plain.example.com', label: 'Plain' });
    assert.equal(rig.board.deployments.length, 2);
    rig.button = 'Send Unencrypted';
    await rig.run('addDeployment', { url: 'http://plain.example.com', label: 'Plain' });
    assert.equal(rig.board.deployments.length, 3);
    const question = 'warning: Send the token unencrypted? [Send Unencrypted]';
    assert.deepEqual(rig.said(), [
      ...[question, question],
      'info: Plain added. Start a run, or track one that was started elsewhere. [Start Run,Track Kickoff]',
    ]);
  });

  it('Add Deployment rejects a label that another deployment uses', async () => {
    await assert.rejects(rig.run('addDeployment', { url: 'https://new.example.com', label: 'Crew' }), /already uses this label/);
    assert.equal(rig.board.deployments.length, 2);
  });

  it('the button Track Kickoff in the notification of an added deployment tracks a run in that deployment', async () => {
    await rig.run('addDeployment', { url: 'https://new.example.com', label: 'New' });
    rig.boxes.length = 0;
    rig.answers = ['new-run'];
    await rig.press('Track Kickoff');
    await until(() => rig.runs().length > 0, 'the tracked run');
    assert.deepEqual([rig.runs(), rig.boxes.length], [['New/new-run'], 1]);
  });

  it("Track Kickoff adds a deployment if the user enters a deployment's URL instead of a kickoff ID", async () => {
    const typed = 'https://typed.example.com';
    rig.answers = [typed, typed, 'Typed', undefined];
    await rig.run('track', new StartNode(crew.key, 'focused'));
    assert.deepEqual([rig.labels().at(-1), rig.runs(), rig.boxes.length], ['Typed', [], 4]);
    assert.match(rig.said().join(), /^info: Typed added\./);
  });

  const statusUrl = (label: string, n: number): string => `https://${label}.example.com/status/${id(n)}`;

  it('Track Kickoff offers the token in a pasted text if the deployment has no token', async () => {
    rig.answers = [`curl -H "Authorization: Bearer tok-good" ${statusUrl('crew', 1)}`, true];
    await rig.run('track');
    assert.deepEqual(rig.boxes.slice(1), ['Track Kickoff: Bearer token | tok-good']);
    assert.deepEqual([...rig.secrets], [['token:https://crew.example.com', 'tok-good']]);
    assert.deepEqual([rig.runs(), rig.highlighted], [[`Crew/${id(1)}`], [`Crew/${id(1)}`]]);
  });

  it("Track Kickoff saves the URL of the deployment's page if the user enters that URL before a status URL", async () => {
    rig.answers = [page, statusUrl('crew', 1)];
    await rig.run('track');
    assert.deepEqual([rig.board.deployment(crew.key)?.page, rig.runs()], [page, [`Crew/${id(1)}`]]);
  });

  it("Track Kickoff tracks a pasted text's runs of known deployments even if the user adds no new deployment", async () => {
    const hosts = { 2: 'crew', 4: 'new', 3: 'crew', 7: 'new', 8: 'other' };
    rig.answers = [[2, 4, 3, 7, 8].map((n) => statusUrl(hosts[n as keyof typeof hosts], n)).join(' ')];
    await rig.run('track');
    const tracked = [...[2, 3].map((n) => `Crew/${id(n)}`), `Other/${id(8)}`];
    assert.deepEqual([rig.runs().toSorted(), rig.highlighted], [tracked, [`Crew/${id(2)}`]]);
    assert.deepEqual(rig.said(), ['warning: Runs not tracked: 2. To track the rest, paste the text again.']);
    assert.match(rig.boxes.at(-1) ?? '', /^Track Kickoff: 0{8}-.*4: https:.* \| https:\/\/new\.example\.com$/);
  });

  it('Track Kickoff keeps a saved token if a pasted text contains another token', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.answers = [`curl -H "Authorization: Bearer tok-else" ${statusUrl('crew', 1)}`];
    await rig.run('track');
    assert.equal(rig.boxes.length, 1, 'no box for the token');
    assert.deepEqual([rig.runs(), [...rig.secrets.values()]], [[`Crew/${id(1)}`], ['tok-good']]);
  });

  it('Track Kickoff tracks nothing if another window deletes the selected deployment while a box is open', async () => {
    const deleteAll = async () => {
      await rig.store.deleteAll([]);
      await rig.tracker.loadChanges();
      return ['Crew'];
    };
    rig.answers = [id(1), deleteAll];
    await rig.run('track');
    assert.deepEqual([rig.runs(), rig.said()], [[], ["warning: This deployment isn't in your list. To add it, run Add Deployment."]]);
  });

  it('Track Kickoff stores each run and token in a pasted text for its own deployment', async () => {
    const at = (n: number) => `curl -H "Authorization: Bearer tok-good${n}" https://new${n}.example.com/status/${id(n)}`;
    rig.amp.checkToken = () => Promise.resolve('good');
    rig.answers = [`${at(1)}\n${at(2)}`, true, true, true, true, true, true];
    await rig.run('track');
    assert.deepEqual(rig.runs(), [`new1/${id(1)}`, `new2/${id(2)}`]);
    const tokens = [1, 2].map((n) => [`token:https://new${n}.example.com`, `tok-good${n}`]);
    assert.deepEqual([[...rig.secrets], rig.highlighted], [tokens, [`new1/${id(1)}`]]);
  });

  const link = (at: string) => ({
    isLink: true,
    uri: vscode.Uri.parse(`code-oss://kickoffs.crewai-kickoffs/track?url=${at}&id=linked`),
  });
  const linkQuestions = [
    'warning: Add the deployment from this link? [Add Deployment]',
    'warning: Send the token unencrypted? [Send Unencrypted]',
  ];

  it('a link to a run tracks and highlights the run', async () => {
    await rig.run('track', link('https://other.example.com'));
    assert.deepEqual([rig.runs(), rig.highlighted, rig.said()], [['Other/linked'], ['Other/linked'], []]);
  });

  it('a link to a tracked run highlights the run, and shows a message', async () => {
    await rig.kickoff(other, 'linked');
    await rig.run('track', link('https://other.example.com'));
    const message = 'status: This run is already tracked.';
    assert.deepEqual([rig.runs(), rig.highlighted, rig.said()], [['Other/linked'], ['Other/linked'], [message]]);
  });

  it('Track Kickoff for another extension neither highlights a tracked run nor shows a message', async () => {
    await rig.kickoff(other, 'linked');
    await rig.run('track', { kickoffId: 'linked', deployment: 'Other' });
    assert.deepEqual([rig.highlighted, rig.said()], [[], []]);
  });

  it('a link to an unknown deployment adds nothing if the user declines a required confirmation', async () => {
    for (const [at, buttons, asked] of [
      ['https://new.example.com', [], 1],
      ['https://new.example.com', ['Send Unencrypted'], 1],
      ['http://new.example.com', ['Add Deployment'], 2],
    ] as const) {
      rig.button = buttons;
      await rig.run('track', link(at));
      assert.deepEqual(rig.said(), linkQuestions.slice(0, asked));
      assert.deepEqual([rig.boxes, rig.labels(), rig.runs()], [[], ['Crew', 'Other'], []]);
    }
  });

  it('a link to an unknown deployment without HTTPS tracks the run after the user confirms both questions', async () => {
    rig.button = ['Add Deployment', 'Send Unencrypted'];
    rig.answers = ['Linked', undefined];
    await rig.run('track', link('http://plain.example.com'));
    assert.deepEqual([rig.runs(), rig.boxes.length, rig.said(), rig.highlighted], [['Linked/linked'], 2, linkQuestions, ['Linked/linked']]);
    assert.match(rig.details[1] ?? '', /^http:\/\/plain\.example\.com doesn't use HTTPS/);
  });

  it("the question about a link to an unknown deployment shows the deployment's origin in ASCII", async () => {
    for (const scheme of ['http', 'https']) await rig.run('track', link(`${scheme}://my-cr\u0435w.example.com`));
    assert.match(rig.details[0] ?? '', /^http:\/\/xn--my-crw-\S+\.example\.com\n/);
    assert.match(rig.details[1] ?? '', /^https:\/\/xn--my-crw-\S+\.example\.com\n/);
  });

  it('a link with an AMP dashboard URL or unknown parameters is rejected', async () => {
    await rig.run('track', link('https://app.crewai.com'));
    await rig.run('track', link('https://plain.example.com&token=tok-good'));
    assert.match(rig.said().join('\n'), /^warning: This is an AMP dashboard URL.*\nwarning: Can't open the link: it contains more than/);
    assert.deepEqual([rig.labels(), rig.runs()], [['Crew', 'Other'], []]);
  });

  it('a terminal link tracks the run in the deployment whose URL is in the line, without opening a box', async () => {
    const line = `curl -X POST https://other.example.com/kickoff → {"kickoff_id": "${id(1)}"}`;
    await rig.run('track', linksIn(line)[0]);
    assert.deepEqual([rig.runs(), rig.boxes], [[`Other/${id(1)}`], []]);
  });

  it("Track Kickoff saves the kickoff ID separately if the history can't be written", async () => {
    mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('diskFull')));
    rig.answers = ['lost', ['Other']];
    await rig.run('track');
    assert.deepEqual(rig.pending, [{ url: 'https://other.example.com', label: 'Other', ids: ['lost'] }]);
    assert.match(rig.said().join(), /^error: Can't save .* disk space\. The kickoff ID is saved separately\. .* \[Show Log\]$/);
    await rig.press('Show Log');
    assert.deepEqual(rig.calls, ['log']);
  });

  it("Track Kickoff saves the kickoff ID separately with the URL and label of a deployment that can't be added", async () => {
    mock.method(rig.tracker, 'addDeployment', () => Promise.reject(new HistoryFailure('diskFull')));
    rig.answers = ['lost', ['Add Deployment…'], 'https://new.example.com', 'New'];
    await rig.run('track');
    assert.deepEqual(rig.pending, [{ url: 'https://new.example.com', label: 'New', ids: ['lost'] }]);
  });

  it('Track Kickoff saves no ID separately if a newer version of the extension wrote the history', async () => {
    mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('newer')));
    await assert.rejects(rig.run('track', { kickoffId: 'lost', deployment: 'Crew' }), /newer version/);
    assert.deepEqual(rig.pending, []);
  });

  it("Track Kickoff saves all IDs in a pasted text separately if the history can't be written", async () => {
    const hosts = ['crew', 'crew', 'other', 'new', 'newest'];
    const text = hosts.map((host, index) => `https://${host}.example.com/status/${id(index + 1)}`).join('\n');
    mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('locked')));
    rig.answers = [text];
    await rig.run('track');
    assert.match(rig.said().join(), /^error: .* The kickoff IDs are saved separately\./);
    assert.deepEqual(rig.pending, [
      { url: 'https://crew.example.com', label: 'Crew', ids: [id(1), id(2)] },
      { url: 'https://other.example.com', label: 'Other', ids: [id(3)] },
      { url: 'https://new.example.com', label: 'new', ids: [id(4)] },
      { url: 'https://newest.example.com', label: 'newest', ids: [id(5)] },
    ]);
  });

  it("Track Kickoff saves only those pasted IDs separately whose runs can't be stored", async () => {
    const trackAll = rig.tracker.trackAll.bind(rig.tracker);
    mock.method(rig.tracker, 'trackAll', (...all: Parameters<typeof trackAll>) =>
      rig.runs().length > 0 ? Promise.reject(new HistoryFailure('locked')) : trackAll(...all),
    );
    rig.answers = [['crew', 'other', 'new'].map((host, index) => statusUrl(host, index + 1)).join(' ')];
    await rig.run('track');
    assert.deepEqual(rig.runs(), [`Crew/${id(1)}`]);
    assert.deepEqual(rig.pending, [
      { url: 'https://other.example.com', label: 'Other', ids: [id(2)] },
      { url: 'https://new.example.com', label: 'new', ids: [id(3)] },
    ]);
  });

  it('Track Kickoff neither tracks nor saves the IDs in a pasted text if one of them is a saved token', async () => {
    const text = ['crew', 'other', 'new'].map((host, index) => `https://${host}.example.com/status/${id(index + 1)}`).join('\n');
    for (const isLocked of [false, true]) {
      if (isLocked) mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('locked')));
      for (const token of [id(1), id(3)]) {
        rig.secrets.set('token:https://crew.example.com', token);
        rig.answers = [text];
        await rig.run('track');
        assert.match(rig.said().join(), /^warning: This is a deployment's saved token/);
        assert.deepEqual([rig.runs(), rig.pending], [[], []]);
      }
    }
  });
});
