import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import type { Kickoff } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import { chance, figure, times } from '#test/support/fuzz';
import { resultOf } from './result';
import { bodyOf, integrity, run, url, useFolder, type Folder } from './support';
import { addKickoff } from '#test/support/builders';

/** The bundled script of a window in a separate process. */
const script = join(__dirname, 'writer.child.js');

describe('Windows that share a run history', () => {
  let folder: Folder;

  useFolder((fresh) => (folder = fresh));

  it('lose no acknowledged write when they are killed at random', async function () {
    this.timeout(times(120_000));
    const random = chance();
    const acknowledged: string[] = [];
    // A few writers run in parallel, so that their transactions overlap. More writers would only wait for each other.
    const windows = [0, 1, 2, 3];
    const rounds = times(100) / windows.length;
    for (let round = 0; round < rounds; round += 1)
      acknowledged.push(...(await Promise.all(windows.map((window) => runUntilKilled(folder.path, `${round}-${window}`, random)))).flat());

    const store = await folder.window();
    const { kickoffs } = await store.load();
    const found = new Map<string, Kickoff>(kickoffs.map((kickoff) => [kickoff.id, kickoff]));
    for (const [word, id] of acknowledged.map((line) => line.split(' ') as [string, string])) {
      const kickoff = found.get(id);
      assert.ok(kickoff, `${word} ${id}`);
      if (word === 'ended') assert.equal(kickoff.phase.kind, 'succeeded', id);
    }
    for (const kickoff of kickoffs.filter(({ phase }) => phase.kind === 'succeeded')) {
      assert.equal(await bodyOf(store, kickoff), resultOf(kickoff.id));
      assert.deepEqual([...(await store.taskOutputs(kickoff))], [[1, resultOf(kickoff.id)]]);
    }
    assert.ok(acknowledged.length > 2 * windows.length * rounds, `${acknowledged.length} acknowledged`);
    assert.ok(folder.recovered.every(({ damagedPath }) => damagedPath === undefined));
    assert.equal(integrity(folder.file), 'ok');
    figure(1, `${windows.length * rounds} kills: 0 of ${acknowledged.length} acknowledged writes lost`);
  });

  it('let only one of them notify of each run', async function () {
    this.timeout(30_000);
    const store = await folder.window();
    const deployment = await store.addDeployment(url, 'Research');
    const all = Array.from({ length: 60 }, (_, index) => `${index}`);
    for (const id of all) await addKickoff(store, run(deployment, id));

    const children = [start('claim', folder.path, '60'), start('claim', folder.path, '60')];
    const outputs = Promise.all(children.map((child) => text(child.stdout!)));
    const mine: string[] = [];
    for (const id of [...all].reverse()) if (await store.claimNotice({ deployment: deployment.key, id: kickoffId(id)! })) mine.push(id);
    const theirs = (await outputs).flatMap((output) => output.match(/\d+/g) ?? []);
    assert.deepEqual([...mine, ...theirs].sort(), all.sort());
    figure(3, `${all.length} runs claimed by ${1 + children.length} processes together: 0 notified twice`);
  });

  it("wait for another connection's lock without blocking the event loop", async () => {
    const store = await folder.window();
    const deployment = await store.addDeployment(url, 'Research');
    const other = new DatabaseSync(folder.file);
    other.exec('BEGIN IMMEDIATE');
    const held = 300;
    setTimeout(() => other.exec('COMMIT'), held);

    let turns = 0;
    const turning = setInterval(() => (turns += 1), 5);
    const started = performance.now();
    await Promise.all(Array.from({ length: 20 }, (_, index) => addKickoff(store, run(deployment, `${index}`))));
    const waited = performance.now() - started;
    clearInterval(turning);
    other.close();

    assert.equal((await store.load()).kickoffs.length, 20);
    assert.ok(waited >= held * 0.9, `waited ${waited} ms`);
    assert.ok(turns >= 5, `turned ${turns} times`);
  });
});

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts a window, and kills it at a random moment after a random number of reports. Returns the reports. */
async function runUntilKilled(folder: string, name: string, random: () => number): Promise<string[]> {
  const child = start('write', folder, name);
  let reports = '';
  let left = 3 + Math.floor(random() * 20);
  for await (const piece of child.stdout!.setEncoding('utf8')) {
    reports += String(piece);
    const before = left;
    left -= String(piece).split('\n').length - 1;
    if (before > 0 && left <= 0) setTimeout(() => child.kill('SIGKILL'), random() * 10);
  }
  return reports.split('\n').slice(0, -1);
}
