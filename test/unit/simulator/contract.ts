import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Node = Readonly<Record<string, unknown>>;

const api = parse(readFileSync('test/api/amp-api.yaml', 'utf8')) as Node;
/** A non-strict validator. The schema of `result` has unknown keywords, and each schema contains `components` for its references. */
const ajv = addFormats(new Ajv2020({ allErrors: true, strict: false }));

const schemaOfJson = ['content', 'application/json', 'schema'];

const known = new Map<string, ValidateFunction>();

/** Returns the deviations of a response from the API description. */
export function faultsOf(answer: { readonly status: number; readonly body: unknown }, route: string): readonly string[] {
  const [method = '', path = ''] = route.split(' ');
  const schema = at(api, ['paths', path, method.toLowerCase(), 'responses', `${answer.status}`, ...schemaOfJson]);
  return schema ? faults(schema, answer.body) : [`${route} describes no ${answer.status}`];
}

/** Returns the deviations of a body from a schema in `components`. */
export function faultsAgainst(name: string, body: unknown): readonly string[] {
  return faults({ $ref: `#/components/schemas/${name}` }, body);
}

function faults(schema: Node, body: unknown): readonly string[] {
  const name = JSON.stringify(schema);
  const validate = known.get(name) ?? compiled(schema, name);
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? ''}`);
}

function compiled(schema: Node, name: string): ValidateFunction {
  const validate = ajv.compile({ ...schema, components: { schemas: at(api, ['components', 'schemas']) } });
  known.set(name, validate);
  return validate;
}

/** Returns the node at a path, and follows references. */
function at(node: Node | undefined, [name, ...rest]: readonly string[]): Node | undefined {
  const here = typeof node?.['$ref'] === 'string' ? at(api, node['$ref'].split('/').slice(1)) : node;
  if (name === undefined) return here;
  const next = here?.[name];
  return typeof next === 'object' && next !== null ? at({ ...next }, rest) : undefined;
}
