import { labeledIdsIn } from './labeledIds';
import { parsePaste, type PastedRun } from './paste';

export interface LineRun extends PastedRun {
  readonly at: number;
}

/** The maximum length of a line to search, because VS Code requests the links of each line under the pointer. */
const maxLineLength = 4_000;

/** Finds IDs labeled as kickoff IDs. Other UUIDs are common in terminals, and VS Code makes links of URLs. */
export function runsInLine(line: string): readonly LineRun[] {
  if (line.length > maxLineLength || !/kick/i.test(line)) return [];
  const labeled = labeledIdsIn(line).filter(({ isCertain }) => isCertain);
  const runs = labeled.length > 0 ? parsePaste(line).runs : [];
  return labeled.flatMap(({ id, at }) => {
    const run = runs.find((one) => one.id === id);
    return run ? [{ id, at, ...(run.url && { url: run.url }) }] : [];
  });
}
