/** Anything at all, sent to every route that the gateway describes: an answer, or an error that says why. */
import { expect } from 'vitest';
import type { JsonSchema } from '../../apps/gateway/src/json-schema.ts';
import { type OpenApi, type Operation, resolved } from '../../apps/gateway/src/openapi.ts';
import { randomNumbers } from '../terminal/random-stream.ts';
import { type Served, test } from './served.ts';

const ROUNDS = 6;

const JUNK = [
  ...[null, true, -1, 0.5, 1e308, 2 ** 53, '', '\0', '../..', 'x'.repeat(5000), '💥', '{}', [], [[]], {}],
  ...[{ __proto__: 1 }, JSON.parse('{"__proto__":{"session":"a"}}'), { constructor: 1 }, ['a', null]],
];

/** It ends what the others are asked of. */
const LEFT_OUT = ['/rpc/daemon.stop'];

test.for([1, 2, 3])('no request makes a fault of the gateway (%i)', async (seed, { served }) => {
  const random = randomNumbers(seed);
  const api: OpenApi = (await served.ask('GET /openapi.json')).json();
  const paths = withoutReferences(api, api.paths);
  const faults: unknown[] = [];
  for (const [path, operations] of Object.entries(paths)) {
    if (LEFT_OUT.includes(path)) continue;
    await served.ask('POST /sessions', { json: { name: 'a', argv: ['cat'] } });
    for (const [method, operation] of Object.entries(operations)) {
      for (let round = 0; round < ROUNDS; round++) {
        const asked = requestFor(method.toUpperCase(), path, operation, random);
        const { status, text } = await send(served, asked);
        const isError = status >= 400 && status !== 500 && isErrorBody(text);
        if (!isError && !(status >= 200 && status < 300)) faults.push({ asked, status, text });
      }
    }
  }
  expect(faults).toEqual([]);
  expect((await served.ask('GET /health')).status).toBe(200);
});

/** A value of the description with what its references lead to in their places. */
function withoutReferences<T>(api: OpenApi, value: T): T {
  if (Array.isArray(value)) return value.map((each) => withoutReferences(api, each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(resolved(api, value as JsonSchema));
  return Object.fromEntries(members.map(([name, each]) => [name, withoutReferences(api, each)])) as T;
}

interface Asked {
  method: string;
  path: string;
  body: string | undefined;
}

function requestFor(
  method: string,
  path: string,
  { parameters = [], requestBody }: Operation,
  random: () => number,
): Asked {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: place, schema } of parameters) {
    const value = valueFor(name, schema, random);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(text) || 'a');
    else if (isGiven(name, random)) query.append(name, text);
  }
  const body = requestBody?.content['application/json']?.schema;
  const given = random() < 0.05 ? junk(random) : body && objectFor(body, random);
  return {
    method,
    path: query.size > 0 ? `${filled}?${query}` : filled,
    body: body && JSON.stringify(given),
  };
}

/** Deadlines always are, because a wait with its own default would last half a minute. */
function isGiven(name: string, random: () => number): boolean {
  return name.endsWith('_ms') || random() < 0.5;
}

function objectFor({ properties = {}, required = [] }: JsonSchema, random: () => number): object {
  const names = Object.keys(properties).filter((name) => required.includes(name) || isGiven(name, random));
  const given = names.map((name) => [name, valueFor(name, properties[name] ?? {}, random)]);
  return Object.fromEntries(random() < 0.05 ? [...given, ['surprise', junk(random)]] : given);
}

function valueFor(name: string, schema: JsonSchema, random: () => number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (name.endsWith('_ms')) return pick([0, 1, 30, 30, 30, -5, 'soon']);
  if (random() < 0.15) return junk(random);
  if (name === 'session') return pick(['a', 'a', 'a', 'nobody']);
  // What is run must do no harm.
  if (name === 'argv') return pick([['true'], ['cat'], ['/no/such/program'], ['']]);
  if (name === 'command') return pick(['true', 'exit 3', ')']);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return pick(schema.enum);
  if (schema.anyOf) return valueFor(name, pick(schema.anyOf), random);
  switch (schema.type) {
    case 'object':
      return objectFor(schema, random);
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () => valueFor('', schema.items ?? {}, random));
    case 'integer':
    case 'number':
      return pick([0, 1, 2, 80, 1000, 100_000]);
    case 'boolean':
      return random() < 0.5;
    default:
      return pick(['a', 'b', 'TERM', 'Enter', '/tmp', 'x y', '(', 'YQ==', '@e1']);
  }
}

function junk(random: () => number): unknown {
  return JUNK[Math.floor(random() * JUNK.length)];
}

/** An answer in parts may have no end: of those the status is enough. */
async function send(
  served: Served,
  { method, path, body }: Asked,
): Promise<{ status: number; text: string }> {
  const given = new AbortController();
  const response = await fetch(new URL(path, served.url), {
    method,
    headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' },
    redirect: 'manual',
    signal: given.signal,
    ...(body !== undefined && { body }),
  });
  const isEndless = /ndjson|event-stream/.test(response.headers.get('content-type') ?? '');
  const text = isEndless ? '' : await response.text();
  given.abort();
  return { status: response.status, text };
}

function isErrorBody(text: string): boolean {
  const { code, message, suggestion } = JSON.parse(text);
  return [code, message, suggestion].every((part) => typeof part === 'string' && part !== '');
}
