import { bytes, opened, run, url, type Folder } from './support';

/** Stores runs, each with a body and one task with an output. */
export async function filled(folder: Folder, count: number): Promise<void> {
  const store = await opened(folder.path);
  const deployment = await store.addDeployment(url, 'Research');
  for (let index = 0; index < count; index += 1) {
    const kickoff = await store.addKickoff(run(deployment, `${index}`));
    const task = { position: 1, name: 'Research', hasOutput: true };
    await store.update(kickoff, (stored) => ({
      kickoff: { ...stored, tasks: [task] },
      outputs: [{ position: 1, output: 'found '.repeat(30) }],
      body: bytes('body '.repeat(index)),
    }));
  }
  store.close();
}
