/** What the schema has against a file, as problems at places, with the name that was probably meant. */
import { nearest } from '@pilotty/client';
import * as z from 'zod';
import type { FileProblem } from './file-problem.ts';
import type { LocatedValues } from './located.ts';
import { projectFile } from './schema.ts';
import { kindsOf } from './valid-part.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

export function problemsOf(
  issues: readonly Issue[],
  values: LocatedValues,
  before: Path = [],
): FileProblem[] {
  return issues.flatMap((issue): FileProblem[] => {
    const path = [...before, ...(issue.path as (string | number)[])];
    if (issue.code !== 'unrecognized_keys' && isAbsent(values.value, path))
      return [values.problem(path, 'is missing')];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => values.problem(path, unknownName(key, path), key));
    if (issue.code === 'invalid_union') {
      // Of the kinds that may stand here, the one that was meant is wrong in some part of it, and the others as a whole.
      const meant = issue.errors.find((errors) =>
        errors.every(({ path, code }) => path.length > 0 || code !== 'invalid_type'),
      );
      if (meant !== undefined && meant.length > 0) return problemsOf(meant, values, path);
    }
    if (issue.code === 'invalid_key') {
      const message = issue.issues[0]?.message ?? issue.message;
      const problem = values.problem(path.slice(0, -1), message, String(path.at(-1)));
      return [problem, ...problemsBehind(path, values)];
    }
    return [values.problem(path, inWords(issue))];
  });
}

/** Of a name that is wrong: the schema has not looked at its value. */
function problemsBehind(path: Path, values: LocatedValues): FileProblem[] {
  const schema = schemaAt(path);
  const parsed = schema instanceof z.ZodType ? schema.safeParse(valueAt(values.value, path)) : undefined;
  return parsed?.error === undefined ? [] : problemsOf(parsed.error.issues, values, path);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (at as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
}

function isAbsent(value: unknown, path: Path): boolean {
  return valueAt(value, path) === undefined;
}

/** For what has no message of ours. */
function inWords(issue: Issue): string {
  if (!/^(?:Invalid|Too) /.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? `of type ${issue.expected}`}`;
  if (issue.code === 'invalid_value') return `must be ${inList(issue.values.map(String))}`;
  if (issue.code === 'too_small') return `must ${bound(issue.origin)} at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must ${bound(issue.origin)} at most ${issue.maximum}`;
  return issue.message;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  record: 'of type object',
};

/** A number is as large; a text and an array have as many. */
function bound(origin: string): string {
  return origin === 'string' || origin === 'array' ? 'have' : 'be';
}

function inList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last;
}

function unknownName(name: string, path: Path): string {
  const known = namesAt(path);
  const meant = nearest(name, known);
  const list = known.filter((each) => each !== '$schema').join(', ');
  return meant === undefined
    ? `there is no such setting; there are ${list}`
    : `there is no such setting; did you mean '${meant}'?`;
}

function namesAt(path: Path): string[] {
  const object = objectIn(schemaAt(path));
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function schemaAt(path: Path): unknown {
  let schema: unknown = projectFile;
  for (const key of path) {
    const inner = objectIn(schema);
    if (inner instanceof z.ZodObject) schema = inner.shape[String(key)];
    else if (inner instanceof z.ZodRecord) schema = inner.valueType;
  }
  return schema;
}

/** The object or record among the kinds that may stand there. */
function objectIn(schema: unknown): unknown {
  return kindsOf(schema).find((kind) => kind instanceof z.ZodObject || kind instanceof z.ZodRecord);
}
