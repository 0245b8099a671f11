/** A session's program is started as the asker would have started it, whatever the daemon was started with. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';

const shows =
  "umask; nice; ulimit -Sn; ulimit -Hn; ulimit -Sc; touch made; echo $$; tr '\\0' ' ' < /proc/$$/cmdline";

test.skipIf(!existsSync('/usr/bin/prlimit'))(
  'umask, nice value and limits are those of the client',
  async ({ pilotty }) => {
    const { env, home: cwd, command } = pilotty;
    const sh = (before: string, line: string) =>
      execFileSync('sh', ['-c', `${before}; "$0" "$1" ${line}; exit $?`, process.execPath, command], {
        env,
        cwd,
      }).toString();
    sh('umask 000; ulimit -c 0', 'daemon');
    const asked = sh(
      'umask 027; ulimit -Sn 512; ulimit -Hn 700; ulimit -c 100',
      `run -- nice -n 5 sh -c "${shows.replaceAll('$', '\\$')}"`,
    );
    const [umask, , soft, hard, , ...rest] = asked.trim().split(/\s+/);
    expect([umask, soft, hard]).toEqual(['0027', '512', '700']);
    expect(rest.slice(1, 4)).toEqual(['sh', '-c', 'umask;']);
    expect(statSync(join(cwd, 'made')).mode & 0o777).toBe(0o640);
    const nicer = execFileSync('nice', ['-n', '7', process.execPath, command, 'run', 'nice'], { env, cwd });
    expect(nicer.toString().trim()).toBe('7');
    // The daemon's own files stay what they were, and so does what it starts for others.
    expect(statSync(join(pilotty.socketDir, 'pilotty.log')).mode & 0o777).toBe(0o600);
    expect(sh('umask 002', 'run sh -c umask').trim()).toBe('0002');
  },
);

test('the process is the program, from its first answer on', async ({ pilotty }) => {
  const { client, env, home: cwd } = pilotty;
  const limits = { nofile: { soft: 300, hard: 400 } };
  const spawned = await client.request('session.spawn', {
    argv: ['cat', '-u'],
    cwd,
    env,
    limits,
    umask: 0o77,
  });
  const { pid, foreground } = await client.request('session.status', { session: spawned.session_id });
  expect([pid, foreground?.argv]).toEqual([spawned.pid, ['cat', '-u']]);
  await expect(client.request('session.spawn', { argv: ['/etc'], cwd, env, limits })).rejects.toMatchObject({
    code: 'SPAWN_FAILED',
  });
});
