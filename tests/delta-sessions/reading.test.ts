/** `read`: what was printed and not read, once, wholly, and as soon as there is no more to wait for. */
import { expect } from 'vitest';
import { needs, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { test } from './delta.ts';

test('a read with a timeout ends at the prompt, with all stages of the command', async ({ delta }) => {
  const id = await delta.start('bash', '--norc');
  expect(await delta.read(id, '--timeout', '30000')).toMatch(/ready\$ $/);
  await delta.write(id, 'for i in 1 2 3 4; do sleep 0.2; echo stage $i; done\\n');
  const output = await delta.read(id, '--timeout', '30000');
  expect(output.match(/^stage \d/gm)).toEqual(['stage 1', 'stage 2', 'stage 3', 'stage 4']);
  expect(output).toMatch(/ready\$ $/);
  expect(await delta.read(id)).toBe('');
});

test('a read that waits answers although everything had arrived before it was asked', async ({ delta }) => {
  const id = await delta.start('bash', '--norc');
  await delta.write(id, 'echo over\\n');
  await delta.pilotty.run('wait-for', '-s', id, '^over', '--regex');
  expect(await delta.read(id, '--wait')).toMatch(/\nover\r\n.*ready\$ $/s);
});

test('a prompt from before the input is not taken for the answer to it', async ({ delta }) => {
  const id = await delta.start('bash', '--norc');
  await delta.pilotty.run('wait-for', '-s', id, 'ready$');
  await delta.write(id, 'sleep 0.3; echo slept\\n');
  expect(await delta.read(id, '--wait')).toContain('\nslept\r\n');
});

test('lines are the first ones, and the rest stays unread', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'seq 1 5; printf six; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, 'six');
  expect(await delta.read(id, '--lines', '2')).toBe('1\r\n2\r\n');
  expect(await delta.read(id, '--wait', '--lines', '2')).toBe('3\r\n4\r\n');
  expect(await delta.read(id, '--lines', '7')).toBe('5\r\nsix');
});

test('a reader of another name reads everything too', async ({ delta }) => {
  const id = await delta.start(...program('echo-keys.cjs'));
  await delta.pilotty.run('wait-for', '-s', id, 'ready');
  expect(await delta.read(id)).toContain('ready');
  expect(await delta.read(id, '--reader', 'second')).toContain('ready');
  expect(await delta.read(id, '--reader', 'second')).toBe('');
});

test('reads at the same time share the output: nothing twice, nothing lost', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'seq 1 2000; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, '2000');
  const parts = await Promise.all(Array.from({ length: 8 }, () => delta.read(id, '--lines', '250')));
  const numbers = parts.join('').trim().split('\r\n').map(Number);
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
});

test('the last words of a program can be read after its end, and then it is dead', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'echo last; exit 7');
  expect(await delta.read(id, '--wait')).toBe('last\r\n');
  const { stdout, stderr, code } = await delta.run('delta-sessions', 'read', id);
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toMatch(`Error: Session ${id} not found or dead (exit code 7)\n`);
});

test('what was seen outlives the daemon', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'echo kept; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, 'kept');
  await delta.json('status', id);
  await delta.pilotty.run('stop');
  expect(await delta.read(id)).toBe('kept\r\n');
  expect(await delta.json('status', id)).toMatchObject({ status: 'terminated', alive: false });
});

test('follow prints what comes until the program ends, to its last byte', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'echo one; read word; echo "two $word"; exit 3');
  const following = delta.startSh(`delta-sessions read ${id} --follow`);
  await until('the first line', () => following.stdout().includes('one\r\n'));
  await delta.write(id, 'more\\n');
  const { stdout, code } = await following.said;
  expect({ stdout, code }).toEqual({ stdout: 'one\r\nmore\r\ntwo more\r\n', code: 0 });
});

test('who reads from a pipe that closes early takes nothing away', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'seq 1 100000; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, '100000');
  await delta.sh(`delta-sessions read ${id} | head -c 5`);
  expect(await delta.read(id)).toMatch(/^1\r\n2\r\n.*\n100000\r\n$/s);
});

test('a character is not read in halves', async ({ delta }) => {
  const id = await delta.start(
    'sh',
    '-c',
    "stty -echo; printf 'caf\\303'; read go; printf '\\251'; exec cat",
  );
  await delta.pilotty.run('wait-for', '-s', id, 'caf');
  expect(await delta.read(id)).toBe('caf');
  await delta.write(id, '\\n');
  await delta.pilotty.run('wait-for', '-s', id, 'café');
  expect(await delta.read(id)).toBe('é');
});

test.for([
  { options: ['--timeout', ''], code: 0 },
  { options: ['--timeout', '0'], code: 0 },
  { options: ['--timeout', 'abc'], code: 1 },
  { options: ['--timeout', '-5'], code: 1 },
  { options: ['--lines', '1.5'], code: 1 },
])('read $options exits with $code', async ({ options, code }, { delta }) => {
  const id = await delta.start('cat');
  expect((await delta.run('delta-sessions', 'read', id, ...options)).code).toBe(code);
});

test('functions of a Python stay, and its prompt ends a read', async ({ delta }) => {
  needs('python3');
  const id = await delta.start('python3', '-i', '-q');
  expect(await delta.read(id, '--wait')).toMatch(/>>> $/);
  await delta.write(id, 'def factorial(n):\\n    return 1 if n <= 1 else n * factorial(n - 1)\\n\\n');
  await delta.read(id, '--wait');
  await delta.write(id, 'factorial(10)\\n');
  expect(await delta.read(id, '--wait')).toContain('3628800');
});

test('more output than anybody keeps is missed in one place, and counted there', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'echo first; read go; seq 1 4000000; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, 'first');
  await delta.json('status', id);
  await delta.write(id, 'go\\n');
  await delta.pilotty.run('wait-for', '-s', id, '-t', '50s', '4000000');
  const { stdout, stderr, code } = await delta.run('delta-sessions', 'read', id);
  const [, missed] = /^(\d+) bytes were printed here and are no longer kept\n$/.exec(stderr) ?? [];
  const printed =
    'first\r\ngo\r\n'.length +
    Array.from({ length: 7 }, (_, digits) => digits).reduce(
      (sum, digits) => sum + (Math.min(10 ** (digits + 1), 4_000_001) - 10 ** digits) * (digits + 3),
      0,
    );
  expect({ code, printed: Buffer.byteLength(stdout) + Number(missed) }).toEqual({ code: 0, printed });
  expect(stdout).toMatch(/^first\r\n(?:go\r\n)?.*\r\n4000000\r\n$/s);
  expect(await delta.read(id)).toBe('');
});

const ASKING: [string, string[]][] = [
  ['a fish', ['fish']],
  ['a ksh', ['ksh']],
  ['a program without a prompt', ['cat']],
  ['a program that polls its terminal', program('echo-keys.cjs')],
];

test.for(ASKING)('a read that waits ends where %s asks for input', async ([, argv], { delta }) => {
  if (argv[0] !== process.execPath) needs(argv[0] ?? '');
  const id = await delta.start(...argv);
  await delta.read(id, '--wait');
  await delta.write(id, 'echo over\\n');
  expect(await delta.read(id, '--wait')).not.toBe('');
});

test('a read waits for what a relay reads from, however long it is silent', async ({ delta }) => {
  needs('script');
  const id = await delta.start('script', '-qc', 'sh', '/dev/null');
  expect(await delta.read(id, '--wait')).toMatch(/ready\$ $/);
  await delta.write(id, 'sleep 2; echo o""ver\\n');
  expect(await delta.read(id, '--wait')).toMatch(/\nover\r\n/);
});

test('state.json has the directory after a read', async ({ delta }) => {
  const id = await delta.start('bash', '--norc');
  await delta.write(id, 'cd /usr/lib\\n');
  await delta.read(id, '--wait');
  expect(delta.file(id, 'state.json')).toContain('"work_dir": "/usr/lib"');
});
