import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { plainSentence, safeJson } from '../../packages/client/src/index.ts';
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

const TITLE = '\x1b]0;OWNED\x07';
const CLIPBOARD = '\x1b]52;c;T1dORUQ=\x07';
const LINE = `x${TITLE}${CLIPBOARD}\u009b31m\u202etxt`;
const HOSTILE = `${LINE}\nroot  running  0.1s`;
/** Whatever prints what a program, or who has started it, has said. */
const SAID = [
  'ls',
  'status -s e',
  'list-sessions',
  'events --past',
  'logs',
  'snapshot -s e',
  'restore',
  'inspect -s e',
  'gather -s e',
  'grep x',
  'output -s e',
  'inputs -s e',
  `key -s e "$HOSTILE"`,
  `wait-for -s "$HOSTILE" x`,
  `spawn "$HOSTILE"`,
  // Last: it asks which session.
  'attach',
];

test('nothing that is said by others is a command to the terminal of who asks', async ({ pilotty }) => {
  const announce = `printf '%s' "$1"; exec cat`;
  const argv = ['sh', '-c', announce, HOSTILE, `shown${LINE}`];
  await pilotty.client.request('session.spawn', {
    name: 'e',
    argv,
    cwd: pilotty.home,
    env: { ...pilotty.env, HOSTILE },
    keep_input: true,
  });
  await pilotty.spawn('other', ['sleep', '1000']);
  await pilotty.run('wait-for', '-s', 'e', 'shown');
  await pilotty.run('type', '-s', 'e', LINE);
  // The last line of a daemon that was killed may be anything.
  appendFileSync(join(pilotty.socketDir, 'pilotty.log'), `${LINE}\n`);
  const lines = SAID.map((line) => `"$0" "$@" ${line}`).join('; ');
  await pilotty.client.request('session.spawn', {
    name: 'person',
    argv: ['sh', '-c', lines, ...pilotty.program],
    cwd: pilotty.home,
    env: { ...pilotty.env, HOSTILE },
  });
  await pilotty.run('wait-for', '-s', 'person', 'Which one');
  const shown = await pilotty.run('output', '-s', 'person', '--ansi');
  expect(shown.stdout).toContain('shown');
  // Of its own a command that prints has no sequences.
  expect(shown.stdout.replaceAll(/[\r\n\t]/g, '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  // Nor is there a row that is none of ours.
  expect(shown.stdout).not.toMatch(/^root {2}running/m);
});

test('a screen in colour is drawn on a terminal, and what is hidden in its text is escaped', async ({
  pilotty,
}) => {
  await pilotty.spawn('c', [
    'sh',
    '-c',
    `printf '\\033[31mred \\342\\200\\256\\033[0m done'; exec sleep 1000`,
  ]);
  await pilotty.run('wait-for', '-s', 'c', 'done');
  const line = `"$0" "$@" snapshot -s c -f ansi`;
  await pilotty.spawn('person', ['sh', '-c', `${line}; exec cat`, ...pilotty.program]);
  await pilotty.run('wait-for', '-s', 'person', 'done');
  const { stdout } = await pilotty.run('output', '-s', 'person', '--ansi');
  expect(stdout).toMatch(/\x1b\[[0-9;]*31mred \\u202e/);
});

test('characters that only a model would read are escaped, and JSON keeps its value', () => {
  const hidden = `plain${String.fromCodePoint(0xe0049, 0xe007f)}\u200f\u061c`;
  expect(safeJson(hidden)).toBe('"plain\\udb40\\udc49\\udb40\\udc7f\\u200f\\u061c"');
  expect(JSON.parse(safeJson(hidden))).toBe(hidden);
  expect(plainSentence('🏴 e\u0301 שלום')).toBe('🏴 e\u0301 שלום');
});
