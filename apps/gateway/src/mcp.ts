/**
 * The MCP server at /mcp, for each request anew: what a conversation has is the daemon's. Access was checked before; it
 * is loaded with the first request, because most gateways get none.
 *
 * The query says what `pilotty mcp` is told by options: `?tools=read-only&boundary=true&scope=agent-1`. A read-only token is offered
 * the read-only tools.
 */
import { RequestError } from '@pilotty/client';
import {
  createMcpHandler,
  createServer,
  type Host,
  LongTexts,
  type McpHttpHandler,
  offeredTools,
  readRequestBody,
} from '@pilotty/mcp';
import { BoundedMap } from '@pilotty/protocol';
import type { Permissions } from './access/grant.ts';
import { readOnly } from './access/guarded-client.ts';
import type { DaemonLink } from './daemon-link.ts';
import { MAX_BODY_BYTES, MAX_MCP_HANDLERS } from './limits.ts';
import { McpCancellation } from './mcp-cancellation.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Answering {
  answer(request: Request): Promise<Response>;
}

/** One handler for each kind of permissions, and each scope: what one keeps, long texts and open requests, no other can reach. */
export function mcpHandler(
  daemon: DaemonLink,
  env: Env,
): { answer(request: Request, permissions: Permissions): Promise<Response> } {
  const handlers = new BoundedMap<string, Answering>(MAX_MCP_HANDLERS);
  return {
    async answer(request, permissions) {
      const scope = new URL(request.url).searchParams.get('scope') || undefined;
      const key = JSON.stringify([permissions, scope]);
      const handler = handlers.get(key) ?? handlerFor(daemon, env, permissions, scope);
      handlers.set(key, handler);
      return await handler.answer(request);
    },
  };
}

function handlerFor(
  daemon: DaemonLink,
  env: Env,
  permissions: Permissions,
  scope: string | undefined,
): Answering {
  const host: Host = {
    env,
    connect: ({ startsDaemon }) =>
      daemon.borrow(permissions, {
        startsDaemon,
        who: { name: env.PILOTTY_CLIENT || undefined, pid: process.pid, scope },
      }),
  };
  const longTexts = new LongTexts();
  const cancellation = new McpCancellation();
  const optionsOf = (request: Request | undefined) => optionsIn(request, permissions);
  const handler: McpHttpHandler = createMcpHandler(
    ({ requestInfo }) => createServer({ host, longTexts, ...optionsOf(requestInfo) }),
    { maxRequestBodySize: MAX_BODY_BYTES },
  );
  return {
    async answer(request) {
      // Refused as everything else here, and not as a fault of the server.
      offeredTools(optionsOf(request).tools);
      if (request.method !== 'POST') return await handler.fetch(request);
      const body = await readRequestBody(request, MAX_BODY_BYTES);
      if (body.tooLarge) throw new RequestError('TOO_LARGE', `The body exceeds ${MAX_BODY_BYTES} bytes`);
      return await cancellation.answer(request, body.text, (copy) => handler.fetch(copy));
    },
  };
}

/** @throws RequestError FORBIDDEN for tools that the token does not permit */
function optionsIn(
  request: Request | undefined,
  permissions: Permissions,
): { tools: string | undefined; hasBoundary: boolean } {
  const { searchParams } = new URL(request?.url ?? 'http://gateway/mcp');
  const tools = searchParams.get('tools') ?? undefined;
  return {
    tools: permissions.readOnly ? readOnlyTools(tools) : tools,
    hasBoundary: searchParams.get('boundary') === 'true',
  };
}

function readOnlyTools(words: string | undefined): string {
  if (words === undefined || words === 'all') return 'read-only';
  const permitted = offeredTools('read-only').map(({ name }) => name);
  const other = offeredTools(words).find(({ name }) => !permitted.includes(name));
  if (other !== undefined) throw readOnly(`the tool ${other.name}`);
  return words;
}
