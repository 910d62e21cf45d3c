/** Deliberate defects of the simulator, for testing whether a check notices defects. */
export const breakages = {
  status: 'every /status request fails with 500',
  progress: 'no run gets past its first task',
  output: 'every run ends with another output',
  kickoff: 'every /kickoff request fails with 500',
  token: 'no token is accepted',
} as const;

export type Breakage = keyof typeof breakages;

export function isBreakage(word: string): word is Breakage {
  return Object.hasOwn(breakages, word);
}
