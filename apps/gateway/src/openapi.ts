/** The routes as OpenAPI 3.1, whose schemas are JSON Schema: what zod writes of ours. */
import { VERSION } from '@pilotty/client';
import { errors } from '@pilotty/protocol';
import * as z from 'zod';
import type { Route } from './routes/route.ts';

export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  [more: string]: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface Operation {
  summary: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  security?: object[];
  responses: Record<string, { description: string; content?: Record<string, { schema?: JsonSchema }> }>;
}

export interface OpenApi {
  openapi: string;
  info: object;
  servers: object[];
  security: object[];
  components: object;
  paths: Record<string, Record<string, Operation>>;
}

export function openApiOf(routes: readonly Route[], basePath: string): OpenApi {
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'pilotty',
      version: VERSION,
      description: 'Terminal sessions. Beside these: WebSockets at /ws/json and /sessions/{session}/ws/raw.',
    },
    servers: [{ url: basePath || '/' }],
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: {
          type: 'object',
          required: ['code', 'message', 'suggestion'],
          properties: {
            code: { enum: Object.keys(errors) },
            message: { type: 'string' },
            suggestion: { type: 'string' },
            details: { type: 'object' },
          },
        },
      },
    },
    paths,
  };
}

function operationOf(route: Route): Operation {
  const { properties = {}, required = [], ...rest } = schemaOf(route.params, 'input');
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const others = Object.keys(properties).filter((name) => !inPath.includes(name) && name !== 'bytes');
  const hasBody = route.method === 'POST' || route.method === 'PATCH';
  const parameters = [...inPath, ...(hasBody ? [] : others)].map((name): Parameter => {
    const { description, ...schema } = properties[name] ?? {};
    const place = inPath.includes(name) ? 'path' : 'query';
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema,
    };
  });
  const body: JsonSchema = {
    ...rest,
    properties: Object.fromEntries(others.map((name) => [name, properties[name] ?? {}])),
    required: required.filter((name) => others.includes(name)),
  };
  return {
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody && {
      requestBody: {
        content: {
          'application/json': { schema: body },
          ...(route.takesBytes && { 'application/octet-stream': { schema: {} } }),
        },
      },
    }),
    ...(route.isPublic && { security: [] }),
    responses: {
      [route.status ?? 200]: { description: route.summary, ...answerOf(route) },
      default: {
        description: 'An error',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function answerOf({ result, media = [] }: Route): { content?: Record<string, { schema?: JsonSchema }> } {
  const content: Record<string, { schema?: JsonSchema }> = {};
  if (result) content['application/json'] = { schema: schemaOf(result, 'output') };
  for (const type of media) content[type] = {};
  return Object.keys(content).length > 0 ? { content } : {};
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as JsonSchema;
}
