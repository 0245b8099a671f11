/** A daemon that is started from a startup snapshot, and one that cannot be. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { snapshotFiles } from '../../packages/client/src/startup-snapshot.ts';
import { root } from '../architecture/workspaces.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { missing } from '../harness/programs.ts';
import { leaveSnapshotIn } from '../harness/startup-snapshot.ts';
import { until } from '../harness/until.ts';

/** The built programs in a place of their own, so that what is done to their snapshot is no other test's. */
function installed(pilotty: Pilotty) {
  if (!/^v20\./.test(process.version)) missing('a daemon leaves a snapshot with Node 20 only');
  const dist = join(pilotty.directory, 'dist');
  const isWanted = (path: string) => !/\/web$|\.blob$|\.cache$/.test(path);
  cpSync(dirname(pilotty.command), dist, { recursive: true, filter: isWanted });
  symlinkSync(join(root, 'node_modules'), join(pilotty.directory, 'node_modules'));
  const program = join(dist, 'pilotty-daemon.cjs');
  const { execPath } = process;
  // The native client takes the Node that it finds.
  const env = { ...pilotty.env, PATH: `${dirname(execPath)}:${pilotty.env.PATH}` };
  const files = snapshotFiles(program, env, execPath);
  const native = join(dist, 'native', `${process.platform}-${process.arch}`, 'pilotty');
  const node = [execPath, join(dist, 'pilotty.cjs')];
  return {
    program,
    files,
    own: files.own ?? '',
    leave: () => leaveSnapshotIn(dist),
    clients: existsSync(native) ? [node, [native]] : [node],
    run([file = '', ...first]: readonly string[], words: readonly string[], more: NodeJS.ProcessEnv = {}) {
      const given = { cwd: pilotty.home, env: { ...env, ...more }, encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync(file, [...first, ...words], given);
      return { status, stdout, stderr };
    },
    /** What the daemon that runs was started with. */
    started: () => pilotty.processes().find(({ command }) => command.includes('--socket-dir'))?.command,
  };
}

/** Twenty seconds after the last request, and as long as building takes on a busy machine. */
const AT_REST_WITHIN_MS = 120_000;

const DONE = { status: 0, stderr: '' };

test('a daemon that is at rest leaves it, and both clients start the next one with it', {
  timeout: 4 * AT_REST_WITHIN_MS,
}, async ({ pilotty }) => {
  const { clients, run, files, started } = installed(pilotty);
  const [first = []] = clients;
  expect(run(first, ['spawn', 'sh'])).toMatchObject(DONE);
  expect(started()).not.toContain('--snapshot-blob');
  await until('a snapshot', () => existsSync(files.beside), { deadlineMs: AT_REST_WITHIN_MS });
  expect(run(first, ['stop'])).toMatchObject(DONE);
  for (const client of clients) {
    expect(run(client, ['spawn', 'sh', '-c', 'echo 42; exec cat'])).toMatchObject(DONE);
    expect(started()).toContain(`--snapshot-blob=${files.beside}`);
    // With parts that are loaded now, and by a thread.
    expect(run(client, ['wait-for', '--regex', '4.'])).toMatchObject(DONE);
    expect(run(client, ['snapshot', '--format', 'png'])).toMatchObject(DONE);
    expect(run(client, ['stop'])).toMatchObject(DONE);
  }
});

test('one that was left by another build, or is none, is removed, and the daemon starts without', {
  timeout: 240_000,
}, async ({ pilotty }) => {
  const { clients, run, files, leave, program } = installed(pilotty);
  const spoilers = [
    () => writeFileSync(files.beside, 'no snapshot'),
    () => utimesSync(join(dirname(files.beside), 'serving.cjs'), new Date(), new Date()),
    () => utimesSync(program, new Date(), new Date()),
  ];
  for (const client of clients) {
    for (const spoil of spoilers) {
      await leave();
      spoil();
      expect(run(client, ['spawn', 'cat'])).toMatchObject(DONE);
      expect(existsSync(files.beside)).toBe(false);
      expect(run(client, ['stop'])).toMatchObject(DONE);
    }
  }
});

test("the user's own is used where nobody else can write, and none with options of the user's for Node", {
  timeout: 240_000,
}, async ({ pilotty }) => {
  const { clients, run, files, own, leave, started } = installed(pilotty);
  await leave();
  mkdirSync(dirname(own), { recursive: true, mode: 0o700 });
  renameSync(files.beside, own);
  const startedWith = (client: readonly string[], env?: NodeJS.ProcessEnv) => {
    expect(run(client, ['spawn', 'cat'], env)).toMatchObject(DONE);
    const words = started();
    expect(run(client, ['stop'])).toMatchObject(DONE);
    return words;
  };
  for (const client of clients) {
    expect(startedWith(client)).toContain(`--snapshot-blob=${own}`);
    expect(startedWith(client, { NODE_OPTIONS: '--no-warnings' })).not.toContain('--snapshot-blob');
    chmodSync(dirname(own), 0o777);
    expect(startedWith(client)).not.toContain('--snapshot-blob');
    chmodSync(dirname(own), 0o700);
  }
});
