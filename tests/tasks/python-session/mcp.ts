import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';

export const pythonSession: McpTask = async (call) => {
  const session = 'py';
  await call('spawn', { argv: ['python3'], name: session, wait: { prompt: true }, screen: 'none' });
  await call('exec', { session, command: 'def area(r): return 3 * r * r' });
  const command = 'for r in (1, 2): print(r, area(r))';
  match(await call('exec', { session, command }), /\n1 3\n2 12$/);
  match(await call('exec', { session, command: 'area("two")' }), /^an error[\s\S]*TypeError/);
  match(await call('exec', { session, command: 'area(2)' }), /\n12$/);
  await call('kill', { sessions: [session] });
};
