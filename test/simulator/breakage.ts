/** What the simulator can be made to do wrong on purpose, to show that a check would notice. */
export const breakages = {
  status: 'every /status answers 500',
  progress: 'no run gets beyond its first task',
  output: 'every run ends with another output',
  kickoff: 'every /kickoff answers 500',
  token: 'no token is accepted',
} as const;

export type Breakage = keyof typeof breakages;

export function isBreakage(word: string): word is Breakage {
  return Object.hasOwn(breakages, word);
}
