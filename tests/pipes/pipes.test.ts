/** Programs without a terminal: real ones, on real pipes. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { builtProgram, processTest, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** Answers each request, a JSON-RPC one on a line, says on stderr what it was asked, and ends with its stdin. */
const RPC_SERVER = `
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print("asked", asked["method"], file=sys.stderr, flush=True)
    print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": asked["params"][::-1]}), flush=True)
sys.exit(3)
`;

test('a program of a protocol is asked and answers, stderr apart; it ends with its stdin, and its exit code is kept', async ({
  pilotty,
}) => {
  const spawned = (await pilotty.run('spawn', '--pipe', '--name', 'rpc', 'python3', '-c', RPC_SERVER)).json();
  expect(spawned.pipe).toEqual({ stdin: 'open' });
  const ask = (id: number) =>
    JSON.stringify({ jsonrpc: '2.0', id, method: 'reverse', params: ['a\tb', 'ü', id] });
  const asked = await pilotty.run('type', ask(1), '--enter', '--wait-text', '"id": 1');
  expect(asked.json().wait.outcome).toBe('matched');
  await pilotty.run('send', ask(2), 'Enter');
  const waited = await pilotty.run(
    'wait',
    '-s',
    'rpc',
    '--new',
    '--text',
    'asked reverse',
    '--stream',
    'stderr',
  );
  expect(waited.json()).toMatchObject({ outcome: 'matched', match: { text: 'asked reverse' } });
  await pilotty.run('type', '--eof');
  expect((await pilotty.run('wait', '--exit')).json().exit).toMatchObject({
    exit_code: 3,
    output_complete: true,
  });
  const answers = [1, 2].map(
    (id) => `{"jsonrpc": "2.0", "id": ${id}, "result": [${id}, "\\u00fc", "a\\tb"]}\n`,
  );
  expect((await pilotty.run('output', '--stream', 'stdout')).stdout).toBe(answers.join(''));
  expect((await pilotty.run('output', '--stream', 'stderr')).stdout).toBe('asked reverse\n'.repeat(2));
  const both = await pilotty.run('output');
  expect([both.stdout, both.stderr]).toEqual([answers.join(''), 'asked reverse\n'.repeat(2)]);
  expect((await pilotty.run('output', '--json')).json()).toMatchObject({
    output: answers.join(''),
    stderr: 'asked reverse\n'.repeat(2),
  });
  expect((await pilotty.run('output', '--stream', 'stdout', '--tail', '1')).stdout).toBe(answers[1]);
  const status = (await pilotty.run('status')).json();
  expect(status).toMatchObject({ pipe: { stdin: 'closed' }, terminal: null, foreground: null });
});

test('what it is started with are pipes, which it can open by name, and no terminal', async ({ pilotty }) => {
  const script =
    'test -t 0 || test -t 1 || test -t 2 || echo none; test -p /dev/stdin && test -p /dev/stdout && echo pipes; ' +
    'echo named >/dev/stderr; read -r line </dev/stdin; echo "got $line"; (: </dev/tty) 2>/dev/null || echo no tty';
  await pilotty.run('spawn', '--pipe', '--name', 'kind', 'sh', '-c', script);
  await pilotty.run('type', 'a word', '--enter');
  await pilotty.run('wait', '-s', 'kind', '--exit');
  const { stdout, stderr } = await pilotty.run('output', '-s', 'kind');
  expect([stdout, stderr]).toEqual(['none\npipes\ngot a word\nno tty\n', 'named\n']);
});

test('what is typed is no echo: a program that repeats it has answered', async ({ pilotty }) => {
  await pilotty.run('spawn', '--pipe', '--name', 'cat', 'cat');
  const answer = await pilotty.run('type', 'the same', '--enter', '--wait-new', '--wait-text', 'the same');
  expect(answer.json().wait.outcome).toBe('matched');
  const { matches } = (await pilotty.run('grep', 'same', '-s', 'cat', '--json')).json();
  expect(matches).toMatchObject([{ where: 'output', line: 'the same', line_number: 1 }]);
  expect((await pilotty.run('output', '-s', 'cat')).stdout).toBe('the same\n');
});

test('what needs a terminal is refused, with nothing done', async ({ pilotty }) => {
  await pilotty.run('spawn', '--pipe', '--name', 'cat', 'cat');
  const refused = [
    ['key', 'Enter'],
    ['send', 'text', 'Up'],
    ['click', '1', '1'],
    ['scroll', 'down'],
    ['choose', '--text', 'OK'],
    ['snapshot'],
    ['resize', '100x30'],
    ['exec', 'true'],
    ['commands'],
    ['record', 'start'],
    ['wait', '--prompt'],
    ['wait', '--settle', '10ms'],
    ['wait', '--cursor', '1,1'],
    ['wait-for', '--gone', 'x'],
    ['type', 'x', '--wait-bell'],
    ['type', 'x', '--if-text', 'y'],
    ['type', 'x', '--snapshot'],
  ];
  for (const words of refused) {
    const answer = await pilotty.run(...words);
    expect([words, answer.error().code]).toEqual([words, 'NO_TERMINAL']);
    expect(answer.error().suggestion).not.toBe('');
  }
  expect((await pilotty.run('paste', '-', { input: 'text' })).error().code).toBe('NO_TERMINAL');
  await pilotty.run('type', '--eof');
  await pilotty.run('wait', '--exit');
  expect((await pilotty.run('output')).stdout).toBe('');
  const late = await pilotty.run('spawn', '--pipe', '--name', 'other', '--record', 'sh', '-c', 'true');
  expect(late.error().code).toBe('INVALID_INPUT');
});

test('what is said to look with can be done, and nothing tells of a screen', async ({ pilotty }) => {
  await pilotty.run('spawn', '--pipe', '--name', 'p', 'sh', '-c', 'echo shown; read -r line');
  const { wait = {}, ...late } = (await pilotty.run('wait', '-s', 'p', '--text', 'zz', '-t', '100ms')).json();
  const answer = { ...late, ...wait };
  expect(answer).toMatchObject({
    outcome: 'deadline',
    note: expect.stringContaining("'pilotty output -s p'"),
  });
  expect(answer.note).not.toContain('snapshot');
  expect(answer).not.toHaveProperty('screen');
  await pilotty.run('send', '-s', 'p', 'Enter');
  await pilotty.run('wait', '-s', 'p', '--exit');
  const ended = await pilotty.run('send', '-s', 'p', 'x', 'Enter');
  expect(ended.stderr).toContain('SESSION_EXITED');
  expect(ended.stderr).toContain("Run 'pilotty output -s p' to see how it ended");
});

test('what only pipes have is refused of a terminal, with nothing done', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'shell', 'sh', '-c', 'read line; echo "got $line"');
  for (const words of [
    ['type', 'typed', '--eof'],
    ['output', '--stream', 'stderr'],
    ['wait', '--text', 'x', '--stream', 'stdout'],
  ])
    expect([words, (await pilotty.run(...words)).error().code]).toEqual([words, 'UNAVAILABLE']);
  await pilotty.run('type', 'last', '--enter', '--wait-exit');
  expect((await pilotty.run('output')).stdout).toContain('got last\n');
});

test('input after EOF is refused; a kill reaches what a pipeline has started', async ({ pilotty }) => {
  await pilotty.run(
    'spawn',
    '--pipe',
    '--name',
    'job',
    'sh',
    '-c',
    'cat >/dev/null; echo read; sleep 600 | cat',
  );
  await pilotty.run('type', 'all of it', '--eof');
  await pilotty.run('wait-for', 'read');
  const late = await pilotty.run('type', 'more');
  expect(late.error()).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('closed') });
  expect((await pilotty.run('type', '--eof')).code).toBe(0);
  const killed = (await pilotty.run('kill', '-s', 'job')).json();
  expect(killed.results).toMatchObject([{ ok: true, survivors: [], exit: { signal: 'SIGTERM' } }]);
});

test('restart: a new program on new pipes; output and its offsets go on, and nothing but output is in it', async ({
  pilotty,
}) => {
  await pilotty.run(
    'spawn',
    '--pipe',
    '--name',
    'job',
    'sh',
    '-c',
    'read line; echo "out $line"; echo err >&2',
  );
  await pilotty.run('type', 'one', '--enter', '--wait-exit');
  const { output_offset } = (await pilotty.run('restart', '-s', 'job')).json();
  expect(output_offset).toBe('out one\nerr\n'.length);
  await pilotty.run('type', 'two', '--enter', '--wait-exit');
  const { stdout, stderr } = await pilotty.run('output', '-s', 'job');
  expect([stdout, stderr]).toEqual(['out one\nout two\n', 'err\nerr\n']);
});

processTest(
  'a part of a pipeline: stdin goes in, both streams come out, and the exit code',
  async ({ pilotty }) => {
    const jq = await pilotty.run('run', '--stdin', 'jq', '-c', '.a', { input: '{"a": [1, "ü"]}\n' });
    expect(jq).toMatchObject({ code: 0, stdout: '[1,"ü"]\n', stderr: '' });
    const script = 'sort -n; echo done >&2; exit 7';
    const both = await pilotty.run('run', '--stdin', 'sh', '-c', script, { input: '10\n9\n8\n' });
    expect(both).toMatchObject({ code: 7, stdout: '8\n9\n10\n', stderr: 'done\n' });
    const json = await pilotty.run('run', '--json', '--stdin', 'sh', '-c', script, { input: '2\n1\n' });
    expect(json.json()).toMatchObject({
      output: '1\n2\n',
      stderr: 'done\n',
      exit_code: 7,
      outcome: 'exited',
    });
  },
);

processTest(
  'a program that reads no more ends its input, as in a shell; a deadline ends the program',
  async ({ pilotty }) => {
    const lines = 'a line\n'.repeat(500_000);
    const head = await pilotty.run('run', '--stdin', 'head', '-n', '1', { input: lines });
    expect(head).toMatchObject({ code: 0, stdout: 'a line\n' });
    const slow = pilotty.start('run', '--stdin', '-t', '3s', 'sh', '-c', 'echo begun; exec sleep 600');
    expect(await slow.answer).toMatchObject({ code: 124, stdout: 'begun\n' });
  },
);

/** How much garbage a collector leaves depends on the version of Node and on how busy the machine is; but it does not grow with the input. */
const MOST_MORE_BYTES = 50_000_000;

processTest(
  'a hundred megabytes of any bytes go through as they are, in bounded memory',
  { timeout: 300_000 },
  async ({ pilotty }) => {
    const block = randomBytes(1_000_000);
    const input = Buffer.concat([
      ...Array(60).fill(block),
      Buffer.from('0123456789abcde\n'.repeat(2_500_000)),
    ]);
    expect(input.length).toBe(100_000_000);
    await pilotty.run('spawn', '--pipe', '--name', 'keep', 'cat');
    const words = ['-c', '"$@" | sha256sum', 'sh', ...pilotty.program, 'run', '--stdin', 'cat'];
    const memoryAfter = async () => {
      const pipeline = spawn('sh', words, { env: pilotty.env, stdio: ['pipe', 'pipe', 'inherit'] });
      pipeline.stdin.end(input);
      expect(await text(pipeline.stdout)).toBe(`${hash(input)}  -\n`);
      return (await pilotty.run('info')).json().memory_bytes;
    };
    const first = await memoryAfter();
    expect((await memoryAfter()) - first).toBeLessThan(MOST_MORE_BYTES);
  },
);

test('a reader that is slow holds the program back, and nothing is dropped', async ({ pilotty }) => {
  const { client } = pilotty;
  const script = 'yes "a line that is repeated" | head -c 12000000; echo end >&2';
  const { session_id: session } = await client.request('session.spawn', {
    argv: ['sh', '-c', script],
    cwd: '/',
    env: { PATH: process.env.PATH ?? '' },
    pipe: true,
    retain_bytes: 1_048_576,
  });
  let bytes = 0;
  const seen = createHash('sha256');
  const { missed_bytes } = await client.request(
    'session.output',
    { session, format: 'ansi', follow: true, since: 0, hold_back: true, stream: 'stdout' },
    {
      onEvent: async ({ output_base64 = '' }) => {
        const part = Buffer.from(output_base64, 'base64');
        seen.update(part);
        bytes += part.length;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
  );
  expect([bytes, missed_bytes]).toEqual([12_000_000, undefined]);
  const unit = 'a line that is repeated\n';
  expect(seen.digest('hex')).toBe(
    hash(unit.repeat(Math.ceil(12_000_000 / unit.length)).slice(0, 12_000_000)),
  );
});

test('rules watch it and write to it, also in the next daemon', async ({ pilotty }) => {
  const script = 'echo ready; while read line; do echo "got $line"; done';
  await pilotty.run('spawn', '--pipe', '--name', 'job', 'sh', '-c', script);
  const rule = ['on', '-s', 'job', '--text'];
  await pilotty.run(...rule, 'ready', '--type', 'from a rule', '--key', 'Enter');
  await pilotty.run(...rule, 'got later', '--type', 'again', '--key', 'Enter');
  const printed = async () => (await pilotty.run('output', '-s', 'job')).stdout;
  await until('the rule has written', async () => (await printed()).includes('got from a rule'));
  await pilotty.client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
  await pilotty.run('type', '-s', 'job', 'later', '--enter');
  await until('the other has written', async () => (await printed()).includes('got again'));
  expect(await printed()).toBe('ready\ngot from a rule\ngot later\ngot again\n');
});
