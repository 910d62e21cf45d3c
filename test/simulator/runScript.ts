import type { Trouble } from './trouble';

/** Any value that JSON can carry. */
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

/** What an agent says that it does while a task is under way. */
export interface Step {
  readonly thought: string;
  readonly tool: string;
  readonly input: Json;
  readonly result: string;
}

/** What a run does, in seconds from its start; whatever is left out comes from the deployment. */
export interface RunScript {
  readonly tasks?: readonly Task[];
  readonly queueSeconds?: number;
  /** `success` unless said otherwise; `never` stands still in its last task, `waiting` waits there for a human. */
  readonly endsWith?: 'success' | 'failure' | 'stopped' | 'waiting' | 'never';
  /** Seconds of work before the end; all tasks when left out. */
  readonly endsAfter?: number;
  readonly reason?: string;
  /** The last task's output when left out; made when it is first asked for, where that takes its time. */
  readonly output?: Json | (() => Json);
  readonly trouble?: readonly Trouble[];
}

/** A script together with the tasks that it runs through. */
export type FullScript = RunScript & { readonly tasks: readonly Task[] };

/** Puts the inputs of a run into the places of its outputs that name them, such as `{topic}`. */
export function withInputs(script: FullScript, inputs: Readonly<Record<string, unknown>>): FullScript {
  const filled = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
      return typeof value === 'string' || typeof value === 'number' ? String(value) : place;
    });

  return {
    ...script,
    tasks: script.tasks.map((task) => ({ ...task, output: filled(task.output) })),
    ...(typeof script.output === 'string' && { output: filled(script.output) }),
  };
}

/** The output of a run that succeeds. */
export function outputOf(script: FullScript): Json {
  const output = typeof script.output === 'function' ? script.output() : script.output;
  return output ?? script.tasks.at(-1)?.output ?? '';
}
