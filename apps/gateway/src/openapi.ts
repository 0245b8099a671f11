/** The routes as OpenAPI 3.1, whose schemas are JSON Schema: what zod writes of ours. */
import { VERSION } from '@pilotty/client';
import { errors } from '@pilotty/protocol';
import type { JsonSchema } from './json-schema.ts';
import { NamedSchemas, pascal } from './named-schemas.ts';
import { type Route, routeTags } from './routes/route.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  security?: object[];
  responses: Record<string, { description: string; content?: Record<string, { schema?: JsonSchema }> }>;
}

export interface OpenApi {
  openapi: string;
  info: object;
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  security: object[];
  components: { securitySchemes: object; schemas: Record<string, JsonSchema> };
  paths: Record<string, Record<string, Operation>>;
}

export function openApiOf(routes: readonly Route[], basePath: string): OpenApi {
  const schemas = new NamedSchemas();
  const paths: OpenApi['paths'] = {};
  for (const { result, id } of routes) if (result) schemas.nameAnswer(result, `${pascal(id)}Result`);
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'pilotty',
      version: VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
      description: 'Terminal sessions. Beside these: WebSockets at /ws/json and /sessions/{session}/ws/raw.',
    },
    servers: [{ url: basePath || '/' }],
    tags: Object.entries(routeTags).map(([name, description]) => ({ name, description })),
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: {
          type: 'object',
          required: ['code', 'message', 'suggestion'],
          properties: {
            code: { type: 'string', enum: Object.keys(errors) },
            message: { type: 'string' },
            suggestion: { type: 'string' },
            details: { type: 'object' },
          },
        },
        ...schemas.components,
      },
    },
    paths,
  };
}

/** What a reference leads to. */
export function resolved({ components }: Pick<OpenApi, 'components'>, schema: JsonSchema = {}): JsonSchema {
  const { $ref, ...beside } = schema;
  return $ref === undefined ? schema : { ...components.schemas[$ref.split('/').at(-1) ?? ''], ...beside };
}

function operationOf(route: Route, schemas: NamedSchemas): Operation {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const { properties = {}, required = [], ...rest } = schemas.writeOut(route.params, 'input');
  const others = Object.keys(properties).filter((name) => !inPath.includes(name) && name !== 'bytes');
  const hasBody = (route.method === 'POST' || route.method === 'PATCH') && others.length > 0;
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
  const requiredOthers = required.filter((name) => others.includes(name));
  const body = (): JsonSchema =>
    inPath.length === 0
      ? schemas.write(route.params, 'input')
      : {
          ...rest,
          properties: Object.fromEntries(others.map((name) => [name, properties[name] ?? {}])),
          ...(requiredOthers.length > 0 && { required: requiredOthers }),
        };
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    ...(parameters.length > 0 && { parameters }),
    ...(hasBody && {
      requestBody: {
        required: requiredOthers.length > 0,
        content: {
          'application/json': { schema: body() },
          ...(route.takesBytes && { 'application/octet-stream': { schema: {} } }),
        },
      },
    }),
    ...(route.isPublic && { security: [] }),
    responses: {
      [route.status ?? 200]: { description: route.summary, ...answerOf(route, schemas) },
      default: {
        description: 'An error',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function answerOf(
  { result, media = [], part }: Route,
  schemas: NamedSchemas,
): { content?: Record<string, { schema?: JsonSchema }> } {
  const content: Record<string, { schema?: JsonSchema }> = {};
  const isJson = part === undefined;
  if (result && isJson) content['application/json'] = { schema: schemas.write(result, 'output') };
  for (const type of media) content[type] = part ? { schema: schemas.write(part, 'output') } : {};
  return Object.keys(content).length > 0 ? { content } : {};
}
