/** One name for one thing in all answers, events and parts of them: docs/decisions/0019-one-name.md, as far as a machine can read it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { routes } from '../../apps/gateway/src/routes/index.ts';
import { methods, outcome } from '../../packages/protocol/src/schemas.ts';

interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

/** One member of one object of one answer. */
interface Member {
  /** 'session.kill.results[].exit' */
  place: string;
  name: string;
  schema: Schema;
  /** The names that stand beside it. */
  beside: Record<string, Schema>;
}

const members = answers()
  .flatMap(({ place, schema }) => membersOf(schema, place))
  // Keyed by what they limit: { used, limit } each.
  .filter(({ place }) => !place.endsWith('.quotas'));

test('all answers are looked at', () => {
  expect(members.length).toBeGreaterThan(500);
  expect(new Set(members.map(({ place }) => place)).size).toBeGreaterThan(100);
});

test('a session is referred to by its name and its id, and described by `id` and `name`', () => {
  const named = members.filter(({ name, beside }) => name === 'session' && !('session_id' in beside));
  expect(named.map(({ place }) => place)).toEqual([]);
  // spawn and rename give it its name.
  const isGiven = ({ beside }: Member) => 'session' in beside || 'name' in beside;
  const identified = members.filter((member) => member.name === 'session_id' && !isGiven(member));
  expect(identified.map(({ place }) => place)).toEqual([]);
  const described = members.filter(({ name, beside }) => name === 'id' && !('name' in beside));
  expect(described.map(({ place }) => place)).toEqual([]);
});

test.each([
  ['how long', /^(elapsed|took|time|ms|execution_time|duration)(_ms)?$/, ['duration_ms']],
  ['when', /^(time|date|at|when|timestamp)$|_time$/, []],
  ['text of a screen, and printed text', /^(content|contents|body_text|screen_text)$/, []],
  ['what was lost', /^(lost|dropped|missing_bytes|lost_bytes|missed)$/, []],
  ['the place among all events', /^(since_cursor|position|next_cursor|last_cursor)$/, []],
  ['the limit of something', /^(most|max|maximum)$/, []],
  ['many', /^(outcomes|answers|failed|succeeded)$/, []],
])('no other word for %s', (_what, words, allowed: string[]) => {
  const others = members.filter(({ name }) => words.test(name) && !allowed.includes(name));
  expect(others.map(({ place, name }) => `${place}.${name}`)).toEqual([]);
});

test.each([
  ['_ms', 'integer'],
  ['_bytes', 'integer'],
  ['_at', 'string'],
  ['_base64', 'string'],
])('what ends in %s is of type %s', (ending, type) => {
  const wrong = members.filter(({ name, schema }) => name.endsWith(ending) && typeOf(schema) !== type);
  expect(wrong.map(({ place, name }) => `${place}.${name}`)).toEqual([]);
});

test('`cursor` is a place on the screen, `event_cursor` one among the events', () => {
  const cursors = members.filter(({ name }) => name === 'cursor');
  expect(cursors.every(({ schema }) => schema.properties?.row && schema.properties.col)).toBe(true);
  const places = members.filter(({ name }) => name === 'event_cursor');
  expect(places.map(({ schema }) => schema.type)).toEqual(places.map(() => 'integer'));
  expect([cursors.length, places.length].every((count) => count > 3)).toBe(true);
});

test('an `outcome` is a word of the one list', () => {
  const words = members.filter(({ name }) => name === 'outcome').flatMap(({ schema }) => schema.enum);
  expect(words.filter((word) => !outcome.options.includes(word as never))).toEqual([]);
  expect(new Set(words)).toEqual(new Set(outcome.options));
});

test('a `screen` is the same object everywhere', () => {
  const screens = members.filter(({ name }) => name === 'screen');
  expect(screens.map(({ schema }) => schema.properties?.type?.const)).toEqual(
    screens.map(() => 'screen_state'),
  );
});

test('what is lost is said by `truncated` and `missed_bytes`, and both are absent where nothing is', () => {
  // The account of all that a session has printed is a fact of its own.
  const losses = members.filter(({ place }) => !place.endsWith('.retention'));
  const sometimes = losses.filter(({ name, schema }) => name === 'truncated' && schema.const !== true);
  expect(sometimes.map(({ place }) => place)).toEqual([]);
  const alone = losses.filter(({ name, beside }) => name === 'missed_bytes' && !('truncated' in beside));
  expect(alone.map(({ place }) => place)).toEqual([]);
  expect(losses.filter(({ name }) => name === 'dropped_bytes').map(({ place }) => place)).toEqual([]);
});

test('`results` are of sessions that are referred to, `sessions` are described', () => {
  const lists = members.filter(({ schema }) => schema.items?.properties);
  const has = (list: string, name: string) =>
    lists.filter((one) => one.name === list && !one.schema.items?.properties?.[name]);
  expect([...has('results', 'session_id'), ...has('sessions', 'id')].map(({ place }) => place)).toEqual([]);
});

/** Where one name means two things, because an interface that we did not make says so. */
const TWO_MEANINGS: Record<string, string> = {
  sessions: 'daemon.info counts them',
  rules: 'daemon.info counts those of its policy',
  error: 'session.exec: whether a REPL answered with an error',
  lines: 'of text, or of spans where styles were asked for',
  rows: 'of a size, and the rows that changed in a snapshot with `since`',
};

test('a name has one type in all answers', () => {
  const types = new Map<string, Map<string, string>>();
  for (const { name, schema, place } of members) {
    const known = types.get(name) ?? new Map<string, string>();
    types.set(name, known);
    known.set(typeOf(schema), place);
  }
  const twofold = [...types].filter(([name, known]) => known.size > 1 && !TWO_MEANINGS[name]);
  expect(twofold.map(([name, known]) => [name, Object.fromEntries(known)])).toEqual([]);
});

test('the names of before are in no code, and in no page but their own decision', () => {
  const before = /\b(elapsed_ms|execution_time_ms|scrollback_rows|last_command)\b/;
  const files = filesIn('packages', 'apps', 'docs')
    // It speaks an older interface, byte for byte.
    .filter((file) => !/delta-sessions|0019-one-name/.test(file));
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((file) => before.test(readFileSync(file, 'utf8')))).toEqual([]);
});

function filesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(tsx?|md|sh)$/.test(file) && !file.includes('node_modules'))
      .map((file) => join(folder, file)),
  );
}

function answers(): { place: string; schema: Schema }[] {
  const all = [
    ...Object.entries(methods).flatMap(([name, { result, ...method }]) => [
      { place: name, schema: result },
      ...('stream' in method && method.stream ? [{ place: `${name}:part`, schema: method.stream }] : []),
    ]),
    ...routes.flatMap(({ method, path, result }) =>
      result ? [{ place: `${method} ${path}`, schema: result }] : [],
    ),
  ];
  return all.map(({ place, schema }) => ({
    place,
    schema: z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any', reused: 'inline' }) as Schema,
  }));
}

function membersOf(schema: Schema, place: string): Member[] {
  const { properties = {} } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, member]) => [
      { place, name, schema: withoutNull(member), beside: properties },
      ...membersOf(member, `${place}.${name}`),
    ]),
    ...(schema.items ? membersOf(schema.items, `${place}[]`) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => membersOf(one, place)),
  ];
}

/** What is unknown is null, whatever it is. */
function withoutNull(schema: Schema): Schema {
  if (Array.isArray(schema.type)) return { ...schema, type: schema.type.filter((type) => type !== 'null') };
  const known = schema.anyOf?.filter(({ type }) => type !== 'null');
  return known?.length === 1 ? (known[0] as Schema) : schema;
}

function typeOf(schema: Schema): string {
  const { type, anyOf, oneOf, items } = withoutNull(schema);
  if (type === 'array') return `array of ${items ? typeOf(items) : 'anything'}`;
  if (type !== undefined) return String(type);
  return [...(anyOf ?? []), ...(oneOf ?? [])].map(typeOf).toSorted().join(' or ');
}
