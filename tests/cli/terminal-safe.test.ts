import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';

const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const DIRECTORY = '/tmp/\u009d0;OWNED\u009c\u009b31;5m\u007f\u202etxt.exe\u2066\u2028end';

/** A program that has announced this directory. */
const announcing = [
  'node',
  '-e',
  `process.stdout.write('\\x1b]7;file://h'+encodeURI(${JSON.stringify(DIRECTORY)})+'\\x07ready'); setInterval(()=>{},1e6)`,
];

test('what a program announces is no command to the terminal of who asks', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'e', '--', ...announcing);
  await pilotty.run('wait-for', '-s', 'e', 'ready');
  for (const line of [
    ['snapshot', '-s', 'e'],
    ['status', '-s', 'e'],
    ['list-sessions'],
    ['events', '--past'],
  ]) {
    const { stdout } = await pilotty.run(...line);
    expect(stdout.replaceAll('\n', ''), line.join(' ')).not.toMatch(DANGEROUS);
  }
  const { stdout } = await pilotty.run('snapshot', '-s', 'e');
  expect(stdout).toContain('\\u009b31;5m');
  expect(JSON.parse(stdout).cwd).toBe(DIRECTORY);
  const batch = await pilotty.run('batch', { input: 'snapshot -s e\n' });
  expect(batch.stdout.replaceAll('\n', '')).not.toMatch(DANGEROUS);
});

test('text printed to a terminal neither commands it nor is reordered', async ({ pilotty }) => {
  await pilotty.run(
    'spawn',
    '--name',
    'b',
    '--',
    'node',
    '-e',
    "process.stdout.write('a\\u202eb\\u2066c ready'); setInterval(()=>{},1e6)",
  );
  await pilotty.run('wait-for', '-s', 'b', 'ready');
  // To a pipe the text goes as it is.
  expect((await pilotty.run('snapshot', '-s', 'b', '-f', 'text')).stdout).toContain('a\u202eb\u2066c ready');
  const onTerminal = ['sh', '-c', `"$0" "$@" snapshot -s b -f text`, ...pilotty.program];
  const { stdout } = await pilotty.run('run', '--', ...onTerminal);
  expect(stdout).toContain('a\\u202eb\\u2066c ready');
});
