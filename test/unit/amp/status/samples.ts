import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve('test/api/samples');

/** One entry of `expected.json`. */
export interface Expected {
  readonly phase: string;
  readonly current?: string;
  readonly agent?: string;
  readonly completed?: number;
  readonly total?: number | null;
  readonly tasks?: number;
  readonly lastTask?: string;
  /** The names of all tasks, joined by commas. A task without a name gives an empty text. */
  readonly taskNames?: string;
  readonly taskAgents?: string;
  readonly lastTaskOutput?: string;
  /** An ISO date. `null` when the start must stay unknown. */
  readonly startedAt?: string | null;
  readonly executionSeconds?: number;
  readonly tokens?: number;
  readonly reason?: string;
  readonly stateText?: string;
  readonly output?: string;
  readonly outputStartsWith?: string;
  readonly outputContains?: string;
  readonly outputLanguage?: string;
}

/** One entry of `errors.json`. */
export interface ErrorSample {
  readonly name: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly raw?: string;
  readonly expected: { readonly kind?: string; readonly phase?: string; readonly says?: string; readonly retryAfterSeconds?: number };
}

/** The status bodies, by name. */
export const samples: ReadonlyMap<string, Buffer> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== 'expected.json' && file !== 'errors.json')
    .map((file) => [path.basename(file, '.json'), readFileSync(path.join(folder, file))]),
);

export const expectations = json('expected.json') as Readonly<Record<string, Expected>>;

export const errorSamples = json('errors.json') as readonly ErrorSample[];

function json(file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
}
