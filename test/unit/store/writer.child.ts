import { writeSync } from 'node:fs';
import { kickoffId } from '#core/kickoff/kickoffId';
import { resultOf } from './result';
import { bytes, opened, run, url } from './support';
import { addKickoff } from '#test/support/builders';

/** Stores one finished run after the other, and prints each write that the store acknowledged. */
async function writer(folder: string, name: string): Promise<void> {
  const store = await opened(folder);
  const deployment = await store.addDeployment(url, 'Research');
  for (let count = 0; ; count += 1) {
    const { id } = await addKickoff(store, run(deployment, `${name}-${count}`));
    acknowledge('tracked', id);
    await store.update({ deployment: deployment.key, id }, (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' }, tasks: [{ position: 1, name: 'Research', hasOutput: true }] },
      outputs: [{ position: 1, output: resultOf(id) }],
      body: bytes(resultOf(id)),
    }));
    acknowledge('ended', id);
  }
}

/** Claims the notifications of the runs `0` to `count - 1`. */
async function claimer(folder: string, count: number): Promise<void> {
  const store = await opened(folder);
  const deployment = await store.addDeployment(url, 'Research');
  for (let index = 0; index < count; index += 1)
    if (await store.claimNotice({ deployment: deployment.key, id: kickoffId(`${index}`)! })) acknowledge('claimed', `${index}`);
  store.close();
}

function acknowledge(word: string, id: string): void {
  writeSync(1, `${word} ${id}\n`);
}

const [, , role, folder = '', argument = ''] = process.argv;
if (role === 'write') void writer(folder, argument);
if (role === 'claim') void claimer(folder, Number(argument));
