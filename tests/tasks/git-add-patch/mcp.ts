import type { McpTask } from '../by-mcp.ts';

export const gitAddPatch: McpTask = async (call) => {
  const session = 'git';
  const screen = 'none';
  const argv = ['git', 'add', '-p', 'numbers.txt'];
  await call('spawn', { argv, name: session, wait: { prompt: true }, screen });
  await call('send', { session, input: ['y', 'Enter'], wait: { prompt: true }, screen });
  await call('send', { session, input: ['n', 'Enter'], wait: { prompt: true }, screen });
  await call('send', { session, input: ['y', 'Enter'], wait: { exit: true }, screen });
};
