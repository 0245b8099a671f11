/**
 * The schemas of the protocol as JSON Schema, where those with a name are references to `#/components/schemas`: so a
 * generated client can speak of a `Session`, and a shape that many answers have stands in the description once.
 */
import { methods, shapes } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import type { JsonSchema } from './json-schema.ts';

export class NamedSchemas {
  readonly #names = new Map<z.ZodType, string>();
  readonly #components: Record<string, JsonSchema> = {};

  constructor() {
    for (const [name, schema] of Object.entries(shapes)) this.#names.set(schema, name);
    for (const [method, { params, result, stream }] of Object.entries<Described>(methods)) {
      this.name(result, typeNameOf(result) ?? `${pascal(method)}Result`);
      this.name(params, `${pascal(method)}Params`);
      if (stream !== undefined)
        this.name(stream, method === 'events.follow' ? 'Event' : `${pascal(method)}Part`);
    }
  }

  /** A schema that has a name keeps it. */
  name(schema: z.ZodType, name: string): void {
    const isTaken = [...this.#names.values()].includes(name);
    if (!this.#names.has(schema) && !isTaken) this.#names.set(schema, name);
  }

  /** An answer is named after its `type`, or as it is given. */
  nameAnswer(schema: z.ZodType, otherName: string): void {
    this.name(schema, typeNameOf(schema) ?? otherName);
    this.name(schema, otherName);
  }

  /** @returns a reference if it has a name */
  write(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    // As a member of another, because the outermost is written out.
    const { properties, $defs = {} } = this.#toJson(z.object({ schema }), io);
    for (const [name, defined] of Object.entries($defs as Record<string, JsonSchema>)) {
      this.#components[name] = withReferences(defined);
    }
    return withReferences(properties?.schema ?? {});
  }

  /** The members, where `write` would give a reference. */
  writeOut(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const name = this.#names.get(schema);
    if (name === undefined) return this.write(schema, io);
    this.#names.delete(schema);
    const written = this.write(schema, io);
    this.#names.set(schema, name);
    return written;
  }

  /** Those that were written so far. */
  get components(): Record<string, JsonSchema> {
    return Object.fromEntries(
      Object.entries(this.#components).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  }

  #toJson(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const metadata = { get: (each: z.ZodType) => this.#describe(each) };
    return z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      metadata: metadata as unknown as typeof z.globalRegistry,
      override: ({ jsonSchema }) => tidy(jsonSchema, io),
    }) as JsonSchema;
  }

  #describe(schema: z.ZodType): object | undefined {
    const description = z.globalRegistry.get(schema);
    const id = this.#names.get(schema);
    return id === undefined ? description : { ...description, id };
  }
}

interface Described {
  params: z.ZodType;
  result: z.ZodType;
  stream?: z.ZodType | undefined;
}

function tidy(schema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  // A newer daemon may say more.
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
  // What every integer in JSON is for a program of ours.
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

const PLACE = '#/components/schemas/';

function withReferences(schema: JsonSchema): JsonSchema {
  const { id: _, ...json } = JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${PLACE}`));
  return json;
}

/** 'sessions_wait_result' is SessionsWaitResult. */
function typeNameOf(schema: z.ZodType): string | undefined {
  const { type } = schema instanceof z.ZodObject ? schema.shape : {};
  return type instanceof z.ZodLiteral && typeof type.value === 'string' ? pascal(type.value) : undefined;
}

export function pascal(name: string): string {
  return name.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
