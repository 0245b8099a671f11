/** How the command finds its native client, and what it is where there is none. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { nativeClient, type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

function run(pilotty: Pilotty, program: string, ...words: string[]) {
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
  const answer = run(pilotty, nativeClient(), 'spawn', '--name', 'first', 'cat');
  expect({ ...answer, stdout: JSON.parse(answer.stdout) }).toMatchObject({
    status: 0,
    stderr: '',
    stdout: { name: 'first' },
  });
});

test('a key that completes names starts no Node where no daemon runs', async ({ pilotty }) => {
  needs('python3');
  const client = nativeClient();
  // Without a PATH there is no Node to become.
  const complete = (...words: string[]) => {
    const env = { ...pilotty.env, PATH: '/nowhere' };
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
  expect(complete('--list', 'sessions')).toEqual({ ...nothing, stdout: 'here\n' });
});
