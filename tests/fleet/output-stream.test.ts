/** Output that hosts keep in the stream of their fleet: read when the host is killed, the session is gone, or NATS was. */
import { Client as McpClient } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Served } from '../gateway/served.ts';
import { builtProgram } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { storedOutput, untilKept } from './stored-output.ts';
import { TestFleet } from './test-fleet.ts';

const KEEP = ['--keep-output', '8M,1h'];

let fleet: TestFleet;

beforeEach(async () => {
  needs('nats-server');
  fleet = new TestFleet();
  await fleet.nats.start();
});

afterEach(async () => {
  await fleet.close();
});

const stored = () => storedOutput(fleet);

const kept = (text: string) => untilKept(fleet, text);

const read = (...words: string[]) => fleet.all('output', ...words);

test('what was printed is read when the host was killed, and says so; the host itself is asked where it answers', async () => {
  await fleet.join('a', KEEP);
  await fleet.spawnOn('a', 'build', 'printf "one\\033[31m red\\033[0m\\ntwo\\n"; sleep 1000');
  await kept('two');
  const live = await read('-s', 'a/build', '--json');
  expect(live.json().from_stream).toBe(undefined);

  await fleet.kill('a');
  const answer = await read('-s', 'a/build');
  expect(answer).toMatchObject({ code: 0, stdout: 'one red\ntwo\n' });
  expect(answer.stderr).toMatch(/^stream: .*not there.*up to offset 23 at 20.*had not ended by then\.\n$/);
  const whole = (await read('-s', 'a/build', '--json')).json();
  expect(whole).toMatchObject({
    ...{
      type: 'output',
      session: 'a/build',
      session_id: expect.stringMatching(/^a\//),
      output: 'one red\ntwo\n',
    },
    ...{ offset: 0, next_offset: 23, retention: { total_bytes: 23, dropped_bytes: 0 } },
    from_stream: { reason: expect.stringContaining('not there'), gaps: [] },
  });
  expect(whole).not.toHaveProperty('exit');
  // By its id, as -H, as bytes, from an offset, and only the end.
  expect((await read('-s', whole.session_id)).stdout).toBe('one red\ntwo\n');
  expect((await fleet.on('a', 'output', '-s', 'build')).stdout).toBe('one red\ntwo\n');
  expect((await read('-s', 'a/build', '--ansi')).stdout).toBe('one\x1b[31m red\x1b[0m\r\ntwo\r\n');
  expect((await read('-s', 'a/build', '--since', '18')).stdout).toBe('two\n');
  expect((await read('-s', 'a/build', '--tail', '1')).stdout).toBe('two\n');
  expect((await read('-s', 'a/build', '--tail', '0')).stdout).toBe('');
  // What the stream cannot know is the error of the host.
  expect(await read('-s', 'a/other')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('has no output of a/other'),
  });
  expect(await read('-s', 'a/build', '--cmd', '-1')).toMatchObject({ code: 6, stdout: '' });
});

test('a session that has ended is read with its exit once its host no longer has it; without --keep-output there is nothing', async () => {
  await fleet.join('a', KEEP);
  await fleet.join('b');
  for (const host of ['a', 'b']) await fleet.spawnOn(host, 'short', `echo done on ${host}; exit 3`);
  await until('its end to be kept', async () => (await stored()).outputs.some(({ from, to }) => from === to));
  for (const host of ['a', 'b']) {
    const { client } = fleet.host(host);
    await until('the session to be evicted', async () => {
      await client.request('daemon.gc', {});
      return (await client.request('session.list', { all: true })).sessions.length === 0;
    });
  }
  const answer = await read('-s', 'a/short', '--json');
  expect(answer.json()).toMatchObject({
    output: 'done on a\n',
    exit: { exit_code: 3, output_complete: true },
    from_stream: { reason: expect.stringContaining('short') },
  });
  expect(await read('-s', 'b/short')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('no output of b/short'),
  });
  expect((await stored()).outputs.every(({ subject }) => subject.startsWith('pilotty.ci.output.a.'))).toBe(
    true,
  );
});

test('only sessions with a tag, and what a program without a terminal wrote to each stream', async () => {
  await fleet.join('a', [...KEEP, '--keep-output-of', 'ci', '--keep-output-of', 'release']);
  await fleet.spawnOn('a', 'private', 'echo private words; sleep 1000');
  const { env, client } = fleet.host('a');
  await client.request('session.spawn', {
    argv: ['/bin/sh', '-c', 'echo out; sleep 0.3; echo err >&2; sleep 0.3; echo last; exec sleep 1000'],
    ...{ name: 'job', cwd: '/', env: { ...env, PATH: '/usr/bin:/bin' }, tags: ['release'], pipe: true },
  });
  await kept('last');
  await fleet.kill('a');
  expect(await read('-s', 'a/job')).toMatchObject({
    stdout: 'out\nlast\n',
    stderr: expect.stringContaining('err\n'),
  });
  expect((await read('-s', 'a/job', '--stream', 'stderr')).stdout).toBe('err\n');
  expect((await read('-s', 'a/job', '--ansi', '--stream', 'stdout')).stdout).toBe('out\nlast\n');
  expect((await read('-s', 'a/private')).code).toBe(6);
  expect(JSON.stringify(await stored())).not.toContain('private');
});

test('over HTTP, for an agent, and for who follows: what was kept, and that it is that', async () => {
  await fleet.join('a', KEEP);
  await fleet.spawnOn('a', 'build', 'echo first; sleep 1000');
  await kept('first');
  const following = fleet.pilotty.start('--fleet', fleet.address, 'output', '-s', 'a/build', '--follow');
  await until('it to be followed', () => following.stdout().includes('first'));
  await fleet.kill('a');
  const followed = await following.answer;
  expect(followed).toMatchObject({ code: 0, stdout: 'first\n' });
  expect(followed.stderr).toMatch(/^stream: /m);

  const started = await fleet.pilotty.run(
    '--fleet',
    fleet.address,
    'serve',
    '--detach',
    '--bind',
    '127.0.0.1:0',
  );
  const { token } = (await fleet.pilotty.run('serve', '--show-token')).json();
  const served = new Served(started.json().url, token);
  const args = [builtProgram('pilotty.cjs'), 'mcp', '--fleet', fleet.address];
  const agent = new McpClient({ name: 'test', version: '1' });
  try {
    const answer = await served.ask('GET /sessions/a:build/output');
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      ...{ session: 'a/build', output: 'first\n', next_offset: 7, more: false },
      from_stream: { reason: expect.stringContaining('not there'), gaps: [] },
    });
    const { home: cwd, env } = fleet.pilotty;
    await agent.connect(new StdioClientTransport({ command: process.execPath, args, cwd, env: { ...env } }));
    const { content } = await agent.callTool({ name: 'output', arguments: { session: 'a/build' } });
    const text = (content as { text?: string }[]).map(({ text = '' }) => text).join('\n');
    expect(text).toContain('first');
    expect(text).toMatch(/of the stream of the fleet, as kept at 20.*not there/);
  } finally {
    await agent.close();
    served.close();
    await fleet.pilotty.run('serve', '--stop');
  }
});
