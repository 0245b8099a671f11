/** `exec`: one call, the whole answer, all state kept; and what went wrong with each of these in the original. */
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { countOf, type Delta, test } from './delta.ts';

/** As a tool definition does it: the command on stdin, without a newline. */
function exec(delta: Delta, id: string, input: string, ...options: string[]) {
  return delta.run('delta-sessions', 'exec', id, ...options, { input });
}

test("output, errors and exit code are the command's own", async ({ delta }) => {
  const id = await delta.start();
  const said = await exec(delta, id, 'echo out; echo err >&2; (exit 4)');
  expect(said).toEqual({ stdout: 'out\n', stderr: 'err\n', code: 4 });
});

test('as one object, as the guide shows it', async ({ delta }) => {
  const id = await delta.start();
  const { stdout, code } = await exec(delta, id, 'echo out; echo err >&2; (exit 4)', '--json');
  expect({ ...JSON.parse(stdout), code }).toMatchObject({
    stdout: 'out\n',
    stderr: 'err\n',
    exit_code: 4,
    execution_time_ms: expect.any(Number),
    code: 4,
  });
});

test('a command may also be an argument, and what follows it is its own', async ({ delta }) => {
  const id = await delta.start();
  expect((await delta.sh(`delta-sessions exec ${id} "echo a; echo b"`)).stdout).toBe('a\nb\n');
  expect((await delta.sh(`delta-sessions exec ${id} echo --json`)).stdout).toBe('--json\n');
  expect((await delta.sh(`delta-sessions exec --json ${id} -- echo --json | jq -r .stdout`)).stdout).toBe(
    '--json\n\n',
  );
});

test('cd, export, function and plain variable: in the original 0 of 4 persisted', async ({ delta }) => {
  const id = await delta.start();
  await exec(delta, id, 'cd /tmp');
  await exec(delta, id, 'export EXPORTED=yes');
  await exec(delta, id, 'f() { echo "f of $1"; }');
  await exec(delta, id, 'plain=yes; shopt -s nullglob');
  const { stdout } = await exec(
    delta,
    id,
    'pwd; sh -c \'echo "$EXPORTED"\'; f x; echo "$plain"; shopt nullglob',
  );
  expect(stdout).toBe('/tmp\nyes\nf of x\nyes\nnullglob       \ton\n');
  expect(JSON.parse(delta.file(id, 'state.json')).work_dir).toBe('/tmp');
});

test('Python variables, imports and blocks: in the original each exec had a new Python', async ({
  delta,
}) => {
  needs('python3');
  const id = await delta.start('python3');
  await exec(delta, id, 'import math\ndef twice(n):\n    return 2 * n\nx = 21');
  expect(await exec(delta, id, 'print(twice(x), math.pi > 3)')).toEqual({
    stdout: '42 True\n',
    stderr: '',
    code: 0,
  });
  const { stdout, stderr, code } = await exec(delta, id, '1 / 0');
  expect({ said: stdout + stderr, code }).toEqual({
    said: expect.stringContaining('ZeroDivisionError'),
    code: 1,
  });
});

test('two megabytes into a pipe: the original cut them, 10 times of 10', async ({ delta }) => {
  const id = await delta.start();
  const cut = await countOf(10, async () => {
    const { stdout } = await delta.sh(`printf 'seq 1 300000' | delta-sessions exec ${id} | cksum`);
    return stdout !== (await delta.sh('seq 1 300000 | cksum')).stdout;
  });
  expect(cut).toBe(0);
});

test('eight commands at once, five times: in the original 3 of 40 failed, and 18 were counted', async ({
  delta,
}) => {
  const id = await delta.start();
  const failed = await countOf(5, async (round) => {
    const words = Array.from({ length: 8 }, (_, index) => `${round}-${index}`);
    const answers = await Promise.all(words.map((word) => exec(delta, id, `echo ${word}`)));
    return answers.some(({ stdout, code }, index) => code !== 0 || stdout !== `${words[index]}\n`);
  });
  expect(failed).toBe(0);
  expect((await delta.json('list'))[0]).toMatchObject({ execution_count: 40 });
  expect(delta.file(id, 'history.log').trim().split('\n')).toHaveLength(40);
});

test('a script of a megabyte: the original took 128 KiB', async ({ delta }) => {
  const id = await delta.start();
  const script = `${': all work and no play\n'.repeat(50_000)}echo the end`;
  expect(await exec(delta, id, script)).toEqual({ stdout: 'the end\n', stderr: '', code: 0 });
});

test('what the original made of a script, and what it is', async ({ delta }) => {
  const id = await delta.start();
  const cases: [script: string, stdout: string, code: number][] = [
    ['read word; echo "read: $word"; echo goes on', 'read: \ngoes on\n', 0],
    ['cat; echo after', 'after\n', 0],
    ["cat <<'DELTA_CMD_EOF'\ninside\nDELTA_CMD_EOF\necho outside", 'inside\noutside\n', 0],
    ['echo "%s\\n" C:\\\\temp', '%s\\n C:\\temp\n', 0],
    ['for i in 1 2; do\n  echo $i\ndone', '1\n2\n', 0],
    ["printf 'no newline'", 'no newline', 0],
    ['sh -c "exit 7"', '', 7],
    ['sleep 30 & echo started', 'started\n', 0],
  ];
  for (const [script, stdout, code] of cases) {
    expect({ script, ...(await exec(delta, id, script)) }).toMatchObject({ script, stdout, code });
  }
});

test("a word that is a shell command is a program's name, and starts nothing", async ({ delta }) => {
  const { code, stderr } = await delta.run('delta-sessions', 'start', 'echo INJ; bash');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining("Cannot start 'echo INJ; bash'"),
  });
});

test('a deadline answers with what there is, and the rest can be waited for', async ({ delta }) => {
  const id = await delta.start();
  const script = 'echo early; until [ -e go ]; do sleep 0.05; done; echo late; (exit 5)';
  // The deadline counts from the request on, and a shell takes its time to start.
  await exec(delta, id, 'true');
  const part = await exec(delta, id, script, '--timeout', '2000');
  expect(part).toEqual({ stdout: 'early\n', stderr: expect.stringMatching(`exec ${id} --wait`), code: 124 });
  const rest = delta.run('delta-sessions', 'exec', id, '--wait');
  await delta.sh('touch go');
  expect(await rest).toEqual({ stdout: 'late\n', stderr: '', code: 5 });
});

test('exit ends the session, and is answered', async ({ delta }) => {
  const id = await delta.start();
  expect((await exec(delta, id, 'exit 3')).code).toBe(3);
  expect(await delta.json('status', id)).toMatchObject({ status: 'terminated', exit_code: 3 });
  const { stderr, code } = await exec(delta, id, 'pwd');
  expect({ code, said: stderr.split('\n')[0] }).toEqual({
    code: 1,
    said: `Error: Session ${id} is terminated`,
  });
});

test.for([
  [['exec'], '', 'Usage: delta-sessions exec <session_id> < command'],
  [['exec', 'sess_none'], 'pwd', 'Session sess_none not found'],
  [['exec', 'ID'], ' \n', 'No command provided (stdin is empty)'],
] as const)('%j with %j on stdin: %s', async ([words, input, message], { delta }) => {
  const id = await delta.start();
  const asked = words.map((word) => (word === 'ID' ? id : word));
  const { stdout, stderr, code } = await delta.run('delta-sessions', ...asked, { input });
  expect({ stdout, code, said: stderr.split('\n')[0] }).toEqual({
    stdout: '',
    code: 1,
    said: `Error: ${message}`,
  });
});

test('history.log tells what ran', async ({ delta }) => {
  const id = await delta.start();
  await exec(delta, id, 'ls nonexistent');
  expect(JSON.parse(delta.file(id, 'history.log'))).toEqual({
    timestamp: expect.stringMatching(/Z$/),
    command: 'ls nonexistent',
    exit_code: 2,
    execution_time_ms: expect.any(Number),
  });
  const { last_executed_at, execution_count } = JSON.parse(delta.file(id, 'metadata.json'));
  expect({ last_executed_at, execution_count }).toEqual({
    last_executed_at: expect.any(String),
    execution_count: 1,
  });
});
