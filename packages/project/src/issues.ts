/** What the schema has against a file, as problems at places, with the name that was probably meant. */
import { nearest } from '@pilotty/client';
import * as z from 'zod';
import type { FileProblem } from './file-problem.ts';
import type { LocatedValues } from './located.ts';
import { projectFile } from './schema.ts';

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
    if (issue.code === 'invalid_key')
      return [
        values.problem(path.slice(0, -1), issue.issues[0]?.message ?? issue.message, String(path.at(-1))),
      ];
    return [values.problem(path, inWords(issue.message))];
  });
}

function isAbsent(value: unknown, path: Path): boolean {
  return (
    path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value) ===
    undefined
  );
}

/** zod's own words for what has no message of ours. */
function inWords(message: string): string {
  return message.replace(/^Invalid input: expected /, 'must be of type ').replace(/, received .*$/, '');
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
  let schema: unknown = projectFile;
  for (const key of path) {
    const inner = objectIn(schema);
    if (inner instanceof z.ZodObject) schema = inner.shape[String(key)];
    else if (inner instanceof z.ZodRecord) schema = inner.valueType;
  }
  const object = objectIn(schema);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

/** The object or record among the kinds that may stand there. */
function objectIn(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return objectIn(schema.unwrap());
  if (schema instanceof z.ZodUnion)
    return schema.options
      .map(objectIn)
      .find((each) => each instanceof z.ZodObject || each instanceof z.ZodRecord);
  return schema;
}
