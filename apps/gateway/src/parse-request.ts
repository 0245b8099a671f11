/** Parses the parameters of a route from the path, the query and the body, as its schema describes them. */
import { isUtf8 } from 'node:buffer';
import { RequestError } from '@pilotty/client';
import { parseJson } from '@pilotty/protocol';
import type { HonoRequest } from 'hono';
import * as z from 'zod';
import { isDecodable } from './decodable.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import type { Route } from './routes/route.ts';

/** @throws RequestError INVALID_INPUT, TOO_LARGE */
export async function parseRequest(route: Route, request: HonoRequest): Promise<unknown> {
  const kinds = kindsOf(route.params);
  const path: Readonly<Record<string, string>> = request.param();
  const query = new URL(request.url).searchParams;
  // It stands for bytes that are not UTF-8, unless it was given itself.
  const isInDoubt = [...query].flat().some((text) => text.includes('\uFFFD'));
  if (isInDoubt && !isDecodable(request.url)) throw invalid('The query is not UTF-8');
  // Used by the access checks.
  query.delete('ticket');
  const given: Record<string, unknown> = { ...path };
  const hasBody = route.method === 'POST' || route.method === 'PATCH';
  if (hasBody && [...query.keys()].length > 0)
    throw invalid('This route accepts no query parameters: send them in a JSON body');
  for (const name of new Set(query.keys())) {
    if (Object.hasOwn(path, name)) throw invalid(`${name}: already given in the path`);
    given[name] = readValue(query.getAll(name), kinds[name]);
  }
  if (hasBody) {
    const body = await readBody(request.raw);
    addBody(given, body, route, request.header('content-type') ?? '');
  }
  const parsed = route.params.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; '));
}

function addBody(given: Record<string, unknown>, body: Buffer, route: Route, contentType: string): void {
  const isJson = /^application\/json\s*(;|$)/i.test(contentType);
  if (route.takesBytes && !isJson) {
    given.bytes = body;
    return;
  }
  if (body.length === 0) return;
  if (!isJson)
    throw invalid(
      contentType
        ? `Unsupported content-type '${contentType}'; send application/json`
        : 'Missing content-type; send application/json',
    );
  for (const [name, value] of Object.entries(objectIn(body))) {
    if (Object.hasOwn(given, name)) throw invalid(`${name}: already given in the path`);
    // Not by assignment: '__proto__' would set the prototype.
    Object.defineProperty(given, name, { value, enumerable: true });
  }
}

function objectIn(body: Buffer): object {
  if (!isUtf8(body)) throw invalid('The body is not UTF-8');
  const parsed = parseJson(body.toString());
  if ('problem' in parsed) throw invalid(`Invalid body: ${parsed.problem}`);
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw invalid('The body must be a JSON object');
}

/**
 * Not hono/body-limit: without a content-length it keeps the stream locked, so the rest of the body is not drained and
 * the client is cut off before it has read the answer; and it needs the global Request replaced by node-server's.
 */
async function readBody(request: Request): Promise<Buffer> {
  const tooLarge = () => new RequestError('TOO_LARGE', `The body exceeds ${MAX_BODY_BYTES} bytes`);
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface Kind {
  type?: string;
  anyOf?: Kind[];
}

const kinds = new WeakMap<z.ZodType, Record<string, Kind>>();

function kindsOf(schema: z.ZodType): Record<string, Kind> {
  const known = kinds.get(schema);
  if (known) return known;
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  kinds.set(schema, properties as Record<string, Kind>);
  return properties as Record<string, Kind>;
}

/** A value that does not parse as its type stays a string, and the schema refuses it. */
function readValue(given: readonly string[], kind: Kind | undefined): unknown {
  if (kind?.type === 'array') return given.flatMap((text) => text.split(','));
  if (given.length > 1) return given;
  const [text = ''] = given;
  // Of several kinds, a number is read as one.
  switch (kind?.type ?? kind?.anyOf?.[0]?.type) {
    case 'integer':
    case 'number':
      return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === '1' || text === ''
        ? true
        : text === 'false' || text === '0'
          ? false
          : text;
    default:
      return text;
  }
}

function invalid(message: string): RequestError {
  return new RequestError('INVALID_INPUT', message, {
    suggestion: "'GET /docs' lists the parameters of each route.",
  });
}
