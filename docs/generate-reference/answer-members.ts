/** apps/cli/src/answer-members.ts: for each method the members of its result, and of its parts. */
import * as z from 'zod';
import { type Method, methods } from '../../packages/protocol/src/schemas.ts';
import type { Schema } from '../json-schema.ts';
import { SOURCE } from './page.ts';

/** A tree of this length is written once. */
const LONG_TREE = 60;

export function answerMembers(): string {
  const shared = new Map<string, string>();
  const lines = Object.entries<Method>(methods).map(([name, { result, stream }]) => {
    const schemas = [result, ...(stream ? [stream] : [])].map((schema) => z.toJSONSchema(schema) as Schema);
    return `${name}: ${membersIn(schemas, shared)}`;
  });
  const trees = [...shared].map(([tree, name]) => `@${name}: ${tree}`);
  return `/**
 * ${SOURCE}
 *
 * The members that the result of each method can have, in the notation of members.ts.
 */
import { type Members, parseMembers } from './members.ts';

const TABLE = \`
${[...trees, ...lines].join('\n')}
\`;

/** Nothing is known of a method that is not in the table. */
export function resultMembers(method: string): Members {
  const shared = new Map<string, Members>();
  for (const [, name = '', members = ''] of TABLE.matchAll(/^(\\S+): (.*)$/gm)) {
    if (name === method) return parseMembers(members, shared);
    if (name.startsWith('@')) shared.set(name.slice(1), parseMembers(members, shared));
  }
  return { '*': {} };
}
`;
}

function membersIn(schemas: readonly Schema[], shared: Map<string, string>): string {
  const kinds = schemas.flatMap(objectsIn);
  const names = new Map<string, Schema[]>();
  for (const { properties = {} } of kinds)
    for (const [name, schema] of Object.entries(properties))
      names.set(name, [...(names.get(name) ?? []), schema]);
  const members = [...names].map(([name, found]) => {
    const tree = membersIn(found, shared);
    if (tree.length < LONG_TREE) return tree === '' ? name : `${name}{${tree}}`;
    const known = shared.get(tree);
    const taken = [...shared.values()].filter((other) => other.replace(/\d+$/, '') === name).length;
    const sharedName = known ?? `${name}${taken === 0 ? '' : taken + 1}`;
    shared.set(tree, sharedName);
    return `${name}{@${sharedName}}`;
  });
  return [...members, ...(kinds.some(isOpen) ? ['*'] : [])].join(' ');
}

/** What it can be that has members; `{}` and records have any. */
function objectsIn(schema: Schema): Schema[] {
  const kinds = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  const isAnything = Object.keys(schema).every((key) => key === 'description' || key === '$schema');
  const isObject = schema.properties !== undefined || schema.type === 'object' || isAnything;
  return [...(isObject ? [schema] : []), ...kinds.flatMap(objectsIn)];
}

function isOpen({ properties, additionalProperties }: Schema): boolean {
  return properties === undefined || (additionalProperties !== undefined && additionalProperties !== false);
}
