import { expect } from 'vitest';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import { printedLines } from '../../packages/daemon/src/search/printed-lines.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

test('a line is found once, above the screen or on it, with its place', async ({ pilotty }) => {
  const folded = 'y'.repeat(70);
  const script = `echo first match; echo '${folded} match'; seq 1 100; echo "last Match"; cat`;
  await pilotty.run('spawn', '--name', 'a', '--size', '60x10', 'sh', '-c', script);
  await pilotty.run('wait-for', '-s', 'a', 'last Match');
  const found = await pilotty.run('grep', 'match');
  expect({ code: found.code, stdout: found.stdout, stderr: found.stderr }).toEqual({
    code: 0,
    stdout: `a: first match\na: ${folded} match\n`,
    stderr: '',
  });
  const { matches, ...facts } = (await pilotty.run('grep', '-i', 'MATCH', '--json')).json();
  expect(facts).toEqual({ type: 'grep_result', searched: 1 });
  expect(matches).toMatchObject([
    { session: 'a', where: 'output', line: 'first match', line_number: 1 },
    { where: 'output', line: `${folded} match`, line_number: 2 },
    { where: 'screen', line: 'last Match', row: 8 },
  ]);
  const numbers = (await pilotty.run('grep', '-r', '^9[0-9]$')).stdout;
  expect(numbers).toBe(Array.from({ length: 10 }, (_, index) => `a: ${90 + index}\n`).join(''));
  const nothing = await pilotty.run('grep', 'no such line');
  expect({ code: nothing.code, stdout: nothing.stdout, stderr: nothing.stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: '',
  });
});

test('what a full-screen program covers is found, and what it shows', async ({ pilotty }) => {
  const script = 'echo covered match; printf "\\033[?1049h\\033[Hshown match"; cat';
  await pilotty.run('spawn', '--name', 'a', 'sh', '-c', script);
  await pilotty.run('wait-for', '-s', 'a', 'shown match');
  expect((await pilotty.run('grep', 'match', '--json')).json().matches).toMatchObject([
    { where: 'output', line: 'covered match', line_number: 1 },
    { where: 'screen', line: 'shown match', row: 0 },
  ]);
});

test('it searches whom it is told to, and no more of each than is asked for', async ({ pilotty }) => {
  const spawn = (name: string, tag: string, script: string) =>
    pilotty.run('spawn', '--name', name, '--tag', tag, 'sh', '-c', script);
  await spawn('a', 'ci', 'seq 1 300; cat');
  await spawn('b', 'dev', 'seq 1 300; cat');
  await spawn('ended', 'ci', 'seq 1 300');
  for (const name of ['a', 'b']) await pilotty.run('wait-for', '-s', name, '300');
  await pilotty.run('wait-for', '-s', 'ended', 'nothing');
  const found = async (...words: string[]) => (await pilotty.run('grep', '300', ...words)).stdout;
  expect(await found()).toBe('a: 300\nb: 300\n');
  expect(await found('--tag', 'ci')).toBe('a: 300\n');
  expect(await found('--tag', 'ci', '--all')).toBe('a: 300\nended: 300\n');
  expect(await found('-s', 'ended')).toBe('ended: 300\n');
  const few = await pilotty.run('grep', '1', '--max', '2');
  expect(few.stdout).toBe('a: 1\na: 10\nb: 1\nb: 10\n');
  expect(few.stderr).toContain('truncated');
  expect((await pilotty.run('grep', '1', '-s', 'nobody')).code).toBe(5);
});

test('what is no longer retained is counted, and only there', async ({ pilotty }) => {
  const spawn = (name: string, ...words: string[]) =>
    pilotty.run('spawn', '--name', name, '--retain-bytes', '1000', ...words);
  await spawn('flood', 'sh', '-c', 'echo FIRST; seq 1 1000; echo over; cat');
  await spawn('pipe', '--pipe', 'sh', '-c', 'echo FIRST; seq 1 1000; echo over; exec sleep 1000');
  await spawn('calm', 'sh', '-c', 'echo over; cat');
  await pilotty.run('wait', '-s', '*', '--text', 'over');
  const dropped = async (name: string) =>
    (await pilotty.run('status', '-s', name)).json().retention.dropped_bytes;
  const missed = { flood: await dropped('flood'), pipe: await dropped('pipe') };
  expect(Math.min(missed.flood, missed.pipe)).toBeGreaterThan(0);
  const lost = await pilotty.run('grep', 'FIRST');
  expect([lost.code, lost.stdout, lost.stderr]).toEqual([
    1,
    '',
    `note: not searched, because no longer retained: ${missed.flood} bytes of flood, ${missed.pipe} bytes of pipe\n`,
  ]);
  const answer = (await pilotty.run('grep', 'FIRST', '--json')).json();
  expect(answer).toEqual({
    type: 'grep_result',
    matches: [],
    searched: 3,
    not_searched: [
      { session: 'flood', session_id: expect.any(String), truncated: true, missed_bytes: missed.flood },
      { session: 'pipe', session_id: expect.any(String), truncated: true, missed_bytes: missed.pipe },
    ],
  });
  // Also where something is found.
  const found = await pilotty.run('grep', 'over', '-s', 'flood');
  expect([found.code, found.stdout]).toEqual([0, 'flood: over\n']);
  expect(found.stderr).toContain(`${missed.flood} bytes of flood`);
  expect(await pilotty.run('grep', 'over', '-s', 'calm')).toMatchObject({ code: 0, stderr: '' });
});

test.each([true, false])(
  'what is dropped while others are served is counted, and tears no line (on pipes: %s)',
  (isPipe) => {
    const limit = 64 * 1024;
    const retention = new Retention(limit, { cols: 80, rows: 24 });
    let printed = 0;
    // No block that is read ends where a line does.
    const print = (count: number) => {
      for (let index = 0; index < count; index++)
        retention.append(
          Buffer.from(`${printed++}:${'x'.repeat(991)}`.slice(0, 991) + (isPipe ? '\n' : '\r\n')),
        );
    };
    print(60);
    const screen = { lines: () => [], logicalLines: () => [] };
    const facts = { retention, screen, isPipe, parsedBytes: retention.totalBytes };
    const session = facts as unknown as Session;
    let missed = 0;
    const numbers: number[] = [];
    for (const lines of printedLines(session, (bytes) => {
      missed += bytes;
    })) {
      for (const { text, number } of lines) {
        expect(text).toMatch(/^\d+:x{987,989}$/);
        numbers.push(Number.parseInt(text, 10));
        // Behind a gap no number is known.
        expect(number).toBe(missed === 0 ? numbers.length : undefined);
      }
      // After the first part, all but the last lines of those that are searched are dropped.
      if (retention.totalBytes < limit) print(60);
    }
    expect(missed).toBeGreaterThan(0);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers[0]).toBe(0);
    expect(numbers.at(-1)).toBe(59);
  },
);

test('a line without an end is searched whole, and cut where it is shown', async ({ pilotty }) => {
  const blank = (count: number) => `head -c ${count} /dev/zero | tr "\\0" x`;
  await pilotty.run('run', 'sh', '-c', `${blank(300_000)}; printf needle; ${blank(5000)}; echo; echo end`);
  for (const words of [['needle'], ['-r', 'ne{2}dle'], ['-r', 'x{50}needlex{50}']]) {
    const { matches } = (await pilotty.run('grep', '--all', '--json', ...words)).json();
    expect(matches).toHaveLength(1);
    expect(matches[0].line).toMatch(/^x+needlex+$/);
    expect(matches[0].line.length).toBe(1000);
  }
});

test('a hostile pattern delays nobody, has a deadline and ends with its client', async ({ pilotty }) => {
  const hostile = '(.{1,20}){1,20}[^a-z0-9]$';
  await pilotty.run(
    'spawn',
    '--name',
    'a',
    'sh',
    '-c',
    `yes ${'ab'.repeat(39)} | head -n 20000; echo done; cat`,
  );
  await pilotty.run('wait-for', '-s', 'a', 'done');
  const searching = pilotty.start('grep', '-r', hostile, '-t', '1h');
  let isOver = false;
  void searching.answer.then(() => {
    isOver = true;
  });
  await until('the search to be on', async () => (await pilotty.run('info')).json().connections === 2);
  for (let count = 0; count < 5; count++) expect((await pilotty.run('status', '-s', 'a')).code).toBe(0);
  expect(isOver).toBe(false);
  searching.child.kill('SIGINT');
  expect(await searching.answer).toMatchObject({ code: 130, stdout: '', stderr: '' });
  const late = await pilotty.run('grep', '-r', hostile, '-t', '50ms', '--json');
  expect([late.code, late.json()]).toEqual([
    1,
    { type: 'grep_result', matches: [], searched: 1, truncated: true },
  ]);
  const large = await pilotty.run('grep', '-r', '((a?){30}){30}');
  expect([large.code, large.error().code]).toEqual([2, 'INVALID_INPUT']);
});
