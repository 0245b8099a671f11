import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';

export const lessThirdMatch: McpTask = async (call) => {
  const session = 'pager';
  const screen = 'none';
  await call('spawn', { argv: ['less', 'log.txt'], name: session, wait: { text: 'log.txt' }, screen });
  const input = ['/needle', 'Enter', 'n', 'n'];
  const found = await call('send', { session, input, wait: { regex: '70 needle' }, screen });
  match(found, /found "70 needle"/);
  await call('send', { session, input: ['q'], wait: { exit: true }, screen });
};
