import { deploymentUrlsIn } from './statusUrls';
import { labelledIdsIn } from './labelledIds';
import type { PastedRun } from './paste';

/** A run in a line of a terminal, and the position of its ID. */
export interface LineRun extends PastedRun {
  readonly at: number;
}

/** Longer lines are rarely read, and VS Code asks again with each movement of the pointer. */
const longestLine = 4_000;

/** Finds the IDs that a line calls kickoff IDs. Terminals show many other UUIDs, and VS Code itself links URLs. */
export function runsInLine(line: string): readonly LineRun[] {
  if (line.length > longestLine || !/kick/i.test(line)) return [];
  const urls = deploymentUrlsIn(line);
  const bases = [...new Set(urls.flatMap(({ base }) => base ?? []))];
  return labelledIdsIn(line)
    .filter(({ isCertain }) => isCertain)
    .map(({ id, at }) => {
      const url = urls.find((one) => one.id === id)?.base ?? (bases.length === 1 ? bases[0] : undefined);
      return { id, at, ...(url && { url }) };
    });
}
