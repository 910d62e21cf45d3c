import type { Trouble } from './trouble';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** One task of a crew or one step of a flow. */
export interface Task {
  readonly name: string;
  readonly agent: string;
  readonly seconds: number;
  readonly output: string;
  readonly description?: string;
  readonly steps?: readonly Step[];
}

export interface Step {
  readonly thought: string;
  readonly tool: string;
  readonly input: Json;
  readonly result: string;
}

/** The course of a run, in seconds from its start. The deployment provides the defaults. */
export interface RunScript {
  readonly tasks?: readonly Task[];
  readonly queueSeconds?: number;
  /** The default is `success`. `never` makes no more progress. `waiting` waits for human input in the last task. */
  readonly endsWith?: 'success' | 'failure' | 'stopped' | 'waiting' | 'never';
  /** Seconds of work before the end. The default is the duration of all tasks. */
  readonly endsAfter?: number;
  readonly reason?: string;
  /** The default is the output of the last task. A function delays expensive work until the first request. */
  readonly output?: Json | (() => Json);
  readonly trouble?: readonly Trouble[];
}

export type FullScript = RunScript & { readonly tasks: readonly Task[] };

/** Replaces placeholders such as `{topic}` in the outputs with the inputs of a run. */
export function withInputs(script: FullScript, inputs: Readonly<Record<string, unknown>>): FullScript {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      return typeof value === 'string' || typeof value === 'number' ? String(value) : place;
    });

  return {
    ...script,
    tasks: script.tasks.map((task) => ({ ...task, output: fill(task.output) })),
    ...(typeof script.output === 'string' && { output: fill(script.output) }),
  };
}

export function outputOf(script: FullScript): Json {
  const output = typeof script.output === 'function' ? script.output() : script.output;
  return output ?? script.tasks.at(-1)?.output ?? '';
}
