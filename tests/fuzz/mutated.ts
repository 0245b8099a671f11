/**
 * What is nearly right: a text or a JSON value of the corpus with some edits. fast-check shrinks the list of edits, so of a
 * fault that was found only those are left that it takes.
 */
import fc from 'fast-check';

type TextEdit =
  | { kind: 'drop' | 'repeat'; at: number; length: number }
  | { kind: 'insert'; at: number; text: string }
  | { kind: 'cut'; at: number };

/** Positions are parts of a whole of this. */
const WHOLE = 9973;

const textEdit = (tokens: readonly string[]): fc.Arbitrary<TextEdit> =>
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('drop' as const, 'repeat' as const),
      at: fc.nat(WHOLE),
      length: fc.integer({ min: 1, max: 24 }),
    }),
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('insert' as const),
        at: fc.nat(WHOLE),
        text: fc.oneof(fc.constantFrom(...tokens), fc.string({ unit: 'binary-ascii', maxLength: 4 })),
      }),
    },
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(WHOLE) }),
  );

/** @param tokens what is inserted */
export function mutatedText(texts: readonly string[], tokens: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(textEdit(tokens), { minLength: 1, maxLength: 8 }))
    .map(([text, edits]) => edits.reduce(editText, text));
}

function editText(text: string, edit: TextEdit): string {
  const at = Math.floor((edit.at / (WHOLE + 1)) * (text.length + 1));
  switch (edit.kind) {
    case 'insert':
      return text.slice(0, at) + edit.text + text.slice(at);
    case 'cut':
      return text.slice(0, at);
    case 'drop':
      return text.slice(0, at) + text.slice(at + edit.length);
    case 'repeat':
      return text.slice(0, at + edit.length) + text.slice(at);
  }
}

/** What no schema expects. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      false,
      -1,
      0,
      0.5,
      1e308,
      -1e308,
      2 ** 31,
      2 ** 53,
      '',
      '\0',
      '../..',
      '{}',
      [],
      [[]],
      {},
    ],
    ...['x'.repeat(5000), '\u{1F4A5}', '\ud800', '__proto__', ['a', null], { constructor: 1 }],
    JSON.parse('{"__proto__":{"session":"a"}}'),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

interface JsonEdit {
  /** Which value, counted through all of them. */
  at: number;
  kind: 'replace' | 'drop' | 'repeat';
  value: unknown;
}

const jsonEdit: fc.Arbitrary<JsonEdit> = fc.record({
  at: fc.nat(500),
  kind: fc.constantFrom('replace', 'replace', 'drop', 'repeat'),
  value: junk,
});

/** A value with up to three of its parts replaced, left out, or there twice. */
export function mutatedJson<T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, fc.array(jsonEdit, { maxLength: 3 }))
    .map(([value, edits]) => edits.reduce(editJson, value as unknown));
}

function editJson(root: unknown, { at, kind, value }: JsonEdit): unknown {
  const copy: unknown = structuredClone(root);
  const places = placesIn(copy);
  const place = places[at % Math.max(places.length, 1)];
  if (place === undefined) return value;
  const { parent, key } = place;
  if (Array.isArray(parent)) {
    const index = Number(key);
    if (kind === 'replace') parent[index] = value;
    else if (kind === 'drop') parent.splice(index, 1);
    else parent.splice(index, 0, parent[index]);
  } else if (kind === 'replace') parent[key] = value;
  else if (kind === 'drop') delete parent[key];
  else parent[`${key}_`] = parent[key];
  return copy;
}

type Parent = Record<string, unknown> | unknown[];

function placesIn(value: unknown): { parent: Parent & Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    { parent: value as Parent & Record<string, unknown>, key },
    ...placesIn(inner),
  ]);
}
