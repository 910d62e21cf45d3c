import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import vscode = require('vscode');
import { Board } from '#core/history/board';
import { CanceledError } from '#core/lib/errors';
import { maxPasteLength, parsePaste } from '#core/paste/paste';
import { HostHealth } from '#core/polling/hostHealth';
import { askForInputs } from '#vscode/starts/startPrompts';
import { askForUrlAndLabel, confirmUnencrypted } from '#vscode/prompts/deploymentPrompts';
import { askWhereToSave, closeAnsweredPrompt } from '#vscode/prompts/prompts';
import { askForToken, askForOptionalToken } from '#vscode/prompts/tokenPrompt';
import { chooseRuns, TrackPrompts } from '#vscode/prompts/trackPrompts';
import { deployment, id, key, kickoff, unanswered, url } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { readQuestionsFor, FakeInput } from './fakeInput';
import { until } from './secondInstance';

const question = /^Send the token unencrypted\?$/;
const page = 'https://app.crewai.com/crewai_plus/deployments/42';

describe("The extension's boxes", () => {
  let board: Board;
  let health: HostHealth;
  let shown: FakeInput[];
  let agrees: boolean;
  let questions: string[];
  let messages: string[];

  beforeEach(() => {
    health = new HostHealth(() => 0.5);
    board = new Board(health);
    board.show([deployment(), deployment({ key: 2, url: 'https://other.example.com', label: 'other' })], []);
    [shown, questions, messages, agrees] = [[], [], [], true];
    readQuestionsFor(1_000);
    for (const kind of ['createInputBox', 'createQuickPick'] as const)
      mock.method(vscode.window, kind, () => new FakeInput((input) => shown.push(input)));
    mock.method(vscode.window, 'setStatusBarMessage', (message: string) => messages.push(message));
    mock.method(vscode.window, 'showWarningMessage', (asked: string, { detail }: vscode.MessageOptions, button: string) => {
      assert.match(asked, question);
      questions.push(detail ?? '');
      return Promise.resolve(agrees ? button : undefined);
    });
  });
  afterEach(() => {
    closeAnsweredPrompt();
    mock.restoreAll();
  });

  /** Waits for the next box, and checks where it is shown. */
  async function next(place: string | RegExp, value = ''): Promise<FakeInput> {
    await until(() => shown.length > 0, `a box ${String(place)}`);
    const [box] = shown.splice(0, 1);
    assert.ok(box);
    if (typeof place === 'string') assert.equal(box.place, place);
    else assert.match(`${box.place} ${box.prompt}`, place);
    assert.equal(box.value.slice(0, 100), value);
    assert.ok(box.ignoreFocusOut, 'the box stays open while the user copies a text elsewhere');
    return box;
  }

  /** Presses Escape, which cancels the command. */
  function escape(box: FakeInput, asking: Promise<unknown>): Promise<void> {
    box.escape();
    return assert.rejects(asking, CanceledError);
  }

  /** Waits for the next box, types a text, and presses Escape. */
  async function cancel(asking: Promise<unknown>, place: string, value = '', typed?: string): Promise<void> {
    const box = await next(place, value);
    if (typed !== undefined) box.type(typed);
    await escape(box, asking);
  }

  const address = 'http://new.example.com';
  const title = `Track: ${id()}`;

  /** Enters a kickoff ID, and returns the box in which the user then selects a deployment. */
  async function untilDeployment(prompts = new TrackPrompts(board)) {
    const asking = prompts.askAll('Track', {});
    (await next('Track 1/2')).enter(id());
    return { asking, pick: await next(`${title} 2/2`) };
  }

  /** Adds a deployment until its label, and returns the box for the label. */
  async function untilLabel(prompts?: TrackPrompts) {
    const { asking, pick } = await untilDeployment(prompts);
    pick.pick('Add Deployment…');
    (await next(`${title} 3/5`)).enter(address);
    return { asking, box: await next(`${title} 4/5`, 'new') };
  }

  it("for a run's deployment list the deployments, and always Add Deployment at the end", async () => {
    const { asking, pick } = await untilDeployment();
    const rows = pick.items.map(({ label, alwaysShow }) => `${label}${alwaysShow ? ', always' : ''}`);
    assert.deepEqual(rows, ['crew', 'other', 'Add Deployment…, always']);
    await escape(pick, asking);
  });

  it("for a run's deployment let the user find a deployment by URL", async () => {
    const { asking, pick } = await untilDeployment();
    assert.ok(pick.matchOnDescription && pick.matchOnDetail);
    await escape(pick, asking);
  });

  it("for a run's deployment ignore Enter if no row matches", async () => {
    const { asking, pick } = await untilDeployment();
    pick.pick('no such deployment');
    pick.pick('other');
    assert.equal((await asking).deployment?.label, 'other');
  });

  it("for a new deployment appear again if the user doesn't confirm a URL without HTTPS", async () => {
    const { asking, pick } = await untilDeployment();
    pick.pick('Add Deployment…');
    agrees = false;
    (await next(`${title} 3/5`)).enter(address);
    const box = await next(`${title} 3/5`, address);
    agrees = true;
    box.enter();
    await cancel(asking, `${title} 4/5`, 'new');
  });

  it('for a new deployment ask only once to confirm a URL without HTTPS, and show the URL in the question', async () => {
    const { asking, box } = await untilLabel();
    assert.deepEqual([questions.length, questions[0]?.includes(address)], [1, true]);
    await escape(box, asking);
  });

  it('show the entered texts again after Back while the user adds a deployment', async () => {
    const { asking, box: labelBox } = await untilLabel();
    labelBox.type('Mine');
    labelBox.press();
    (await next(`${title} 3/5`, address)).press();
    (await next(`${title} 2/2`)).press();
    const box = await next('Track 1/2', id());
    assert.equal(box.buttons.length, 1, 'no Back in the first box');
    box.enter();
    (await next(`${title} 2/2`)).pick('Add Deployment…');
    (await next(`${title} 3/5`, address)).enter();
    (await next(`${title} 4/5`, 'Mine')).enter();
    const { runs, url: entered, label, deployment: known } = await asking;
    assert.deepEqual([runs?.[0]?.id, entered, label, known], [id(), address, 'Mine', undefined]);
  });

  it('stay visible but disabled after the last Enter until the run is stored', async () => {
    const { asking, box } = await untilLabel();
    box.enter();
    await asking;
    box.enter();
    await setTimeout(5);
    assert.deepEqual([box.enabled, box.isDisposed], [false, false]);
    closeAnsweredPrompt();
    assert.ok(box.isDisposed);
  });

  it('are empty when the user runs Track Kickoff again after completing all boxes', async () => {
    const prompts = new TrackPrompts(board);
    const { asking, box } = await untilLabel(prompts);
    box.enter();
    await asking;
    await cancel(prompts.askAll('Track', {}), 'Track 1/2');
  });

  it('restore the text of a canceled box unless the text may contain a secret', async () => {
    const prompts = new TrackPrompts(board);
    for (const [typed, value] of [
      ['https://typed.example.com', ''],
      ['https://user:demo@typed.example.com', 'https://typed.example.com'],
      ['https://typed.example.com', ''],
      ['https://typed.example.com?key=1', 'https://typed.example.com'],
      ['https://typed.example.com#key', ''],
      ['https://typed.example.com', ''],
    ] as const)
      await cancel(prompts.askAll('Add', { isWithoutRun: true }), 'Add 1/3', value, typed);
    for (const [typed, value] of [
      ['a log', ''],
      ['Authorization: demo', 'a log'],
      ['', ''],
    ] as const)
      await cancel(prompts.askAll('Track', {}), 'Track 1/2', value, typed);
  });

  it('suggest the URL of a pasted run instead of the text of a canceled box', async () => {
    const prompts = new TrackPrompts(board);
    await cancel(prompts.askAll('Add', { isWithoutRun: true }), 'Add 1/3', '', 'https://typed.example.com');
    const captured = { id: id(), url: url('https://pasted.example.com') };
    await cancel(prompts.askAll('Track', { runs: [captured] }), `${title} 1/3`, captured.url);
  });

  /** Enters a URL, types the label “Mine”, and goes back to enter another URL. */
  async function enterSecondUrl(second: string) {
    const adding = new TrackPrompts(board).askAll('Add', { isWithoutRun: true });
    (await next('Add 1/3')).enter('https://one.example.com');
    const box = await next('Add 2/3', 'one');
    box.type('Mine');
    box.press();
    (await next('Add 1/3', 'https://one.example.com')).enter(second);
    return { adding };
  }

  it('suggest an unused label for the new URL instead of the label that the user typed for another URL', async () => {
    const { adding } = await enterSecondUrl('https://crew.other.example.com');
    await cancel(adding, 'Add 2/3', 'crew 2');
  });

  it('suggest the label that the user typed for a URL when the user enters that URL again', async () => {
    const { adding } = await enterSecondUrl('https://two.example.com');
    (await next('Add 2/3', 'two')).press();
    (await next('Add 1/3', 'https://two.example.com')).enter('https://one.example.com');
    await cancel(adding, 'Add 2/3', 'Mine');
  });

  it("for a new deployment repeat the URL step after the user enters the URL of the deployment's page", async () => {
    const adding = new TrackPrompts(board).askAll('Add', { isWithoutRun: true });
    (await next('Add 1/3')).enter(page);
    (await next(/^Add 1\/3 You entered the URL of the deployment's page/)).enter('https://one.example.com');
    (await next('Add 2/3', 'one')).enter();
    const { url: entered, page: kept } = await adding;
    assert.deepEqual([entered, kept], ['https://one.example.com', page]);
  });

  it("ask for the kickoff ID again after the user entered the URL of the deployment's page", async () => {
    const tracking = new TrackPrompts(board).askAll('Track', {});
    (await next('Track 1/2')).enter(page);
    (await next(/^Track 2\/3 You pasted the URL of the deployment's page/)).enter(id());
    (await next(`Track: ${id()} 3/3`)).pick('other');
    const { page: kept, deployment: chosen } = await tracking;
    assert.deepEqual([kept, chosen?.label], [page, 'other']);
  });

  it("for a run's deployment appear only if the deployment is unclear", async () => {
    const prompts = new TrackPrompts(board);
    const target = { runs: [{ id: id() }] };
    board.show(board.deployments, [kickoff(), kickoff({ deployment: key(2) })]);
    await cancel(prompts.askAll('Track', target), `${title} /`);
    board.show(board.deployments, [kickoff({ deployment: key(2) })]);
    assert.equal((await prompts.askAll('Track', target)).deployment?.label, 'other');
    board.show([deployment()], []);
    assert.equal((await prompts.askAll('Track', target)).deployment?.label, 'crew');
    await cancel(prompts.askAll('Track', { ...target, paste: { ...parsePaste(id()), isDeploymentUnclear: true } }), `${title} /`);
  });

  it("for a run's deployment list the deployment of the latest run first", async () => {
    board.show(board.deployments, [kickoff(), kickoff({ deployment: key(2), trackedAt: start + 1 })]);
    const asking = new TrackPrompts(board).askAll('Track', { runs: [{ id: id() }] });
    const pick = await next(`${title} /`);
    assert.deepEqual(
      pick.items.map(({ label }) => label),
      ['other', 'crew', 'Add Deployment…'],
    );
    await escape(pick, asking);
  });

  it('for a kickoff ID reject the URL of a known deployment', async () => {
    const asking = new TrackPrompts(board).askAll('Track', {});
    const box = await next('Track 1/2');
    box.reject(deployment().url, /^No kickoff ID found\. Paste/);
    await escape(box, asking);
  });

  it("for a kickoff ID appear again if the user doesn't confirm an entered URL without HTTPS", async () => {
    agrees = false;
    const asking = new TrackPrompts(board).askAll('Track', {});
    const box = await next('Track 1/2');
    box.enter(address);
    await until(() => box.message !== '', 'the hint that Enter adds the deployment');
    box.enter();
    const again = await next('Track 1/2');
    assert.equal(questions.length, 1);
    agrees = true;
    again.enter(address);
    await until(() => again.message !== '', 'the hint that Enter adds the deployment');
    again.enter();
    (await next('Track 2/3', 'new')).press();
    await cancel(asking, 'Track 1/2');
  });

  it('accept a text from the clipboard unless the text is empty or too long', async () => {
    const asking = new TrackPrompts(board).askAll('Track', {});
    await vscode.env.clipboard.writeText('x'.repeat(maxPasteLength + 1));
    let box = await next('Track 1/2');
    box.type('typed');
    box.press('Paste from Clipboard');
    box = await next('Track 1/2', 'typed');
    assert.match(box.message, /^This text is too long\./);
    await vscode.env.clipboard.writeText(' \r\n');
    box.press('Paste from Clipboard');
    box = await next('Track 1/2', 'typed');
    assert.match(box.message, /^The clipboard doesn't contain/);
    await vscode.env.clipboard.writeText(`${id()}\n`);
    box.press('Paste from Clipboard');
    (await next('Track 1/2', id())).enter();
    (await next(`${title} 2/2`)).press();
    await cancel(asking, 'Track 1/2', id());
  });

  it('remove a message about the clipboard when their text changes', async () => {
    const asking = new TrackPrompts(board).askAll('Track', {});
    await vscode.env.clipboard.writeText(' ');
    (await next('Track 1/2')).press('Paste from Clipboard');
    const box = await next('Track 1/2');
    assert.notEqual(box.message, '');
    box.type('typed');
    assert.equal(box.message, '');
    await escape(box, asking);
  });

  it('for Edit Deployment show the entered URL again after Back', async () => {
    const editing = askForUrlAndLabel('Edit', deployment(), board);
    (await next('Edit 1/2', deployment().url)).enter('https://new.example.com');
    (await next('Edit 2/2', 'crew')).press();
    (await next('Edit 1/2', 'https://new.example.com')).enter();
    (await next('Edit 2/2', 'crew')).enter();
    assert.deepEqual(await editing, { url: 'https://new.example.com', label: 'crew' });
  });

  it("for Edit Deployment ask for the URL again after the user entered the URL of the deployment's page", async () => {
    const editing = askForUrlAndLabel('Edit', deployment(), board);
    (await next('Edit 1/2', deployment().url)).enter(page);
    (await next(/^Edit 1\/2 You entered the URL of the deployment's page/, deployment().url)).enter('https://new.example.com');
    (await next('Edit 2/2', 'crew')).enter();
    assert.deepEqual(await editing, { url: 'https://new.example.com', label: 'crew', page });
  });

  it('for Edit Deployment reject an invalid URL and an AMP dashboard URL', async () => {
    const editing = askForUrlAndLabel('Edit', deployment(), board);
    const box = await next('Edit 1/2', deployment().url);
    box.reject('not a URL', /^Enter a valid URL/);
    box.reject('https://app.crewai.com', /^This is an AMP dashboard URL/);
    await escape(box, editing);
  });

  it('for Edit Deployment reject a label that is empty, a URL, or used by another deployment', async () => {
    const editing = askForUrlAndLabel('Edit', deployment(), board);
    (await next('Edit 1/2', deployment().url)).enter();
    const box = await next('Edit 2/2', 'crew');
    for (const typed of [' ', 'a://b']) box.reject(typed, /^Enter a label/);
    board.putDeployment(deployment({ key: 3, url: 'https://late.example.com', label: 'late' }));
    for (const taken of ['other', 'late']) box.reject(taken, /^Another deployment already uses this label/);
    await escape(box, editing);
  });

  it('for Edit Deployment remove spaces at the end and invisible characters from the label', async () => {
    const editing = askForUrlAndLabel('Edit', deployment(), board);
    (await next('Edit 1/2', deployment().url)).enter('https://new.example.com');
    (await next('Edit 2/2', 'crew')).enter('crew\u202e ');
    const { url: entered, label } = await editing;
    assert.deepEqual([entered, label], ['https://new.example.com', 'crew']);
  });

  it('for Edit Deployment suggest the target of a redirect as the new URL', async () => {
    health.record(deployment(), id(), unanswered('moved', { detail: 'https://moved.example.com' }), start);
    await cancel(askForUrlAndLabel('Edit', deployment(), board), 'Edit 1/2', 'https://moved.example.com');
  });

  /** Simulates checks of tokens with these results, and records the checked and the saved tokens. Each check waits for `answer`. */
  function tokenChecks(...results: readonly ('notAllowed' | 'refused' | 'notChecked' | 'good')[]) {
    const [checked, saved] = [new Array<string>(), new Array<string>()];
    let answer = (): void => undefined;
    const checkToken = (of: string, token: string) => {
      assert.equal(of, deployment().url);
      checked.push(token);
      return new Promise<(typeof results)[number]>((resolve) => (answer = () => resolve(results[checked.length - 1]!)));
    };
    const parts = { checkToken, tokens: { set: (_: string, token: string) => Promise.resolve(void saved.push(token)) } };
    const expectMessage = async (box: FakeInput, says: RegExp) => {
      assert.equal(box.enabled, false, 'a second Enter has no effect during the check');
      answer();
      await until(() => box.enabled, 'the result');
      assert.match(box.message, says);
    };
    return { checked, saved, parts, expectMessage, answer: () => answer() };
  }

  const askToken = (parts: ReturnType<typeof tokenChecks>['parts']) =>
    askForToken(deployment(), { title: 'Set', step: 2, totalSteps: 2 }, parts);

  it("for a token save the first entered token that the check doesn't reject", async () => {
    const { checked, saved, parts, expectMessage, answer } = tokenChecks('notAllowed', 'refused', 'good');
    const asking = askToken(parts);
    const box = await next('Set 2/2');
    box.enter('tok-1');
    await expectMessage(box, /^This token doesn't have access .*\(403\)/);
    box.enter('tok-2');
    await expectMessage(box, /^The deployment rejected this token \(401\)/);
    assert.equal(box.buttons[0]?.tooltip, 'Save Anyway');
    box.enter('tok-3');
    assert.deepEqual(box.buttons, [], 'another token is checked first');
    answer();
    await asking;
    assert.deepEqual([checked, saved, messages], [['tok-1', 'tok-2', 'tok-3'], ['tok-3'], []]);
  });

  it("for a token save a token that the extension couldn't verify, and show a message", async () => {
    const { saved, parts, answer } = tokenChecks('notChecked');
    const asking = askToken(parts);
    (await next('Set 2/2')).enter('tok-3');
    answer();
    await asking;
    assert.deepEqual([saved, messages], [['tok-3'], ["Token saved, but the extension couldn't verify it with the deployment."]]);
  });

  it('for a token hide the typed text', async () => {
    const asking = askToken(tokenChecks().parts);
    const box = await next('Set 2/2');
    assert.ok(box.password);
    await escape(box, asking);
  });

  it('for a token have no Back button, because the run is already stored', async () => {
    const asking = askToken(tokenChecks().parts);
    const box = await next('Set 2/2');
    assert.deepEqual(box.buttons, []);
    await escape(box, asking);
  });

  it('for a token reject an empty token and a token with spaces before any check', async () => {
    const { checked, parts } = tokenChecks();
    const asking = askToken(parts);
    const box = await next('Set 2/2');
    box.reject(' ', /^Enter the token/);
    box.reject('tok demo', /^A token can't contain spaces/);
    assert.deepEqual(checked, []);
    await escape(box, asking);
  });

  for (const entered of ['Authorization: Bearer tok-1', 'bearer tok-1 '])
    it(`for a token save only the token of the text “${entered}”`, async () => {
      const { checked, saved, parts, answer } = tokenChecks('good');
      const asking = askToken(parts);
      (await next('Set 2/2')).enter(entered);
      answer();
      await asking;
      assert.deepEqual([checked, saved], [['tok-1'], ['tok-1']]);
    });

  it("for an optional token fail with an error if the token can't be saved", async () => {
    const { parts, answer } = tokenChecks('good');
    const locked = { ...parts, tokens: { set: () => Promise.reject(new Error('locked')) } };
    const failing = askForOptionalToken(deployment(), { title: 'Set' }, locked);
    (await next('Set /')).enter('tok-5');
    answer();
    await assert.rejects(failing, /locked/, 'the user must know that the token is not saved');
  });

  for (const overrule of ['Enter again', 'Save Anyway'])
    it(`for a token save a rejected token if the user presses ${overrule}`, async () => {
      const { checked, saved, parts, expectMessage } = tokenChecks('notAllowed');
      const overruling = askForToken(deployment(), { title: 'Set' }, parts);
      const box = await next('Set /');
      box.enter('tok-old');
      await expectMessage(box, /\(403\)/);
      if (overrule === 'Enter again') box.enter();
      else box.press(overrule);
      await overruling;
      assert.deepEqual([checked, saved], [['tok-old'], ['tok-old']]);
    });

  it('for a token contain the token from the pasted text', async () => {
    const asking = askForToken(deployment(), { title: 'Set' }, { ...tokenChecks().parts, pastedToken: 'found' });
    await cancel(asking, 'Set /', 'found');
  });

  it('for a token show the problem, and the only origin to which the token is sent', async () => {
    const asking = askForToken(deployment(), { title: 'Set' }, { ...tokenChecks().parts, reason: 'No run started.' });
    const box = await next('Set /');
    assert.match(box.message, /^No run started\. Bearer token .* sent only to https:\/\/crew\.example\.com\.$/);
    await escape(box, asking);
  });

  const threeRuns = [
    { id: id(1) },
    { id: id(2), url: url('https://other.example.com') },
    { id: id(3), url: url('https://new.example.com') },
  ];
  const paste = { runs: threeRuns, tokens: [], isCertain: false, areAllMeant: true, isDeploymentUnclear: false };

  /** Opens the box for a pasted text with three runs. The first run is already tracked. */
  async function choose(areAllMeant: boolean) {
    board.show(board.deployments, [kickoff()]);
    const choosing = chooseRuns({ ...paste, areAllMeant }, board, { title: 'Track' });
    return { choosing, box: await next('Track /') };
  }

  it('for a pasted text preselect the untracked runs only if the user probably means all runs', async () => {
    const { choosing, box } = await choose(true);
    assert.deepEqual(box.selectedItems, box.items.slice(1));
    box.enter();
    assert.deepEqual(await choosing, threeRuns.slice(1));
    const { choosing: asking, box: unselected } = await choose(false);
    assert.deepEqual(unselected.selectedItems, []);
    await escape(unselected, asking);
  });

  it('for a pasted text show the deployment or URL of each run, or that the run is already tracked', async () => {
    const { choosing, box } = await choose(true);
    assert.deepEqual(
      box.items.map(({ description }) => description),
      ['already tracked', 'other', 'https://new.example.com'],
    );
    await escape(box, choosing);
  });

  it('for a pasted text use the focused run if the user presses Enter without a selection', async () => {
    const { choosing, box } = await choose(false);
    box.activeItems = box.items.slice(1, 2);
    box.enter();
    assert.deepEqual(await choosing, [threeRuns[1]]);
  });

  it('for a pasted text ignore Enter if no row matches', async () => {
    const { choosing, box } = await choose(false);
    box.activeItems = [];
    box.enter();
    await setTimeout(5);
    assert.deepEqual([shown.length, box.isDisposed], [0, false]);
    box.activeItems = box.items.slice(1, 2);
    box.enter();
    assert.deepEqual(await choosing, [threeRuns[1]]);
  });

  it('for saving a file suggest the workspace folder, or else the home folder', async () => {
    const folder = vscode.Uri.file('/project');
    mock.getter(vscode.workspace, 'workspaceFolders', () => [{ uri: folder, name: 'project', index: 0 }]);
    const dialog = mock.method(vscode.window, 'showSaveDialog', () => Promise.resolve(folder));
    await askWhereToSave('out.json', 'Save It');
    const [asked] = dialog.mock.calls[0]?.arguments as readonly vscode.SaveDialogOptions[];
    assert.deepEqual([asked?.title, asked?.saveLabel, asked?.defaultUri?.path], ['Save It', 'Save', '/project/out.json']);
    mock.getter(vscode.workspace, 'workspaceFolders', () => undefined);
    await askWhereToSave('out.json');
    const [{ defaultUri } = {}] = (dialog.mock.calls[1]?.arguments ?? []) as readonly vscode.SaveDialogOptions[];
    assert.equal(defaultUri?.path, vscode.Uri.file(`${process.env['HOME']}/out.json`).path);
  });

  it('for inputs show the message about a rejected input only in the box of that input', async () => {
    const otherWayButton = { iconPath: new vscode.ThemeIcon('json') };
    const firstWarning = { message: 'No run started.', inputName: 'tone' };
    const asking = askForInputs({
      ...{ deployment: deployment(), names: ['topic', 'tone'], values: { topic: 'cats' } },
      ...{ firstWarning, onDidType: () => undefined, otherWayButton },
    });
    const second = await next('Start Run 2/2');
    assert.match(second.message, /^No run started\. Enter tone/);
    second.press();
    const first = await next('Start Run 1/2', 'cats');
    assert.equal(first.message, '');
    first.enter();
    (await next('Start Run 2/2')).enter('calm');
    assert.deepEqual((await asking).inputs, { topic: 'cats', tone: 'calm' });
  });

  it('for inputs detect that the last Enter may be the repeat of a key that is held down', async () => {
    for (const [topic, tone, mayBeUnread] of [
      ['dogs', 'calm', true],
      ['cats', 'calm', true],
      ['cats', 'bold', false],
    ] as const) {
      const asking = askForInputs({
        ...{ deployment: deployment(), names: ['topic', 'tone'], values: { topic: 'cats', tone: 'calm' } },
        ...{ onDidType: () => undefined, otherWayButton: { iconPath: new vscode.ThemeIcon('json') } },
      });
      (await next('Start Run 1/2', 'cats')).enter(topic);
      (await next('Start Run 2/2', 'calm')).enter(tone);
      assert.deepEqual(await asking, { inputs: { topic, tone }, mayBeUnread });
    }
  });

  it('for a question ask again while answers come sooner than a user can read', async () => {
    const ask = () => confirmUnencrypted(url('http://plain.example.com'));
    readQuestionsFor(33, 33, 399, 400);
    assert.deepEqual([await ask(), questions.length], [true, 4]);
    agrees = false;
    readQuestionsFor(33);
    assert.deepEqual([await ask(), questions.length], [false, 5], 'Cancel is never asked again');
  });

  /** Asks for two inputs, and calls `onDidType` with all values after each change. */
  const askForTwo = (onDidType: (values: object) => unknown = () => undefined) =>
    askForInputs({
      ...{ deployment: deployment(), names: ['__proto__', 'tone'], values: { tone: 'calm', other: 'x' } },
      ...{ onDidType, otherWayButton: { iconPath: new vscode.ThemeIcon('json') } },
    });

  it('for inputs accept at most 100,000 characters', async () => {
    const asking = askForTwo();
    const first = await next('Start Run 1/2');
    first.reject('x'.repeat(100_001), /Enter at most 100,000 characters/);
    first.enter('x'.repeat(100_000));
    (await next('Start Run 2/2', 'calm')).press();
    await cancel(asking, 'Start Run 1/2', 'x'.repeat(100));
  });

  it('for inputs report the values of all boxes after a change', async () => {
    const typed: object[] = [];
    const asking = askForTwo((values) => typed.push(values));
    (await next('Start Run 1/2')).enter('long');
    const second = await next('Start Run 2/2', 'calm');
    second.type('bold');
    second.press();
    (await next('Start Run 1/2', 'long')).enter('short');
    await cancel(asking, 'Start Run 2/2', 'bold');
    assert.deepEqual(Object.entries(typed.at(-1)!), [
      ['__proto__', 'short'],
      ['tone', 'bold'],
    ]);
  });
});
