export { createMcpHandler, type McpHttpHandler, readRequestBody } from '@modelcontextprotocol/server';
export { LongTexts } from './answers/long-texts.ts';
export type { Host } from './host.ts';
export { offeredTools } from './offered-tools.ts';
export { createServer, type ServerOptions } from './server.ts';
export { serveStreams } from './stdio.ts';
