import { labelledIdsIn } from './labelledIds';
import { parsePaste, type PastedRun } from './paste';

/** A run in a line of a terminal, and the position of its ID. */
export interface LineRun extends PastedRun {
  readonly at: number;
}

/** Users rarely read longer lines, and VS Code asks for the links of each line under the pointer. */
const longestLine = 4_000;

/**
 * Finds the IDs that a line calls kickoff IDs, with the deployment that a paste of the line would give them. Terminals show many other UUIDs,
 * and VS Code itself links URLs.
 */
export function runsInLine(line: string): readonly LineRun[] {
  if (line.length > longestLine || !/kick/i.test(line)) return [];
  const labelled = labelledIdsIn(line).filter(({ isCertain }) => isCertain);
  const runs = labelled.length > 0 ? parsePaste(line).runs : [];
  return labelled.flatMap(({ id, at }) => {
    const run = runs.find((one) => one.id === id);
    return run ? [{ id, at, ...(run.url && { url: run.url }) }] : [];
  });
}
