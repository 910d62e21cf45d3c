import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve('test/api/samples');

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

/** The expected fields of each status body. */
export const expectations = json('expected.json') as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const errorSamples = json('errors.json') as readonly ErrorSample[];

function json(file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
}
