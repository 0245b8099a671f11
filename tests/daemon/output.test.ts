import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('');

test('output is readable text by default, the exact bytes on request', async ({ pilotty }) => {
  await pilotty.run('spawn', 'printf', '\\033[1mbold\\033[0m\\nwide 漢字 \\303\\251\\n12%%\\r100%%');
  await pilotty.run('wait-for', '100%');
  expect((await pilotty.run('output')).stdout).toBe('bold\nwide 漢字 é\n100%\n');
  expect((await pilotty.run('output', '--ansi')).stdout).toBe(
    '\x1b[1mbold\x1b[0m\r\nwide 漢字 é\r\n12%\r100%',
  );
});

test('the last lines, and what came after an offset', async ({ pilotty }) => {
  await pilotty.run('spawn', ...program('last-words.sh', '100', '0'));
  await pilotty.run('wait-for', 'the end');
  expect((await pilotty.run('output', '--tail', '3')).stdout).toBe('99\n100\nthe end\n');
  expect((await pilotty.run('output', '--ansi', '--tail', '2')).stdout).toBe('100\r\nthe end\r\n');
  const { retention } = (await pilotty.run('status')).json();
  const since = String(retention.total_bytes - 9);
  expect((await pilotty.run('output', '--ansi', '--since', since)).stdout).toBe('the end\r\n');
  const beyond = (await pilotty.run('output', '--json', '--since', String(retention.total_bytes))).json();
  expect(beyond).toMatchObject({ offset: retention.total_bytes, next_offset: retention.total_bytes });
});

test('what was dropped is counted to the byte, and said', async ({ pilotty }) => {
  await pilotty.run('spawn', '--retain-bytes', '1000', ...program('last-words.sh', '2000', '0'));
  await pilotty.run('wait-for', 'the end');
  const whole = `${lines(1, 2000)}the end\n`.replaceAll('\n', '\r\n');
  const { retention } = (await pilotty.run('status')).json();
  expect(retention).toEqual({
    total_bytes: whole.length,
    retained_bytes: 1000,
    dropped_bytes: whole.length - 1000,
    truncated: true,
  });
  const answer = await pilotty.run('output', '--ansi');
  expect(answer.stdout).toBe(whole.slice(-1000));
  expect(answer.stderr).toContain(`dropped_bytes=${whole.length - 1000}`);
  // Readable output begins with a whole line.
  const readable = (await pilotty.run('output')).stdout;
  expect(`\n${lines(1, 2000)}the end\n`).toContain(`\n${readable}`);
});

test('a hundred megabytes arrive as they were written', async ({ pilotty }) => {
  const size = 100_000_000;
  const script = `yes 'a line of some length, to fill a hundred megabytes' | tr '\\n' ' ' | head -c ${size}; sync; sleep 0`;
  const command = ['spawn', '--retain-bytes', String(size), 'sh', '-c', `stty -opost; ${script}`];
  await pilotty.run(...command);
  const answer = await pilotty.run('output', '--ansi', '--follow');
  const unit = 'a line of some length, to fill a hundred megabytes ';
  const expected = unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(answer.stdout.length).toBe(size);
  expect(hash(answer.stdout)).toBe(hash(expected));
});

test('behind the end of a program that is started again there is what the next one writes', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', 'sh', '-c', 'echo; echo "a line"; printf "no newline"');
  const output = async (since: number) => {
    await pilotty.run('wait', '--exit');
    return (await pilotty.run('output', '--json', '--since', String(since))).json();
  };
  const first = await output(0);
  expect(first.output).toBe('\na line\nno newline\n');
  await pilotty.run('restart');
  expect((await output(first.next_offset)).output).toBe(first.output);
});

test('follow goes on until the end, and begins with what is there', async ({ pilotty }) => {
  await pilotty.run('spawn', 'sh', '-c', 'echo one; read line; echo two; read line; echo three');
  await pilotty.run('wait-for', 'one');
  const following = pilotty.start('output', '--follow');
  await pilotty.run('type', 'x', '--enter', '-s', 'default');
  await pilotty.run('wait-for', 'two');
  await pilotty.run('type', 'y', '--enter');
  const { stdout, code } = await following.answer;
  expect({ stdout, code }).toEqual({ stdout: 'one\nx\ntwo\ny\nthree\n', code: 0 });
});

test('a follower sees a line as soon as it is whole', async ({ pilotty }) => {
  await pilotty.run('spawn', 'sh', '-c', 'echo first; read line; echo last');
  const following = pilotty.start('output', '--follow');
  await until('the first line to be followed', () => following.stdout() === 'first\n');
  await pilotty.run('type', '', '--enter');
  expect((await following.answer).stdout).toBe('first\n\nlast\n');
});

test('output printed for another size is read as it was then', async ({ pilotty }) => {
  const long = 'x'.repeat(60);
  await pilotty.run('spawn', 'sh', '-c', `echo ${long}; read line; echo ${long}`);
  await pilotty.run('wait-for', long);
  await pilotty.run('resize', '20', '5');
  await pilotty.run('type', 'go', '--enter');
  await pilotty.run('wait-for', 'nothing');
  expect((await pilotty.run('output')).stdout).toBe(`${long}\ngo\n${long}\n`);
});
