/** How the command finds its native client, and what it is where there is none. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { daemonArguments } from '../../packages/client/src/node.ts';
import { findProcess } from '../../packages/daemon/src/processes/process-table.ts';
import { socketPathsIn } from '../../packages/protocol/src/index.ts';
import { root } from '../architecture/workspaces.ts';
import { openFiles } from '../harness/open-files.ts';
import { nativeClient, type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

function run(pilotty: Pick<Pilotty, 'home' | 'env'>, program: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: pilotty.home,
    env: pilotty.env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The built programs in a place of their own, and the script that starts them. */
function installed(pilotty: Pilotty, name: string): string {
  const place = join(pilotty.directory, name);
  cpSync(dirname(pilotty.command), place, { recursive: true, filter: (path) => !path.endsWith('/web') });
  return place;
}

test('by its name, a link to a link, and in a directory with a space', async ({ pilotty }) => {
  nativeClient();
  const place = installed(pilotty, 'with a space');
  const script = join(place, 'pilotty.sh');
  await pilotty.client.request('daemon.info', {});
  mkdirSync(join(pilotty.directory, 'bin'));
  symlinkSync('../with a space/pilotty.sh', join(pilotty.directory, 'bin/first'));
  symlinkSync(join(pilotty.directory, 'bin/first'), join(pilotty.directory, 'bin/second'));
  for (const program of [script, join(pilotty.directory, 'bin/first'), join(pilotty.directory, 'bin/second')])
    expect(JSON.parse(run(pilotty, program, 'info').stdout)).toMatchObject({ type: 'daemon_info' });
  // It was the native client: without the Node program it still answers.
  renameSync(join(place, 'pilotty.cjs'), join(place, 'gone.cjs'));
  expect(run(pilotty, script, 'info')).toMatchObject({ status: 0, stderr: '' });
  expect(run(pilotty, script, 'doctor').status).not.toBe(0);
});

test('with more descriptors left open for it than it can wait for, it is the Node program', async ({
  pilotty,
}) => {
  needs('bash');
  nativeClient();
  const place = installed(pilotty, 'crowded');
  await pilotty.client.request('daemon.info', {});
  const crowded =
    'ulimit -n 2048; for ((fd = 3; fd < 1100; fd++)); do eval "exec $fd</dev/null"; done; exec "$@"';
  const info = () => run(pilotty, 'bash', '-c', crowded, 'bash', join(place, 'pilotty.sh'), 'info');
  expect(JSON.parse(info().stdout)).toMatchObject({ type: 'daemon_info' });
  renameSync(join(place, 'pilotty.cjs'), join(place, 'gone.cjs'));
  expect(info().status).not.toBe(0);
});

test('without one it is the Node program, and doctor says which of the two there is', async ({ pilotty }) => {
  const place = installed(pilotty, 'other');
  const script = join(place, 'pilotty.sh');
  const clientOf = () =>
    JSON.parse(run(pilotty, script, 'doctor').stdout).checks.find(
      ({ name }: { name: string }) => name === 'client',
    );
  if (nativeClient())
    expect(clientOf()).toMatchObject({ ok: true, detail: expect.stringContaining('native: /') });
  rmSync(join(place, 'native'), { recursive: true });
  await pilotty.client.request('daemon.info', {});
  expect(run(pilotty, script, 'list-sessions')).toMatchObject({ status: 0, stderr: '' });
  expect(clientOf()).toMatchObject({ ok: true, suggestion: expect.stringContaining('C compiler') });
});

test('with no daemon it is the Node program, which starts one', ({ pilotty }) => {
  const answer = run(pilotty, nativeClient(), 'list-sessions');
  expect({ ...answer, stdout: JSON.parse(answer.stdout) }).toMatchObject({
    status: 0,
    stderr: '',
    stdout: { sessions: [] },
  });
});

/** An installation whose `node` writes down what it is started with, and a native client that finds it. */
function watched(pilotty: Pilotty) {
  nativeClient();
  const place = installed(pilotty, 'watched');
  symlinkSync(join(root, 'node_modules'), join(pilotty.directory, 'node_modules'));
  const log = join(pilotty.directory, 'starts');
  mkdirSync(join(pilotty.directory, 'bin'));
  writeFileSync(
    join(pilotty.directory, 'bin/node'),
    `#!/bin/sh\necho "$*" >>'${log}'\nexec '${process.execPath}' "$@"\n`,
    { mode: 0o755 },
  );
  const env = { ...pilotty.env, PATH: `${pilotty.directory}/bin:${pilotty.env.PATH}` };
  const native = join(place, 'native', `${process.platform}-${process.arch}`, 'pilotty');
  return {
    place,
    starts: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    run: (...words: string[]) => run({ home: pilotty.home, env }, native, ...words),
  };
}

test('the first session costs one start of Node: of the daemon, with the words that the Node program gives it', ({
  pilotty,
}) => {
  const { place, starts, run: runNative } = watched(pilotty);
  expect(runNative('spawn', '--name', 'first', 'cat')).toMatchObject({ status: 0, stderr: '' });
  expect(runNative('list-sessions').stdout).toContain('"first"');
  const words = daemonArguments(join(place, 'pilotty-daemon.cjs'), socketPathsIn(pilotty.socketDir));
  expect(starts()).toEqual([words.join(' ')]);
});

test('no daemon is started for a line that may be a mistake, or ask for help', ({ pilotty }) => {
  const { starts, place, run: runNative } = watched(pilotty);
  renameSync(join(place, 'pilotty.cjs'), join(place, 'gone.cjs'));
  const lines = [
    ['spawn'],
    ['spawn', '--help'],
    ['spawn', '--name', 'x'],
    ['spawn', '--bogus', 'cat'],
    ['spawn', '--name', 'x', '--', '--help'],
    ['key', 'Enter'],
  ];
  for (const words of lines) expect(runNative(...words).status).not.toBe(0);
  expect(starts()).toEqual(lines.map((words) => `${join(place, 'pilotty.cjs')} ${words.join(' ')}`));
});

test('what a killed daemon has left is for the Node program, and so is a daemon that cannot start', async ({
  pilotty,
}) => {
  const client = nativeClient();
  // It outlives the terminal that its daemon takes along.
  await pilotty.spawn('lost', ['sh', '-c', 'trap "" HUP; echo outlives; exec sleep 1000']);
  await pilotty.client.request('session.wait', { session: 'lost', text: 'outlives' });
  const { pid } = await pilotty.client.request('daemon.info', {});
  process.kill(pid, 'SIGKILL');
  await until('the daemon to be gone', () => !pilotty.processes().some((found) => found.pid === pid));
  const next = run(pilotty, client, 'spawn', '--name', 'next', 'cat');
  expect(next).toMatchObject({ status: 0, stderr: expect.stringContaining('was killed and left running') });
  for (const { pid: orphan, command } of pilotty.processes())
    if (command.includes('sleep')) process.kill(orphan, 'SIGKILL');
  expect(run(pilotty, client, 'stop').status).toBe(0);
  const env = { ...pilotty.env, PILOTTY_REDACT: '(' };
  const [native, node] = [[client], [process.execPath, pilotty.command]].map(([file = '', ...words]) => {
    const { status, stdout, stderr } = spawnSync(file, [...words, 'spawn', 'cat'], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  });
  expect(native).toEqual(node);
  expect(native?.status).not.toBe(0);
});

/** Of the daemon's process, what it has from the one that started it. */
function inherited(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const open = Array.from(openFiles(pid), ([descriptor, file]) => `${descriptor} ${file}`);
  return {
    directory: readlinkSync(`/proc/${pid}/cwd`),
    environment: readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').sort(),
    signals: status.match(/^Sig(?:Blk|Ign):.*/gm),
    isLeader: findProcess(pid)?.session === pid,
    streams: open.filter((line) => /^[012] /.test(line)).sort(),
    ours: open.filter((line) => line.endsWith('/os-release')),
  };
}

test.runIf(process.platform === 'linux')(
  'the daemon has nothing of its client but the environment, whichever of the two started it',
  async ({ pilotty }) => {
    const client = nativeClient();
    const script = 'trap "" HUP; exec 7</etc/os-release 30</etc/os-release; exec "$@"';
    const started: unknown[] = [];
    for (const words of [[client], [process.execPath, pilotty.command]]) {
      const { status } = spawnSync('bash', ['-c', script, 'bash', ...words, 'spawn', 'cat'], {
        env: pilotty.env,
        cwd: pilotty.home,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      expect(status).toBe(0);
      const { pid } = (await pilotty.run('info')).json();
      started.push(inherited(pid));
      expect((await pilotty.run('stop')).code).toBe(0);
    }
    expect(started[0]).toEqual(started[1]);
    expect(started[0]).toMatchObject({ directory: '/', isLeader: true, ours: [] });
  },
);

test('a key that completes names starts no Node where no daemon runs', async ({ pilotty }) => {
  needs('python3');
  const client = nativeClient();
  // Without a PATH there is no Node to become.
  const complete = (...words: string[]) => completeWith('/nowhere', ...words);
  const completeWith = (PATH: string | undefined, ...words: string[]) => {
    const env = { ...pilotty.env, PATH };
    const { status, stdout, stderr } = spawnSync(client, ['completion', ...words], { env, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const nothing = { status: 0, stdout: '', stderr: '' };
  // No directory; one without a socket; the socket of a daemon that is gone.
  expect(complete('--list', 'sessions')).toEqual(nothing);
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  expect(complete('--list', 'tags')).toEqual(nothing);
  spawnSync('python3', [
    '-c',
    'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])',
    join(pilotty.socketDir, 'pilotty.sock'),
  ]);
  expect(complete('--list', 'running')).toEqual(nothing);
  // What is wrong is for the Node program to say.
  expect(complete('--list', 'nothing')).toMatchObject({ status: 127 });
  expect(complete('bash')).toMatchObject({ status: 127 });
  rmSync(join(pilotty.socketDir, 'pilotty.sock'));
  await pilotty.spawn('here', ['cat']);
  // A daemon that answers late is asked by the Node program.
  expect(completeWith(pilotty.env.PATH, '--list', 'sessions')).toEqual({ ...nothing, stdout: 'here\n' });
});
