import type { McpTask } from '../by-mcp.ts';

export const mcCopy: McpTask = async (call) => {
  const session = 'mc';
  const screen = 'none';
  const argv = ['mc', '-u', 'from', 'to'];
  await call('spawn', { argv, name: session, wait: { text: 'report.txt' }, screen });
  await call('send', { session, input: ['Down', 'F5'], wait: { text: 'Copy file' }, screen });
  // In both panels.
  await call('send', { session, input: ['Enter'], wait: { regex: 'report\\.txt.+report\\.txt' }, screen });
  await call('send', { session, input: ['F10'], wait: { exit: true }, screen });
};
