import type { McpTask } from '../by-mcp.ts';

export const passwordPrompt: McpTask = async (call) => {
  const session = 'login';
  await call('spawn', { argv: ['sh', 'login.sh'], name: session, wait: { password: true }, screen: 'none' });
  await call('send', { session, secret_env: 'PASSWORD', wait: { text: 'welcome' }, screen: 'none' });
};
