/** Values that a JSON Schema describes, most of them valid; what is run by them does no harm. */
import fc from 'fast-check';
import type { JsonSchema } from '../../apps/gateway/src/json-schema.ts';
import { junk } from './mutated.ts';

const texts = fc.constantFrom('a', 'b', 'TERM', 'Enter', '/tmp', 'x y', '(', 'YQ==', '@e1', 'NAME=1', 'é漢');

/** By the name of a parameter, what else its schema permits. */
const NAMED: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  session: fc.constantFrom('a', 'a', 'a', 'nobody'),
  sessions: fc.array(fc.constantFrom('a', 'nobody'), { maxLength: 2 }),
  // What is run must do no harm.
  argv: fc.constantFrom<unknown>(['true'], ['cat'], ['/no/such/program'], ['']),
  command: fc.constantFrom('true', 'exit 3', ')'),
  cwd: fc.constantFrom('/', '/no/such/directory'),
  // Of the whole environment nothing is needed, and no file is written or read.
  env: fc.constantFrom({}, { A: '1' }, { '': 'x' }),
  file: fc.constantFrom('relative', '/no/such/directory/a.cast', '/dev/null', ''),
  owner_pid: fc.constant(2_147_483_646),
  record: fc.constant(undefined),
  limits: fc.constant(undefined),
  nice: fc.constant(undefined),
  retain_bytes: fc.nat(100_000),
  scrollback: fc.nat(2000),
};

function valuesOf(name: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  if (name.endsWith('_ms')) return fc.constantFrom<unknown>(0, 1, 30, 30, 30, -5, 'soon');
  const named = NAMED[name];
  if (named !== undefined) return named;
  return fc.oneof({ weight: 8, arbitrary: bySchema(name, schema) }, { weight: 1, arbitrary: junk });
}

function bySchema(name: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? (schema.oneOf as JsonSchema[] | undefined);
  if (choices) return fc.oneof(...choices.map((choice) => valuesOf(name, choice)));
  switch (schema.type) {
    case 'object':
      return objectsOf(schema);
    case 'array':
      return fc.array(valuesOf('', schema.items ?? {}), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.constantFrom(0, 1, 2, 80, 1000, 100_000);
    case 'boolean':
      return fc.boolean();
    default:
      return texts;
  }
}

/** Deadlines always are given, because a wait with its own default would last half a minute. */
export function objectsOf({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<object> {
  const names = Object.keys(properties);
  const always = names.filter((name) => required.includes(name) || name.endsWith('_ms'));
  const values = Object.fromEntries(names.map((name) => [name, valuesOf(name, properties[name] ?? {})]));
  return fc.record(values, { requiredKeys: always });
}
