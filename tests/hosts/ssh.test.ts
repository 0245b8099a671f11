/** Another host over ssh: the same commands, with the programs and directories of that host. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client as McpClient } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect } from 'vitest';
import { commandLine } from '../../packages/protocol/src/shell-quote.ts';
import { OuterTerminal } from '../attach/outer-terminal.ts';
import { Served } from '../gateway/served.ts';
import { isNative, nativeClient } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { test } from './other-host.ts';

test('a session there from start to end, over one connection', async ({ pilotty, host }) => {
  const spawned = await pilotty.run('-H', 'ssh://there', 'spawn', '--name', 'sh', '--env', 'GIVEN=1', {
    env: { ...host.env, OF_HERE: 'yes' },
  });
  expect(spawned.json()).toMatchObject({ type: 'session_created', cwd: host.home });
  // Nothing of this host is there: no daemon was started, no variable and no directory went over.
  expect((await host.client.request('session.list', {})).sessions).toHaveLength(1);
  expect(await host.isHere()).toBe(false);
  const said = await host.run('exec', '-s', 'sh', 'echo "$OF_THERE,$OF_HERE,$GIVEN,$PWD"');
  expect(said.stdout).toBe(`yes,,1,${host.home}\n`);

  expect((await host.run('type', '-s', 'sh', 'echo $((6*7))', '--enter', '--wait-text', '42')).code).toBe(0);
  expect((await host.run('snapshot', '-s', 'sh', '-f', 'text')).stdout).toContain('42');
  expect((await host.run('run', 'sh', '-c', 'echo ran; exit 3')).code).toBe(3);
  const batch = await pilotty.run('batch', '--host', 'ssh://there', {
    env: host.env,
    input: 'key -s sh Enter\nstatus -s sh\nrun --cwd login pwd\nls -H ssh://other\n',
  });
  const lines = batch.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ exit_code }) => exit_code)).toEqual([0, 0, 0, 2]);
  expect(lines[2].output).toBe(`${host.home}/login\n`);
  expect((await host.run('events', '--past', '-s', 'sh', '--type', 'command_finished')).code).toBe(0);
  expect((await host.run('kill', '-s', 'sh', '-q')).code).toBe(0);
  expect((await host.run('stop')).json()).toMatchObject({ type: 'daemon_stopped' });
  expect(await host.run('stop')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('"sessions_ended":0'),
  });
  expect(await host.run('info')).toMatchObject({ code: 6 });
  expect(host.logins()).toBe(1);
  expect(host.sockets()).toEqual({ ours: [expect.stringMatching(/^ssh-/)], configured: [] });
});

test('what is read and written here is of this host, and a path that would be read there is not made up', async ({
  pilotty,
  host,
}) => {
  await host.run('spawn', '--name', 'kept', 'cat');
  const { home } = pilotty;
  const report = await host.run('inspect', '-s', 'kept', '--output', 'report.json');
  expect(JSON.parse(report.stdout)).toMatchObject({ file: join(home, 'report.json') });
  const relative = await host.run('record', 'start', '-s', 'kept', 'demo.cast');
  expect(relative).toMatchObject({ code: 2 });
  expect(relative.error().message).toContain('on the other host');
  const file = join(host.home, 'demo.cast');
  expect((await host.run('record', 'start', '-s', 'kept', file)).json().recording).toMatchObject({ file });
  expect((await host.run('record', 'stop', '-s', 'kept', file)).code).toBe(0);
  const owned = await host.run('spawn', '--owner-pid', String(process.pid), 'cat');
  expect(owned).toMatchObject({ code: 2 });
  expect((await host.client.request('session.list', {})).sessions).toHaveLength(1);
});

test('PILOTTY_SESSION counts there, unless it is the session that the command runs in', async ({
  pilotty,
  host,
}) => {
  await host.run('spawn', '--name', 'first', 'cat');
  await host.run('spawn', '--name', 'second', 'cat');
  const named = async (env: Record<string, string>) =>
    (await pilotty.run('status', { env: { ...host.env, PILOTTY_HOST: 'ssh://there', ...env } })).json().name;
  expect(await named({ PILOTTY_SESSION: 'first' })).toBe('first');
  expect(await named({ PILOTTY: '1', PILOTTY_SESSION: 'first' })).toBe('second');
});

test('what a shell prints as it starts, before and on the line of the greeting, is passed over', async ({
  host,
}) => {
  host.program(
    'bin/noisy',
    'echo "pilotty-connect is what follows"; printf "Welcome, no end"; exec pilotty "$@"',
  );
  const answer = await host.run('--remote-path', 'noisy', 'ls');
  expect(answer.json()).toMatchObject({ type: 'sessions', sessions: [] });
});

test('a host that runs something else is sent nothing', async ({ host }) => {
  host.program('bin/reads', `cat > ${host.directory}/got; exit 0`);
  const running = host.start('--remote-path', 'reads', 'type', '--enter', 'rm important');
  await until('it to run there', () => existsSync(join(host.directory, 'got')));
  running.child.kill('SIGTERM');
  expect((await running.answer).code).toBe(143);
  await until('it to have read all', () => !host.isBridged());
  expect(readFileSync(join(host.directory, 'got'), 'utf8')).toBe('');
});

test('where the PATH of a command lacks it, a login shell is asked; and the error says what was tried', async ({
  host,
}) => {
  host.program('home/login/late', 'exec "$HOME/../bin/pilotty" "$@"');
  expect((await host.run('--remote-path', 'late', 'spawn', 'cat')).json()).toMatchObject({ name: 'default' });
  expect((await host.run('--remote-path', '~/login/late', 'ls')).json().sessions).toHaveLength(1);
  const missing = await host.run('--remote-path', 'nowhere', 'ls');
  expect(missing.code).toBe(6);
  expect(missing.error()).toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: expect.stringMatching(/no pilotty on ssh:\/\/there .*'nowhere'.*login shell/),
    suggestion: expect.stringContaining('--remote-path'),
  });
});

test('another version there is said, and works; one that is too old, or no pilotty, is named as such', async ({
  pilotty,
  host,
}) => {
  const versioned = (version: string) =>
    `exec ${commandLine([process.execPath, greeter(), process.execPath, pilotty.command])} ${version} "$@"`;
  host.program('bin/older', versioned('0.0.9'));
  host.program('bin/foreign', versioned('0.2.0 99'));
  const older = await host.run('--remote-path', 'older', 'spawn', '--name', 'kept', 'cat');
  expect(older.code).toBe(0);
  expect(older.stderr).toContain('pilotty on ssh://there is 0.0.9, this is ');
  expect((await host.run('--remote-path', 'older', 'ls')).json().sessions).toHaveLength(1);
  const foreign = await host.run('--remote-path', 'foreign', 'kill', '-s', 'kept');
  expect(foreign.error()).toMatchObject({
    code: 'PROTOCOL_MISMATCH',
    message: expect.stringContaining('0.2.0'),
  });
  expect((await host.client.request('session.list', {})).sessions).toHaveLength(1);

  host.program(
    'bin/ancient',
    'if [ "$1" = --version ]; then echo "pilotty 0.0.1"; else echo "unknown command" >&2; exit 2; fi',
  );
  const ancient = await host.run('--remote-path', 'ancient', 'ls');
  expect(ancient.error()).toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: expect.stringContaining(
      "is 0.0.1, which cannot be used from another host yet: it has no 'connect'",
    ),
  });
  host.program('bin/other', 'echo "I am something else"; exit 4');
  const other = await host.run('--remote-path', 'other', 'ls');
  expect(other.error().message).toMatch(/exited with 4.*I am something else/);
});

test('with the native client there it is the same: what programs inherit, and all of a flood, both ways', async ({
  pilotty,
  host,
}) => {
  host.program('bin/native', `umask 037; exec ${commandLine([nativeClient()])} "$@"`);
  host.program('bin/plain', `umask 037; exec ${commandLine([process.execPath, pilotty.command])} "$@"`);
  const probe = "env | grep -vE '^PILOTTY_(SESSION|STATE_KEY)=' | sort; pwd; umask; ulimit -n; ulimit -c";
  const seen: string[] = [];
  for (const path of ['native', 'plain']) {
    const at = ['--remote-path', path];
    expect((await host.run(...at, 'ls')).code).toBe(0);
    const greeting = spawnSync(join(host.directory, 'bin', path), ['connect'], {
      env: { HOME: host.home, PILOTTY_SOCKET_DIR: join(host.directory, 's') },
      input: '',
      encoding: 'utf8',
    });
    expect(greeting).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^\npilotty-connect /),
    });
    expect(greeting.stdout.includes('limits_text')).toBe(path === 'native');
    seen.push((await host.run(...at, 'run', '--env', 'QUOTED="\\\t', 'sh', '-c', probe)).stdout);
    expect((await host.run(...at, 'stop')).code).toBe(0);
    const absent = await host.run(...at, 'info');
    expect(absent.error()).toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: expect.stringContaining('on ssh://there: no daemon is running'),
    });
    const lines = await host.run(...at, 'run', 'seq', '-w', '60000');
    expect(lines.stdout.split('\n').slice(-2)).toEqual(['60000', '']);
    expect(lines.stdout).toHaveLength(6 * 60_000);
    // Both ways: what it says of that comes back whole. A word of a process could not be so long.
    if (!isNative()) {
      const text = 'x'.repeat(1_000_000);
      const count = await host.run(...at, 'spawn', '--env', `LONG=${text}`, 'true');
      expect(count.error().code).toBe('SPAWN_FAILED');
    }
    expect((await host.run(...at, 'stop')).code).toBe(0);
  }
  expect(seen[0]).toBe(seen[1]);
  expect(seen[0]).toContain(`${host.home}\n0037\n`);
});

test.for([
  ['a key that is not let in', 'refused', 'Permission denied'],
  ['a host that cannot be reached', 'closed', ''],
])('%s: what ssh says, and the code of a host', async ([, name, said], { pilotty, host }) => {
  const answer = await pilotty.run('-H', `ssh://${name}`, 'spawn', 'cat', { env: host.env });
  expect(answer.code).toBe(6);
  expect(answer.error()).toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: expect.stringMatching(new RegExp(`ssh cannot reach ssh://${name}: .*${said}`)),
  });
});

test('without an ssh here the error says so', async ({ pilotty }) => {
  const directory = join(pilotty.directory, 'node-alone');
  mkdirSync(directory);
  symlinkSync(process.execPath, join(directory, 'node'));
  const answer = await pilotty.run('-H', 'ssh://there', 'ls', { env: { PATH: directory } });
  expect(answer.code).toBe(6);
  expect(answer.error()).toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: 'there is no ssh on this machine',
  });
});

test('a link that is lost under a wait says so, and the session goes on', async ({ host }) => {
  await host.run('spawn', '--name', 'kept', 'cat');
  const waiting = host.start('run', '--name', 'job', '-t', '5m', 'cat');
  await until('the program to run', async () =>
    (await host.client.request('session.list', {})).sessions.some(({ name }) => name === 'job'),
  );
  host.cut();
  const answer = await waiting.answer;
  // As for any failure of pilotty itself under run.
  expect(answer.code).toBe(125);
  expect(answer.error()).toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: expect.stringContaining('was lost'),
  });
  expect((await host.run('ls')).json().sessions).toHaveLength(2);
});

test('an interrupted run ends its program there', async ({ host }) => {
  await host.run('spawn', '--name', 'kept', 'cat');
  const running = host.start('run', '--name', 'job', 'cat');
  await until('the program to run', async () =>
    (await host.client.request('session.list', {})).sessions.some(({ name }) => name === 'job'),
  );
  running.child.kill('SIGINT');
  expect((await running.answer).code).toBe(130);
  const { sessions } = await host.client.request('session.list', { all: true });
  expect(sessions.map(({ name, state }) => [name, state])).toEqual([
    ['kept', 'running'],
    ['job', 'exited'],
  ]);
});

test('attach through it: the screen, what is typed, and the terminal as before', async ({
  pilotty,
  host,
}) => {
  const outer = await OuterTerminal.open(pilotty, { env: { ...pilotty.env, ...host.env, PS1: 'outer> ' } });
  await host.run('spawn', '--name', 'inner', 'cat');
  await outer.run('-H', 'ssh://there', 'attach', '-s', 'inner');
  await until(
    'the session to be attached',
    async () => (await host.client.request('session.status', { session: 'inner' })).attached.length > 0,
  );
  await until('the terminal to be taken', async () => (await outer.status()).alternate_screen);
  await outer.type('through\r');
  await outer.shows('through\nthrough');
  await outer.type('\x1cd');
  await outer.isLeft();
  await outer.shows('[left inner; it goes on]');
});

test("the user's own sharing of connections is left to them", async ({ pilotty, host }) => {
  const list = (name: string) => pilotty.run('-H', `ssh://${name}`, 'ls', { env: host.env });
  expect((await list('shared')).code).toBe(0);
  expect((await list('shared')).code).toBe(0);
  expect(host.sockets()).toEqual({ ours: [], configured: ['own-shared'] });
  expect((await list('single')).code).toBe(0);
  expect(host.sockets().ours).toEqual([]);
  expect(host.starts().join('\n')).not.toContain('Control');
});

test('without a daemon here the native client is the Node program for another host, and starts none', async ({
  pilotty,
  host,
}) => {
  const native = nativeClient();
  const directory = join(pilotty.directory, 'n');
  mkdirSync(directory, { mode: 0o700 });
  const here = { ...pilotty.env, ...host.env, PILOTTY_SOCKET_DIR: directory };
  const run = async (words: string[], env: Record<string, string> = {}) =>
    (await promisify(execFile)(native, words, { env: { ...here, ...env } })).stdout;
  expect(await run(['spawn', '-H', 'ssh://there', 'cat'])).toContain('session_created');
  expect(await run(['ls'], { PILOTTY_HOST: 'ssh://there' })).toContain('"name":"default"');
  expect(await run(['--host=ssh://there', 'kill', '--all'])).toContain('default');
  expect(existsSync(join(directory, 'pilotty.log'))).toBe(false);
});

test('an agent over MCP, and a program with the SDK, have that host as well', async ({ pilotty, host }) => {
  const words = ['-H', 'ssh://there', 'mcp', '--tools', 'spawn,list'];
  const server = { command: process.execPath, args: [pilotty.command, ...words], cwd: pilotty.home };
  const agent = new McpClient({ name: 'tests', version: '1' });
  await agent.connect(new StdioClientTransport({ ...server, env: { ...pilotty.env, ...host.env } }));
  const spawned = await agent.callTool({
    name: 'spawn',
    arguments: {
      argv: ['sh', '-c', 'echo "$OF_THERE:$PWD"; cat'],
      name: 'agent',
      cwd: 'login',
      wait: { text: 'yes:' },
    },
  });
  expect(JSON.stringify(spawned.content)).toContain(`yes:${host.home}/login`);
  await agent.close();

  const program = `
    const { connect } = require(${JSON.stringify(join(pilotty.command, '../sdk/index.cjs'))});
    void (async () => {
      const pilotty = await connect({ host: 'ssh://there' });
      const session = await pilotty.spawn(['sh', '-c', 'echo "$OF_THERE:$GIVEN:$PWD"; cat'], {
        name: 'program', env: { GIVEN: '1' }, wait: { text: 'yes:' },
      });
      const lines = (await session.text()).split('\\n');
      const found = await connect();
      const names = (await found.list()).sessions.map(({ name }) => name).sort();
      const error = await connect({ host: 'ssh://-oProxyCommand=x' }).catch(({ code }) => code);
      const up = await pilotty.up().catch(({ code }) => code);
      const refused = await connect({ host: 'ssh://refused' }).catch(({ constructor }) => constructor.name);
      console.log(JSON.stringify({ line: lines[0], names, error, up, refused }));
      await pilotty.close();
      await found.close();
    })();`;
  const env = { ...pilotty.env, ...host.env, PILOTTY_HOST: 'ssh://there' };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env });
  expect(JSON.parse(stdout)).toEqual({
    line: `yes:1:${host.home}`,
    names: ['agent', 'program'],
    error: 'INVALID_INPUT',
    up: 'UNAVAILABLE',
    refused: 'HostUnreachableError',
  });
  expect(await host.isHere()).toBe(false);
});

test('the gateway serves the sessions of that host, over one login', async ({ pilotty, host }) => {
  const started = await pilotty.run('-H', 'ssh://there', 'serve', '--detach', '--bind', '127.0.0.1:0', {
    env: host.env,
  });
  expect(started.json()).toMatchObject({ type: 'gateway_started', host: 'ssh://there' });
  const { token } = (await pilotty.run('serve', '--show-token')).json();
  const served = new Served(started.json().url, token);
  try {
    const created = await served.ask('POST /sessions', {
      json: { name: 'served', argv: ['sh', '-c', 'echo "$OF_THERE:$PWD"; cat'], cwd: host.home },
    });
    expect(created.json()).toMatchObject({ type: 'session_created', name: 'served', cwd: host.home });
    await host.run('wait', '-s', 'served', '--text', 'yes:');
    for (let asked = 0; asked < 3; asked++)
      expect((await served.ask('GET /sessions')).json().sessions).toMatchObject([{ name: 'served' }]);
    expect(host.logins()).toBe(1);
    const peer = served.webSocket('/ws/json?start=once');
    await peer.opened();
    peer.send({ id: 1, method: 'session.snapshot', params: { session: 'served' } });
    expect((await peer.answer(1)).result.text).toContain(`yes:${host.home}`);
    // The page is told that the link is lost: what it shows is old.
    host.cut();
    await until('the WebSocket to be closed', () => peer.closed !== undefined);
  } finally {
    served.close();
    await pilotty.run('serve', '--stop');
  }
});

const refused = [
  [['-H', 'there', 'ls'], 'nats://SERVER', 'Did you mean ssh://there?'],
  [['ls', '--host=ssh://-oProxyCommand=x'], '--host is', 'Such as'],
  [['-H', 'ssh://there', '--remote-path', 'a b', 'ls'], '--remote-path is', 'link'],
  [['-H', 'ssh://there'], 'no command', 'Such as'],
  [['-H', 'ssh://there', 'daemon'], 'daemon cannot be done on another host', 'ssh HOST pilotty daemon'],
  [['-H', 'ssh://there', 'logs', '--audit'], 'logs cannot', 'ssh HOST'],
  [['-H', 'ssh://there', 'connect'], 'connect cannot', 'ssh HOST'],
  [['-H', 'ssh://there', 'stop', '--force'], 'stop cannot', 'ssh HOST'],
  [['-H', 'ssh://there', 'replay', 'x.cast'], 'replay cannot', 'ssh HOST'],
  [['-H', 'ssh://there', 'record', 'export', 'x.cast', '--to', 'x.gif'], 'record cannot', 'ssh HOST'],
] as const;

test('the log there is read by its daemon, and doctor starts none', async ({ pilotty, host }) => {
  const run = (...words: string[]) => pilotty.run('-H', 'ssh://there', ...words, { env: host.env });
  const before = (await run('doctor')).json();
  expect(before).toMatchObject({
    ok: true,
    host: 'ssh://there',
    checks: [{ name: 'host' }, { name: 'daemon' }],
  });
  expect(before.checks[1].detail).toContain('not running');
  expect((await run('logs')).code).not.toBe(0);
  await run('spawn', '--name', 'logged', 'cat');
  const { id } = (await run('status', '-s', 'logged')).json();
  expect((await run('logs')).stdout).toContain(id);
  expect((await run('doctor')).json().checks).toMatchObject([
    { name: 'host' },
    { name: 'node' },
    { name: 'daemon' },
  ]);
});

test('what names no host, or cannot be done on another, is refused, and ssh is not started', async ({
  pilotty,
  host,
}) => {
  for (const [words, message, suggestion] of refused) {
    const answer = await pilotty.run(...words, { env: host.env });
    expect(answer.code).toBe(2);
    expect(answer.error().message).toContain(message);
    expect(answer.error().suggestion).toContain(suggestion);
  }
  // What says that it is another host is named, and nothing else.
  const named = [
    [['-H', 'ssh://there', 'up'], {}, 'without -H here.'],
    [['up'], { PILOTTY_HOST: 'ssh://there' }, 'without PILOTTY_HOST here.'],
    [['up'], { PILOTTY_FLEET: 'nats://there/ci' }, 'without PILOTTY_FLEET here.'],
    [['--fleet', 'nats://there/ci', 'up'], {}, 'without --fleet here.'],
    [
      ['-H', 'ssh://there', 'up'],
      { PILOTTY_HOST: 'ssh://a', PILOTTY_FLEET: 'nats://there/ci' },
      'without -H and PILOTTY_HOST and PILOTTY_FLEET here.',
    ],
  ] as const;
  for (const [words, env, suggestion] of named) {
    const answer = await pilotty.run(...words, { env: { ...host.env, ...env } });
    expect([answer.code, answer.error().suggestion]).toEqual([2, expect.stringContaining(suggestion)]);
  }
  expect(host.starts()).toEqual([]);
});

/** Greets with another version than that of the pilotty that it runs. */
function greeter(): string {
  return fileURLToPath(new URL('programs/greeter.cjs', import.meta.url));
}
