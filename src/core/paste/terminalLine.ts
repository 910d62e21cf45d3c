import { labeledIdsIn } from './labeledIds';
import { parsePaste, type PastedRun } from './paste';

/** A run in a line of a terminal, and the position of its ID. */
export interface LineRun extends PastedRun {
  readonly at: number;
}

/** The maximum length of a line to search, because VS Code requests the links of each line under the pointer. */
const longestLine = 4_000;

/**
 * Finds the IDs that a line labels as kickoff IDs. Each ID gets the same deployment as if the user pasted the line. Ignores other UUIDs,
 * which are common in terminals. Ignores URLs, because VS Code makes links of them.
 */
export function runsInLine(line: string): readonly LineRun[] {
  if (line.length > longestLine || !/kick/i.test(line)) return [];
  const labeled = labeledIdsIn(line).filter(({ isCertain }) => isCertain);
  const runs = labeled.length > 0 ? parsePaste(line).runs : [];
  return labeled.flatMap(({ id, at }) => {
    const run = runs.find((one) => one.id === id);
    return run ? [{ id, at, ...(run.url && { url: run.url }) }] : [];
  });
}
