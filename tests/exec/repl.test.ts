/** Code in the prompts of programs that are no shells. */
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { type ExecAnswer, test } from './shell-session.ts';

const seen = ({ stdout, stderr, error, exit_code, outcome }: ExecAnswer) => ({
  stdout,
  stderr,
  error,
  exit_code,
  outcome,
});
const fine = (stdout: string) => ({ stdout, stderr: '', error: false, exit_code: null, outcome: 'matched' });

test('python shows values, keeps names and imports, and takes blocks of any shape', async ({ shells }) => {
  needs('python3');
  const session = await shells.start(['python3', '-q']);
  const run = async (code: string) => seen(await shells.exec(session, code));
  expect(await run('1 + 1')).toEqual(fine('2\n'));
  expect(await run('_ * 21')).toEqual(fine('42\n'));
  expect(await run("import os\nx = 'ä'\nx")).toEqual(fine("'ä'\n"));
  expect(await run('def f(n):\n    if n:\n\n        return n * 2\n    return None\nf(4)\nf(0)\nx')).toEqual(
    fine("8\n'ä'\n"),
  );
  expect(await run('for i in range(3):\n  print(i, end="")')).toEqual(fine('012'));
  expect(await run('class A:\n\n  def g(self): return 1\n\n\nA().g()')).toEqual(fine('1\n'));
  expect(await run('_ = os.system("echo child; echo problem >&2")')).toEqual({
    ...fine('child\n'),
    stderr: 'problem\n',
  });
  expect(await run("print('>>> ')")).toEqual(fine('>>> \n'));
  expect(await run('')).toEqual(fine(''));
  expect((await shells.exec(session, 'os.chdir("/")')).cwd).toBe('/');
});

test("python's errors are errors, with a traceback of the code alone", async ({ shells }) => {
  needs('python3');
  const session = await shells.start(['python3', '-q']);
  expect(seen(await shells.exec(session, 'print("before")\n1 / 0'))).toEqual({
    ...fine('before\n'),
    error: true,
    stderr: expect.stringMatching(
      /^Traceback \(most recent call last\):\n {2}File "<exec>", line 2, in <module>\n[^"]*ZeroDivisionError: division by zero\n$/,
    ),
  });
  expect(seen(await shells.exec(session, 'if x'))).toEqual({
    ...fine(''),
    error: true,
    stderr: expect.stringMatching(/^ {2}File "<exec>", line 1\n[^"]*SyntaxError: .*\n$/),
  });
  expect(seen(await shells.exec(session, 'input()')).stderr).toContain('EOFError');
  expect(seen(await shells.exec(session, '"still here"'))).toEqual(fine("'still here'\n"));
  expect(await shells.exec(session, 'raise SystemExit(4)')).toMatchObject({
    outcome: 'exited',
    exit_code: 4,
  });
});

test('an endless loop in python is interrupted', async ({ shells, pilotty }) => {
  needs('python3');
  const session = await shells.start(['python3', '-q']);
  // The deadline is not for a program that starts.
  await shells.exec(session, 'pass');
  const early = await shells.exec(session, 'print("on")\nwhile True: pass', { timeout_ms: 3000 });
  expect(early).toMatchObject({ outcome: 'deadline' });
  await pilotty.run('key', '-s', session, 'Ctrl+C');
  const late = await shells.exec(session, undefined);
  expect(seen(late)).toMatchObject({
    error: true,
    outcome: 'matched',
    stderr: expect.stringContaining('KeyboardInterrupt'),
  });
});

test('node shows values, keeps declarations, and waits for what is awaited', async ({ shells }) => {
  const session = await shells.start(['node']);
  const run = async (code: string) => seen(await shells.exec(session, code));
  expect(await run('const a = 5; a * 2')).toEqual(fine('10\n'));
  expect(await run('function f(n) {\n\n  return n + a;\n}\nf(1)')).toEqual(fine('6\n'));
  expect(await run('console.log("out"); console.error("err"); ({ a, b: [1] })')).toEqual({
    ...fine('out\n{ a: 5, b: [ 1 ] }\n'),
    stderr: 'err\n',
  });
  expect(await run('const late = await new Promise((resolve) => setTimeout(resolve, 20, 7)); late')).toEqual(
    fine('7\n'),
  );
  expect(await run('late + a')).toEqual(fine('12\n'));
  expect(await run('throw new TypeError("wrong")')).toMatchObject({
    error: true,
    stderr: expect.stringMatching(/^Uncaught TypeError: wrong\n/),
  });
  expect(await run('await Promise.reject(new Error("later"))')).toMatchObject({
    error: true,
    stderr: expect.stringContaining('later'),
  });
  expect(await run('let y = ')).toMatchObject({
    error: true,
    stderr: expect.stringContaining('SyntaxError'),
  });
  expect(await run('a')).toEqual(fine('5\n'));
});

test('sqlite3 keeps a transaction, and says what is wrong', async ({ shells }) => {
  needs('sqlite3');
  const session = await shells.start(['sqlite3', ':memory:']);
  const run = async (code: string) => seen(await shells.exec(session, code));
  expect(await run('create table t(a);\nbegin;\ninsert into t values (1), (2)')).toEqual(fine(''));
  expect(await run('select * from t;')).toEqual(fine('1\n2\n'));
  expect(await run('select * from missing')).toMatchObject({
    error: true,
    stderr: expect.stringContaining('no such table'),
  });
  expect(await run('rollback;\n.mode list\nselect count(*) from t')).toEqual(fine('0\n'));
});

test('a program that reads a script, or its own input, is no prompt', async ({ shells, pilotty }) => {
  needs('python3');
  const session = await shells.start(['python3', '-c', 'print("asks"); input()']);
  await pilotty.run('wait-for', '-s', session, 'asks');
  await pilotty.run('key', '-s', session, 'x');
  const refused = await pilotty.run('exec', '-s', session, '1');
  expect(refused.error()).toMatchObject({
    code: 'CONDITION_FAILED',
    message: expect.stringContaining('has the keyboard'),
  });
});

test('a python started in a shell takes code, and then the shell takes commands again', async ({
  shells,
  pilotty,
}) => {
  needs('python3');
  const session = await shells.start(['bash']);
  await shells.exec(session, 'V=1');
  await pilotty.run('type', '-s', session, 'python3 -q', '--enter');
  const code = () => shells.exec(session, '6 * 7').catch(() => undefined);
  expect(seen(await until('python', code))).toEqual(fine('42\n'));
  await pilotty.run('type', '-s', session, 'exit()', '--enter');
  expect((await shells.exec(session, 'echo $V')).stdout).toBe('1\n');
});
