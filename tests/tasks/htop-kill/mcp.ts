import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';
import { partOf } from '../part-of.ts';

export const htopKill: McpTask = async (call) => {
  const screen = 'none';
  const started = await call('spawn', { argv: ['sleep', '1000'], name: 'victim', screen });
  await call('spawn', {
    argv: ['htop', '-p', partOf(started, /, pid (\d+)/)],
    name: 'top',
    wait: { text: 'sleep 1000' },
    screen,
  });
  await call('send', { session: 'top', input: ['F9'], wait: { text: 'Send signal' }, screen });
  await call('send', { session: 'top', input: ['Enter'], if_text: 'Send signal', screen });
  match(await call('wait', { session: 'victim', exit: true, screen }), /SIGTERM/);
  await call('send', { session: 'top', input: ['q'], wait: { exit: true }, screen });
};
