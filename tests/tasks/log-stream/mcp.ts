import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';

export const logStream: McpTask = async (call) => {
  const session = 'log';
  await call('spawn', { argv: ['sh', 'logger.sh'], name: session, screen: 'none' });
  match(await call('wait', { session, text: 'ERROR', screen: 'none' }), /matched/);
  match(await call('search', { sessions: [session], pattern: 'ERROR' }), /ERROR disk full/);
  await call('kill', { sessions: [session] });
};
