/** What a command reads: stdin that is never closed, a terminal, a FIFO without a writer, more than a request carries. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openFiles } from '../harness/open-files.ts';
import { type Pilotty, processTest as test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

interface Ended {
  code: number;
  error: { code: string; message: string; suggestion: string };
}

/** The command with a pipe for stdin, into which `input` is written and which stays open until the command has ended. */
async function withOpenPipe(pilotty: Pilotty, words: string[], input = ''): Promise<Ended> {
  const child = spawn(pilotty.program[0], [...pilotty.program.slice(1), ...words], {
    env: pilotty.env,
    cwd: pilotty.home,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.on('error', () => {}).write(input);
  const printed: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
  const [code] = await once(child, 'close');
  child.stdin.destroy();
  return { code, error: JSON.parse(Buffer.concat(printed).toString()) };
}

test('a pipe that is never closed is read up to the deadline, and nothing is sent', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'x', 'cat');
  const commands: [number, ...string[]][] = [
    [125, 'exec', '-s', 'x', '-t', '200ms'],
    [125, 'exec', '-s', 'x', '-t', '200ms', '-'],
    [3, 'paste', '-s', 'x', '-t', '200ms'],
    [3, 'type', '-s', 'x', '-t', '200ms', '-'],
    [3, 'type', '-s', 'x', '-t', '200ms', '--force', '--secret', '-'],
  ];
  for (const [code, ...words] of commands) {
    expect([words, await withOpenPipe(pilotty, words, 'half a te')]).toEqual([
      words,
      {
        code,
        error: {
          code: 'TIMEOUT',
          message: 'stdin has not ended in 1000 ms; nothing was sent',
          suggestion: expect.stringContaining('</dev/null'),
        },
      },
    ]);
  }
  const { stdout } = await pilotty.run('snapshot', '-s', 'x', '--format', 'text');
  expect(stdout.trim().split('\n').slice(1)).toEqual(['[_]']);
});

test('what a pipe brings is taken, whether or not - asks for it', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'x', '--wait-prompt', 'bash', '--norc');
  const given = { input: 'echo 4$((1+1))' };
  for (const words of [['exec'], ['exec', '-'], ['exec', '-t', '20s']])
    expect((await pilotty.run(...words, '-s', 'x', given)).stdout).toBe('42\n');
});

test.for([
  ['exec', 'COMMAND'],
  ['paste', 'FILE'],
  ['batch', 'FILE'],
])('%s on a terminal says what is missing', async ([command = '', argument = ''], { pilotty }) => {
  // The session's own terminal is the stdin.
  await pilotty.run('spawn', '--name', 'tty', '--', ...pilotty.program, command);
  expect((await pilotty.run('wait', '-s', 'tty', '--exit')).code).toBe(0);
  const { stdout } = await pilotty.run('output', '-s', 'tty');
  expect(stdout).toContain(`${argument} is missing, and stdin is a terminal`);
  expect(stdout.replaceAll('\n', ' ')).toContain(`Give ${argument}, or '-'`);
});

/** In the home directory; something may write it. */
function makeFifo({ home }: Pilotty): { path: string; write(text: string): void } {
  const path = join(home, 'fifo');
  execFileSync('mkfifo', [path]);
  const write = (text: string) => {
    spawn('sh', ['-c', 'printf %s "$1" > "$0"', path, text], { stdio: 'ignore' });
  };
  return { path, write };
}

test('a FIFO that nothing writes is waited for up to the deadline, and nothing is sent', async ({
  pilotty,
}) => {
  const { path } = makeFifo(pilotty);
  await pilotty.run('spawn', '--name', 'x', 'cat');
  for (const words of [
    ['paste', path, '-t', '1s'],
    ['type', '--force', '--secret', `file:${path}`, '-t', '1s'],
  ]) {
    const answer = await pilotty.run(...words);
    expect([words, answer.code, answer.error().message]).toEqual([
      words,
      3,
      `'${path}' has not ended in 1000 ms; nothing was sent`,
    ]);
  }
  expect((await pilotty.run('output')).stdout).toBe('');
});

test('a FIFO that is written in time is read to its end', async ({ pilotty }) => {
  const { path, write } = makeFifo(pilotty);
  await pilotty.run('spawn', '--name', 'x', 'cat');
  const pasted = pilotty.start('paste', path);
  write('pasted ');
  expect((await pasted.answer).json()).toMatchObject({ bytes: 7 });
  const batch = pilotty.start('batch', path);
  write('type typed --enter\n');
  expect((await batch.answer).code).toBe(0);
  expect((await pilotty.run('wait-for', 'pasted typed')).code).toBe(0);
});

test.skipIf(process.platform !== 'linux')(
  'a command that waits for a FIFO can be interrupted',
  async ({ pilotty }) => {
    const { path } = makeFifo(pilotty);
    const { child, answer } = pilotty.start('batch', path);
    // It handles the signal once it reads: so it has the FIFO open.
    await until('the FIFO to be opened', () => [...openFiles(child.pid ?? 0).values()].includes(path));
    child.kill('SIGINT');
    expect((await answer).code).toBe(130);
  },
);

test('more than a request carries is refused before it is all read', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'x', 'cat');
  const message = expect.stringMatching(
    /has more than 33554432 bytes, the limit of one request; nothing was sent$/,
  );
  expect((await pilotty.run('paste', '/dev/zero')).error()).toMatchObject({ code: 'INVALID_INPUT', message });
  for (const words of [['type', '-'], ['exec'], ['paste'], ['type', '--force', '--secret', '-']]) {
    const script = `yes | "$0" "$@"`;
    const child = spawn('sh', ['-c', script, process.execPath, pilotty.command, ...words], {
      env: pilotty.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const printed: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
    const [code] = await once(child, 'close');
    expect([words, code, JSON.parse(Buffer.concat(printed).toString()).message]).toEqual([words, 2, message]);
  }
});
