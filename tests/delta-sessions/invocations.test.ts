/** Every line that tool definitions of either generation are known to have, as it stands there. */
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { type Delta, test } from './delta.ts';

/** Not on every machine; what matters is that they get their words, and a terminal. */
const PROGRAMS = ['psql', 'ssh', 'docker', 'vim', 'claude', 'zsh', 'node'];

function addPrograms(delta: Delta): void {
  for (const name of PROGRAMS) delta.addProgram(name, `echo "${name}:$*"; tty; exec cat`);
}

const WITH = ['', ' --sessions-dir elsewhere'];

test.for(
  [
    'start psql -h localhost -U postgres -d mydb',
    'start psql -h localhost --dbname mydb --no-readline',
    'start ssh user@host',
    'start docker exec -it NAME bash',
    'start vim FILE',
    'start claude --project .',
    'start zsh',
    'start node',
  ].flatMap((line) => WITH.map((more) => [line, more] as const)),
)('delta-sessions %s%s', async ([line, more], { delta }) => {
  addPrograms(delta);
  const [, name = '', args = ''] = /^start (\S+) ?(.*)$/.exec(line) ?? [];
  const { stdout: id } = await delta.sh(`delta-sessions ${line}${more} | jq -r .session_id | tr -d '\\n'`);
  expect(id).toMatch(/^sess_[0-9a-f]{8}$/);
  expect((await delta.pilotty.run('wait-for', '-s', id, '/dev/')).code).toBe(0);
  const { stdout } = await delta.sh(`delta-sessions read ${id}${more}`);
  expect(stdout).toMatch(new RegExp(`^${name}:${args.replaceAll('.', '\\.')}\\r\\n/dev/\\S+\\r\\n$`));
});

test.for(
  ['start', 'start bash', 'start bash -i', 'start python3', 'start python3 -i'].flatMap((line) =>
    WITH.map((more) => [line, more] as const),
  ),
)('delta-sessions %s%s, and its prompt', async ([line, more], { delta }) => {
  const started = JSON.parse((await delta.sh(`delta-sessions ${line}${more}`)).stdout);
  expect(started).toEqual({
    session_id: expect.stringMatching(/^sess_[0-9a-f]{8}$/),
    command: line === 'start' ? 'bash' : line.slice('start '.length),
    work_dir: delta.workspace,
    status: 'active',
    pid: expect.any(Number),
  });
  const { stdout, code } = await delta.sh(`delta-sessions read ${started.session_id} --wait${more}`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/(?:\$|#|>>>) $/);
});

test.for(WITH)('every other line of the first generation%s', async (more, { delta }) => {
  for (const program of ['delta-sessions', 'delta-sessions-pty']) {
    const id = JSON.parse((await delta.sh(`${program} start bash --norc${more}`)).stdout).session_id;
    const lines = [
      `${program} read ${id} --timeout 20000${more}`,
      `printf '%s' 'echo "hi"\\n' | ${program} write ${id}${more}`,
      `echo "ls\\n" | ${program} write ${id}${more}`,
      `${program} write-key ${id} enter${more}`,
      `${program} read --timeout 20000 ${id}${more}`,
      `${program} read ${id}${more}`,
      `${program} read ${id} --wait${more}`,
      `${program} read --wait ${id}${more}`,
      `${program} read ${id} --lines 3${more}`,
      `${program} read ${id} --timeout 20000 --lines 3${more}`,
      `${program} read ${id} --wait --lines 3${more}`,
      `${program} list${more}`,
      `${program} status ${id}${more}`,
      `${program} cleanup${more}`,
      `printf '%s' 'exit\\n' | ${program} write ${id}${more}`,
      `${program} read ${id} --follow${more}`,
      `${program} end ${id}${more}`,
      `${program} list${more}`,
    ];
    for (const line of lines)
      expect({ line, ...(await delta.sh(line)) }).toMatchObject({ line, code: 0, stderr: '' });
  }
});

test.for(['delta-sessions', 'delta-sessions-pty'])('%s --help, --version', async (program, { delta }) => {
  const help = await delta.sh(`${program} --help`);
  expect(help.stdout).toContain(`Usage: ${program} COMMAND`);
  expect(await delta.sh(`${program} -h`)).toEqual(help);
  const version = await delta.sh(`${program} --version`);
  expect(version).toEqual({ stdout: expect.stringMatching(`^${program} v\\d`), stderr: '', code: 0 });
  expect(await delta.sh(`${program} -v`)).toEqual(version);
  for (const command of ['start', 'write', 'write-key', 'read', 'status', 'list', 'end', 'cleanup']) {
    const { stdout } = await delta.sh(`${program} ${command} --help`);
    expect(stdout.match(new RegExp(`^  .*${program} ${command}`, 'gm'))?.length).toBeGreaterThanOrEqual(1);
  }
});

test('the line that ends all sessions of an agent', async ({ delta }) => {
  await Promise.all([delta.start('cat'), delta.start('cat'), delta.start('echo', 'over')]);
  const { code, stderr } = await delta.sh(
    "delta-sessions list | jq -r '.[].session_id' | xargs -I {} delta-sessions end {}",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect((await delta.json('list')).map(({ status }: { status: string }) => status)).toEqual(
    Array(3).fill('terminated'),
  );
});

test('as the engine runs its tools, and cleans up after them', async ({ delta }) => {
  mkdirSync(`${delta.workspace}/deeper`);
  const tool = (input: string, ...words: string[]) => {
    const positions = words.map((_, index) => `"$${index + 2}"`).join(' ');
    const quoted = [input, ...words].map((word) => `'${word}'`).join(' ');
    return delta.sh(`sh -c 'printf "%s" "$1" | ${positions}' _ ${quoted}`);
  };
  const id = JSON.parse((await tool('', 'delta-sessions', 'start')).stdout).session_id;
  expect(JSON.parse((await tool('cd deeper\\n', 'delta-sessions', 'write', id)).stdout).bytes).toBe(10);
  await tool('', 'delta-sessions', 'read', id, '--timeout', '20000');
  const sessions = `--sessions-dir ${delta.workspace}/.sessions`;
  const listed = JSON.parse((await delta.sh(`delta-sessions list ${sessions}`, { cwd: '/' })).stdout);
  expect(listed.map(({ session_id }: { session_id: string }) => session_id)).toEqual([id]);
  for (const round of ['first', 'again']) {
    const { stdout } = await delta.sh(`delta-sessions end ${id} ${sessions}`, { cwd: '/' });
    expect([round, JSON.parse(stdout)]).toEqual([round, { status: 'terminated', session_id: id }]);
  }
});
