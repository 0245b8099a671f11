/** The members of a JSON schema as rows of a table. */
import type { Schema } from '../json-schema.ts';
import { table } from './page.ts';

export function membersOf(title: string, schema: Schema): string {
  const rows = (schema.oneOf ?? [schema]).flatMap((kind) => memberRows(kind, ''));
  if (rows.length === 0) return `${title}: none.`;
  return table([title.toLowerCase(), 'type', ''], rows);
}

export function memberRows(
  { properties = {}, required = [] }: Schema,
  prefix: string,
  depth = 9,
): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const isOptional = !required.includes(name) && schema.default === undefined;
    const notes = [schema.description, defaultOf(schema)].filter((note) => note !== undefined && note !== '');
    const row = [`\`${path}\`${isOptional ? '?' : ''}`, typeOf(schema), notes.join('; ')];
    const inner = depth > 1 ? objectIn(schema) : undefined;
    if (inner === undefined) return [row];
    return [row, ...memberRows(inner, `${path}${schema.items ? '[]' : ''}.`, depth - 1)];
  });
}

function objectIn(schema: Schema): Schema | undefined {
  const candidates = [schema, schema.items, ...(schema.anyOf ?? [])];
  return candidates.find((candidate) => candidate?.properties !== undefined);
}

export function defaultOf({ default: value }: Schema): string | undefined {
  return value === undefined ? undefined : `default \`${JSON.stringify(value)}\``;
}

export function typeOf(schema: Schema): string {
  // The shapes are listed in protocol.md, and in /openapi.json.
  if (schema.$ref !== undefined) return 'object';
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items !== undefined) return `array of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object' && schema.properties === undefined) {
    return `object of ${typeOf(schema.additionalProperties)}`;
  }
  return [schema.type ?? 'any'].flat().join(' or ');
}
