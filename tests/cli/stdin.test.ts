/** Stdin of a command that is given no text: a pipe that nobody closes, and a terminal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { type Pilotty, processTest as test } from '../harness/pilotty.ts';

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
