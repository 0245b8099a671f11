import type { McpTask } from '../by-mcp.ts';

export const vimSearchAndReplace: McpTask = async (call) => {
  const session = 'ed';
  const screen = 'none';
  const argv = ['vim', '-u', 'NONE', '-N', 'poem.txt'];
  await call('spawn', { argv, name: session, wait: { text: 'poem.txt' }, screen });
  const input = [':%s/colour/color/g', 'Enter', 'Go', 'The end.', 'Escape'];
  await call('send', { session, input, wait: { text: ['No color at all.', 'The end.'] }, screen });
  await call('send', { session, input: [':wq', 'Enter'], wait: { exit: true }, screen });
};
