import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';

export const failingBuild: McpTask = async (call) => {
  const built = await call('spawn', {
    argv: ['sh', 'build.sh'],
    name: 'build',
    wait: { exit: true },
    screen: 'new',
  });
  match(built, /exit code 2/);
  match(built, /error: part 5 does not link/);
};
