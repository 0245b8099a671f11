/** What of a file that is wrong can be judged all the same: the mistakes of one place hide none of another. */
import * as z from 'zod';

/** @returns what the schema has nothing against; in its place, what it has something against is undefined */
export function validPart(schema: unknown, value: unknown): unknown {
  if (!(schema instanceof z.ZodType)) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const kinds = kindsOf(schema);
  if (Array.isArray(value)) {
    const array = kinds.find((kind) => kind instanceof z.ZodArray);
    return array && value.map((each) => validPart(array.element, each));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const object = kinds.find((kind) => kind instanceof z.ZodObject || kind instanceof z.ZodRecord);
  if (object === undefined) return undefined;
  const innerOf = (name: string): unknown =>
    object instanceof z.ZodRecord ? object.valueType : object.shape[name];
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, validPart(innerOf(name), each)]),
  );
}

/** Those that may stand there. */
export function kindsOf(schema: unknown): unknown[] {
  if (schema instanceof z.ZodOptional) return kindsOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(kindsOf);
  return [schema];
}
