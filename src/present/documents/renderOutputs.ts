import type { Translate } from '#present/words/words';
import { reportBudget } from '#present/markdown/writeMarkdown';
import { longestInReport, reportOutput } from './reportOutput';

const longestOfTasks = 1_000_000;

export interface RunOutputs {
  readonly output: string | undefined;
  /** The outputs of tasks by position. */
  readonly tasks: ReadonlyMap<number, string>;
}

/** Renders a run's outputs as Markdown, which takes seconds. Leaves out a failed run's output if a task has the same output. */
export function renderOutputs({ output, tasks }: RunOutputs, isFailed: boolean, t: Translate): RunOutputs {
  const budget = reportBudget();
  const isLeftOut = output === undefined || (isFailed && [...tasks.values()].includes(output));
  const shown = isLeftOut ? undefined : reportOutput(output, t, { budget });
  let left = longestOfTasks;
  const rendered = new Map<number, string>();
  for (const [position, text] of tasks) {
    const task = reportOutput(text, t, { most: Math.min(left, longestInReport), id: `task${position}-`, budget });
    left -= task.length;
    rendered.set(position, task);
  }
  return { output: shown, tasks: rendered };
}
