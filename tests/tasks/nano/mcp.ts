import type { McpTask } from '../by-mcp.ts';

export const nano: McpTask = async (call) => {
  const session = 'nano';
  const screen = 'none';
  await call('spawn', { argv: ['nano', 'notes.txt'], name: session, wait: { text: '^X' }, screen });
  const input = ['Buy milk', 'Ctrl+O'];
  await call('send', { session, input, wait: { text: 'File Name to Write' }, screen });
  await call('send', { session, input: ['Enter'], wait: { text: 'Wrote 1 line' }, screen });
  await call('send', { session, input: ['Ctrl+X'], wait: { exit: true }, screen });
};
