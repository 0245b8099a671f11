import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';

/** Rules are not in the profile that a server offers by default: who is there already answers by itself. */
export const rules: McpTask = async (call) => {
  const session = 'release';
  await call('spawn', {
    ...{ argv: ['sh', 'release.sh'], name: session, screen: 'none' },
    wait: { text: '? [y/n]' },
  });
  const ended = await call('send', { session, input: ['y', 'Enter'], wait: { exit: true } });
  match(ended, /error: package b is there already/);
  match(ended, /exit code 2/);
};
