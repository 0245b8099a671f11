/** The real sudo asks a person, whose answer it checks: a user and a password that only the test's own daemon and its programs see. */
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { isPermitted } from '../faults/permitted.ts';
import { builtProgram, processTest as test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';
import { CheckedConnection } from '../soak/checked-connection.ts';
import { Ledger } from '../soak/ledger.ts';

const SECRET = 'hunter2-of-Tuesday';
/** What crypt(3) makes of it (openssl passwd -6). */
const HASH =
  '$6$pilotty$6c14dMhG3G5tJzHIkZTF6.2TE1L5QsbRC4Vc9oblFvHCUM8iRVpRqLr.AZmtGFTSBW5OBX24mtmP4aTxxXlPJ0';

test.runIf(process.platform === 'linux')(
  'sudo -A is answered by a person: wrong, asked again, and right',
  async ({ pilotty }) => {
    needs('sudo', 'unshare', 'setpriv');
    if (process.getuid?.() !== 0) return console.warn('skipped: only root can make another user');
    const user = 60_000 + (process.pid % 5000);
    const etc = join(pilotty.directory, 'etc');
    mkdirSync(etc);
    const write = (name: string, text: string, mode: number) =>
      writeFileSync(join(etc, name), text, { mode });
    write('passwd', `root:x:0:0::/:/bin/sh\nasked:x:${user}:${user}::/:/bin/sh\n`, 0o644);
    write('shadow', `root:*:1::::::\nasked:${HASH}:1::::::\n`, 0o600);
    write('sudoers', 'Defaults !lecture, passwd_tries=3\nasked ALL=(ALL) ALL\n', 0o440);
    // In a mount namespace: the machine's own users stay as they are.
    const mounts = ['passwd', 'shadow', 'sudoers'].map(
      (name) => `mount --bind '${etc}/${name}' /etc/${name}`,
    );
    const asUser = `setpriv --reuid ${user} --regid ${user} --clear-groups`;
    const inside = `mount --make-rprivate / && ${mounts.join(' && ')} && exec ${asUser} "$@"`;
    const program = builtProgram('pilotty-daemon.cjs');
    if (!isPermitted('unshare', ['-m', 'sh', '-c', inside, 'sh', 'test', '-r', program])) return;
    for (const path of [pilotty.directory, pilotty.home]) chownSync(path, user, user);
    const words = ['-m', 'sh', '-c', inside, 'sh', ...pilotty.program, 'daemon'];
    await runFile('unshare', words, { env: pilotty.env, cwd: '/' });

    const ledger = new Ledger();
    // Root may use any socket.
    const connection = await CheckedConnection.open(`${pilotty.socketDir}/pilotty.sock`, ledger);
    try {
      const argv = ['sudo', '-A', 'sh', '-c', 'echo "user $(id -u)"; exec cat'];
      const params = { name: 'job', argv, cwd: '/', env: pilotty.env, askpass: true };
      const { session_id: session } = await connection.request('session.spawn', params);
      const asked = async (but?: string) => {
        return await until('a question', async () => {
          const { questions = [] } = await connection.request('session.status', { session });
          return questions.find(({ question }) => question !== but);
        });
      };
      const first = await asked();
      expect(first).toMatchObject({
        prompt: expect.stringContaining('password for asked'),
        program: expect.stringContaining('sudo'),
      });
      await connection.request('session.answer', { session, text: 'wrong' });
      const second = await asked(first.question);
      await connection.request('session.answer', { session, question: second.question, text: SECRET });
      const { outcome } = await connection.request('session.wait', { session, text: 'user 0' });
      expect(outcome).toBe('matched');
      const { text } = await connection.request('session.snapshot', { session, format: 'text' });
      expect(text).toContain('Sorry, try again.');
      expect(text).not.toContain(SECRET);
      await connection.request('session.kill', { session, signal: 'KILL' });
    } finally {
      await connection.request('daemon.stop', {});
    }
  },
);
