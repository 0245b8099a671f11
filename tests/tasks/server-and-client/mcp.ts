import { match } from 'node:assert/strict';
import type { McpTask } from '../by-mcp.ts';
import { partOf } from '../part-of.ts';

export const serverAndClient: McpTask = async (call) => {
  const session = 'web';
  const screen = 'none';
  const started = await call('spawn', {
    argv: ['python3', '-u', '-m', 'http.server', '0', '--bind', '127.0.0.1'],
    name: session,
    wait: { regex: 'port (\\d+) ' },
    screen,
  });
  const argv = ['python3', 'ask.py', partOf(started, /groups \["(\d+)"\]/)];
  match(await call('spawn', { argv, wait: { exit: true } }), /│hello from the server/);
  await call('wait', { session, text: 'GET /hello.txt', screen });
  await call('send', { session, input: ['Ctrl+C'], wait: { exit: true }, screen });
};
