import { ownWorkloads, seeded, workloads, type Run } from './paceWorkloads';

const deckSize = 500;

/** All workloads of the pace benchmark. Each host has one deployment for each workload. */
export const kinds = [...workloads, ...ownWorkloads];

/** Returns a function that returns the next run of a workload. `slower` multiplies its durations. */
export function runsOf(kind: number, seed: number, slower: number): () => Run {
  let deck: Run[] = [];
  let decks = 0;
  return () => {
    if (deck.length === 0) deck = drawDeck(kind, seed + 100 * decks++);
    const { queued, tasks } = deck.pop() ?? { queued: 0, tasks: [] };
    return { queued: slower * queued, tasks: tasks.map((task) => slower * task) };
  };
}

function drawDeck(kind: number, seed: number): Run[] {
  const { make, known = 0 } = kinds[kind] ?? { make: () => [] };
  return make(seeded(seed), deckSize, known).map(({ run }) => run);
}
