/**
 * The MCP server at /mcp, for each request anew: what a conversation has is the daemon's. Access was checked before; it
 * is loaded with the first request, because most gateways get none.
 *
 * The query says what `pilotty mcp` is told by options: `?tools=read-only&boundary=true`.
 */
import { RequestError } from '@pilotty/client';
import { readInheritance } from '@pilotty/client/node';
import {
  createMcpHandler,
  createServer,
  type Host,
  LongTexts,
  type McpHttpHandler,
  offeredTools,
  readRequestBody,
} from '@pilotty/mcp';
import type { DaemonLink } from './daemon-link.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { McpCancellation } from './mcp-cancellation.ts';

export function mcpHandler(
  daemon: DaemonLink,
  env: Readonly<Record<string, string | undefined>>,
): { answer(request: Request): Promise<Response> } {
  const host: Host = {
    env,
    cwd: env.HOME || '/',
    inheritance: readInheritance,
    connect: ({ startsDaemon }) => daemon.open(startsDaemon),
  };
  const longTexts = new LongTexts();
  const cancellation = new McpCancellation();
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

function optionsOf(request: Request | undefined): { tools: string | undefined; hasBoundary: boolean } {
  const { searchParams } = new URL(request?.url ?? 'http://gateway/mcp');
  return {
    tools: searchParams.get('tools') ?? undefined,
    hasBoundary: searchParams.get('boundary') === 'true',
  };
}
