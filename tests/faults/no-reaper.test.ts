/** A daemon in a container whose first process waits for no child: what ends there stays as a zombie, which is no process that runs. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { processTest as test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const NAMESPACE = ['--pid', '--fork', '--kill-child', '--mount-proc'];
/** The shell becomes a program that waits for nobody. */
const FIRST_PROCESS = `"$@" || exit 1; : > started; exec sleep 1000`;
/** Children that outlive their parent are given to the first process. */
const LEAVES_CHILDREN =
  'for i in 1 2 3; do (sleep 1000 & sleep 1000 & exec sleep 0); done; echo ready; exec cat';

test.runIf(process.platform === 'linux')(
  'where nobody reaps, sessions end without survivors, and the daemon stops',
  async ({ pilotty }) => {
    const tried = spawnSync('unshare', [...NAMESPACE, 'true'], { encoding: 'utf8' });
    if (tried.status !== 0)
      return console.warn(`skipped: no process namespace can be made here: ${tried.stderr ?? tried.error}`);
    const words = [...NAMESPACE, 'sh', '-c', FIRST_PROCESS, 'sh', ...pilotty.program, 'daemon'];
    const first = spawn('unshare', words, { env: pilotty.env, cwd: pilotty.home, stdio: 'ignore' });
    const ended = once(first, 'exit');
    try {
      await until('the daemon', () => existsSync(join(pilotty.home, 'started')));
      const { client } = pilotty;
      for (let round = 0; round < 3; round++) {
        const name = `round-${round}`;
        await pilotty.spawn(name, ['sh', '-c', LEAVES_CHILDREN]);
        await client.request('session.wait', { session: name, text: 'ready' });
        const { results } = await client.request('session.kill', { session: name, grace_ms: 20_000 });
        expect(results).toMatchObject([{ session: name, ok: true, survivors: [] }]);
      }
      await pilotty.spawn('last', ['cat']);
      const { sessions } = await client.request('session.list', {});
      expect(sessions.map(({ name }) => name)).toEqual(['last']);
      const stopped = await client.request('daemon.stop', {});
      expect(stopped).toMatchObject({ sessions_ended: 1, survivors: [] });
    } finally {
      first.kill('SIGKILL');
      await ended;
    }
  },
);
