/**
 * A tool as tools/list declares it, for the generated declarations.ts. Every model pays for every byte of it in every conversation, so what a schema says
 * beyond names, types, choices and descriptions is left out: it is checked all the same, and told where it is broken.
 */
import type { Tool as Declared } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Tool } from './tool.ts';

/** Bounds that a reasonable argument does not meet. */
const LEFT_OUT = new Set([
  '$schema',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
  'propertyNames',
  // Unknown parameters are refused, and those that there are listed.
  'additionalProperties',
]);

export function declarationOf(tool: Tool): Declared {
  const { name, title, description, readOnly, destructive, idempotent, openWorld } = tool;
  return {
    name,
    title,
    description,
    inputSchema: lean(z.toJSONSchema(tool.params, { io: 'input' })) as Declared['inputSchema'],
    annotations: {
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      idempotentHint: idempotent,
      openWorldHint: openWorld,
    },
  };
}

function lean(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lean);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { anyOf, ...rest } = schema as { anyOf?: { type?: string; const?: unknown }[] };
  // One or several, true or a number: what is mostly wanted. The other is understood as well.
  const usual = anyOf?.find(({ type, const: only }) => type !== 'array' && only === undefined);
  if (
    anyOf?.length === 2 &&
    usual?.type !== 'object' &&
    anyOf.some((one) => one.type === 'array' || 'const' in one)
  )
    return lean({ ...rest, ...usual });
  // A number or a text: a text says both, and one of digits is read as the number.
  const text = anyOf?.find(({ type }) => type === 'string');
  if (anyOf?.length === 2 && text && anyOf.some(({ type }) => type === 'integer'))
    return lean({ ...rest, ...text });
  const kept = Object.entries(schema).filter(
    ([key, value]) =>
      !LEFT_OUT.has(key) &&
      !(key === 'description' && value === '') &&
      // What is off, empty or nothing unless it is asked for.
      !(key === 'default' && (value === false || value === 0 || isEmpty(value))),
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'properties' ? properties(value) : lean(value)]),
  );
}

/** A parameter may have the name of a keyword. */
function properties(schemas: unknown): unknown {
  return Object.fromEntries(Object.entries(schemas as object).map(([name, schema]) => [name, lean(schema)]));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
