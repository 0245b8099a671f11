import type { McpTask } from '../by-mcp.ts';

export const mouseMenu: McpTask = async (call) => {
  const session = 'menu';
  const screen = 'none';
  await call('spawn', { argv: ['sh', 'menu.sh'], name: session, wait: { text: ['Blue', 'OK'] }, screen });
  await call('click', { session, text: 'Blue', wait: { change: true }, screen });
  await call('click', { session, text: '<  OK  >', wait: { exit: true }, screen });
};
