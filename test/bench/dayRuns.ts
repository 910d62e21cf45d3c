import { ownWorkloads, seeded, workloads, type Run } from './paceWorkloads';

const deckSize = 500;

/** All workloads of the bench of the pace; each is a deployment on each host. */
export const kinds = [...workloads, ...ownWorkloads];

/** Gives the next run of a workload, so many times as slow as it is there. */
export function runsOf(kind: number, seed: number, slower: number): () => Run {
  let deck: Run[] = [];
  let decks = 0;
  return () => {
    if (deck.length === 0) deck = drawn(kind, seed + 100 * decks++);
    const { queued, tasks } = deck.pop() ?? { queued: 0, tasks: [] };
    return { queued: slower * queued, tasks: tasks.map((task) => slower * task) };
  };
}

function drawn(kind: number, seed: number): Run[] {
  const { make, known = 0 } = kinds[kind] ?? { make: () => [] };
  return make(seeded(seed), deckSize, known).map(({ run }) => run);
}
