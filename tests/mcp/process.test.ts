/** `pilotty mcp` as a process: what it writes where, when it ends, what it starts; and what configures a client to start it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { expect } from 'vitest';
import { mcpConfig, startOf } from '../../apps/cli/src/mcp-config.ts';
import { type Pilotty, processTest as test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };

/** A client that says what it is told to, and hears every line. */
class Wire {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  #stdout = '';
  stderr = '';

  constructor([file, ...words]: readonly string[], around: { cwd: string; env: Record<string, string> }) {
    this.child = spawn(file ?? '', words, { ...around, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  say(...messages: (object | string)[]): void {
    for (const message of messages)
      this.child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  }

  get lines(): string[] {
    return this.#stdout.split('\n').slice(0, -1);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as with jq, what is there shows in the test.
  answer(id: number): Promise<any> {
    return until(`the answer ${id}`, () =>
      this.lines.map((line) => JSON.parse(line)).find((one) => one.id === id),
    );
  }
}

function serve({ program, home, env }: Pilotty): Wire {
  return new Wire([...program, 'mcp'], { cwd: home, env });
}

function call(id: number, name: string, given: object): object {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: given } };
}

test('stdout is the protocol and nothing else, whatever comes in; a list starts no daemon', async ({
  pilotty,
}) => {
  const wire = serve(pilotty);
  wire.say(INITIALIZE, INITIALIZED, 'no JSON', { jsonrpc: '2.0', id: 2, method: 'tools/list' });
  const { result } = await wire.answer(2);
  expect(result.tools).toHaveLength(12);
  wire.say(call(3, 'list', {}), { jsonrpc: '2.0', id: 4, method: 'nonsense' });
  expect((await wire.answer(3)).result).toMatchObject({
    content: [{ text: 'no sessions: none has been started' }],
  });
  expect((await wire.answer(4)).error).toMatchObject({ code: -32601 });
  expect(existsSync(join(pilotty.socketDir, 'pilotty.sock'))).toBe(false);
  for (const line of wire.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  wire.child.stdin.end();
  expect((await wire.ended).code).toBe(0);
});

test('a line that is no message is answered, with its id where it has one, and the next as before', async ({
  pilotty,
}) => {
  const wire = serve(pilotty);
  const { jsonrpc } = INITIALIZED;
  const request = { jsonrpc, id: 4, method: 'ping' };
  wire.say(INITIALIZE, '{bad', { jsonrpc, id: 3 }, { id: 'a', method: 'ping' }, [], [request], '42', 'null');
  wire.say({ jsonrpc, id: { no: 'id' }, method: 'ping' }, { jsonrpc, id: 9, method: 7 }, '', request);
  expect((await wire.answer(4)).result).toEqual({});
  const answers = wire.lines.map((line) => JSON.parse(line)).filter(({ error }) => error !== undefined);
  expect(answers.map(({ id, error }) => [id, error.code])).toEqual([
    [null, -32700],
    [3, -32600],
    ['a', -32600],
    [null, -32600],
    [null, -32600],
    [null, -32600],
    [null, -32600],
    [null, -32600],
    [9, -32600],
  ]);
  // A message may come in parts, and several at once.
  wire.child.stdin.write('{"jsonrpc":"2.0","id":5,"me');
  wire.say('thod":"ping"}\n{worse\n{"jsonrpc":"2.0","id":6,"method":"ping"}');
  expect([(await wire.answer(5)).result, (await wire.answer(6)).result]).toEqual([{}, {}]);
  wire.child.stdin.end();
  expect((await wire.ended).code).toBe(0);
  expect(wire.stderr).toBe('');
});

test('when stdin is closed it ends, its waits end, and sessions go on', async ({ pilotty }) => {
  const wire = serve(pilotty);
  wire.say(INITIALIZE, INITIALIZED, call(2, 'spawn', { argv: ['cat'], name: 's' }));
  expect((await wire.answer(2)).result.isError).not.toBe(true);
  wire.say(call(3, 'wait', { session: 's', text: 'never' }));
  const connections = async () => (await pilotty.client.request('daemon.info', {})).connections;
  await until('the wait to be open', async () => (await connections()) === 2);
  wire.child.stdin.end();
  expect((await wire.ended).code).toBe(0);
  await until('the wait to have ended', async () => (await connections()) === 1);
  const { sessions } = await pilotty.client.request('session.list', {});
  expect(sessions).toMatchObject([{ name: 's', state: 'running' }]);
});

test('a signal ends it although stdin is open', async ({ pilotty }) => {
  const wire = serve(pilotty);
  wire.say(INITIALIZE);
  await wire.answer(1);
  wire.child.kill('SIGTERM');
  expect(await wire.ended).toEqual({ code: 143, signal: null });
});

test('sessions have the directory and the environment that it was started with', async ({ pilotty }) => {
  pilotty.env.OF_THE_CLIENT = 'yes';
  const wire = serve(pilotty);
  const argv = ['sh', '-c', 'echo "$OF_THE_CLIENT $MORE $PWD"'];
  wire.say(INITIALIZE, INITIALIZED, call(2, 'spawn', { argv, env: { MORE: 'and' }, wait: { exit: true } }));
  const { result } = await wire.answer(2);
  expect(result.content[0].text).toContain(`│yes and ${pilotty.home}`);
  wire.child.stdin.end();
  await wire.ended;
});

test('tools that there are not are refused at once', async ({ pilotty }) => {
  const refused = await pilotty.run('mcp', '--tools', 'look,sleep');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/INVALID_INPUT.*no tool 'sleep'.*read-only/s);
});

test('what is printed for a client starts a server that answers', async ({ pilotty }) => {
  const { command, args } = (
    await pilotty.run('mcp', '--print-config', 'claude', '--tools', 'read-only')
  ).json().mcpServers.pilotty;
  expect([command, ...args].slice(0, 1)[0]).toMatch(/^\//);
  const vscode = (await pilotty.run('mcp', '--print-config', 'vscode')).json();
  expect(vscode.servers.pilotty).toMatchObject({ type: 'stdio', command });
  for (const client of ['gemini', 'cursor'])
    expect((await pilotty.run('mcp', '--print-config', client)).json().mcpServers.pilotty.args).toContain(
      'mcp',
    );
  const codex = (await pilotty.run('mcp', '--print-config', 'codex')).stdout;
  expect(codex).toMatch(/^\[mcp_servers\.pilotty\]\ncommand = "\/.*"\nargs = \["\/.*","mcp"\]\n$/);
  // Another directory, and next to nothing of an environment, as from a desktop.
  const wire = new Wire([command, ...args], { cwd: '/', env: { HOME: pilotty.home } });
  wire.say(INITIALIZE, INITIALIZED, { jsonrpc: '2.0', id: 2, method: 'tools/list' });
  const { tools } = (await wire.answer(2)).result;
  expect(tools.map(({ name }: { name: string }) => name)).not.toContain('spawn');
  wire.child.stdin.end();
  expect((await wire.ended).code).toBe(0);
});

test('from npx the client is told to use npx, and to wait for it', () => {
  const start = startOf('/usr/bin/node', '/home/a/.npm/_npx/1f2/node_modules/pilotty/dist/pilotty.cjs', [
    '--boundary',
  ]);
  expect(start).toEqual({ command: 'npx', args: ['-y', 'pilotty', 'mcp', '--boundary'] });
  expect(mcpConfig('codex', start).text).toContain('startup_timeout_sec = 60');
  const odd = mcpConfig('vscode', startOf('/opt/node', "/it's/pilotty.cjs", []));
  expect(odd.command).toBe(
    `code --add-mcp '{"name":"pilotty","command":"/opt/node","args":["/it'\\''s/pilotty.cjs","mcp"]}'`,
  );
});
