/** A daemon whose last descriptor is in use, while clients are connected: what it says, that it goes on, that it recovers. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { MethodName, Params } from '../../packages/client/src/index.ts';
import { RequestError } from '../../packages/client/src/index.ts';
import { processTest as test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';

test.runIf(process.platform === 'linux')(
  'without a descriptor left each request is answered: done, or refused with what it lacks',
  async ({ pilotty }) => {
    needs('prlimit', 'bash');
    const { client } = pilotty;
    await pilotty.spawn('shell', ['bash', '--norc']);
    await pilotty.spawn('quiet', ['cat']);
    await client.request('session.wait', { session: 'shell', prompt: true });
    const { pid } = await client.request('daemon.info', {});
    const open = readdirSync(`/proc/${pid}/fd`).map(Number);
    const limit = (most: number) => runFile('prlimit', ['--pid', String(pid), `--nofile=${most}:4096`]);

    await limit(Math.max(...open) + 1);
    const asked = async <M extends MethodName>(method: M, params: Params<M>): Promise<string> => {
      try {
        await client.request(method, params);
        return 'done';
      } catch (error) {
        return error instanceof RequestError ? error.code : String(error);
      }
    };
    // Nothing is left that is opened later: each of these is answered as it must be, whichever comes first.
    const done = {
      info: await asked('daemon.info', {}),
      list: await asked('session.list', {}),
      status: await asked('session.status', { session: 'shell' }),
      snapshot: await asked('session.snapshot', { session: 'shell' }),
      type: await asked('session.type', {
        session: 'quiet',
        text: 'hello',
        enter: true,
        wait: { text: 'hello' },
      }),
      inspect: await asked('session.inspect', { session: 'shell' }),
    };
    const refused = {
      png: await asked('session.snapshot', { session: 'shell', format: 'png' }),
      spawn: await asked('session.spawn', { argv: ['cat'], cwd: '/', env: pilotty.env }),
      exec: await asked('session.exec', { session: 'shell', command: 'echo hi' }),
      record: await asked('recording.start', { session: 'quiet', file: join(pilotty.home, 'x.cast') }),
      restart: await asked('session.restart', { session: 'quiet' }),
      gc: await asked('daemon.gc', {}),
    };
    expect({ done, refused }).toEqual({
      done: Object.fromEntries(Object.keys(done).map((name) => [name, 'done'])),
      refused: Object.fromEntries(Object.keys(refused).map((name) => [name, 'LIMIT_REACHED'])),
    });
    // Nothing of what was refused was done.
    expect((await client.request('session.list', {})).sessions.map(({ name }) => name)).toEqual([
      'shell',
      'quiet',
    ]);
    expect((await client.request('session.status', { session: 'quiet' })).restarts).toBeUndefined();
    // What makes room is done, and there is room.
    const { results } = await client.request('session.kill', { session: 'quiet' });
    expect(results).toMatchObject([{ session: 'quiet', ok: true, survivors: [] }]);

    await limit(4096);
    expect((await pilotty.run('exec', '-s', 'shell', 'echo recovered')).stdout).toBe('recovered\n');
    await pilotty.spawn('another', ['cat']);
    await client.request('session.kill', { all: true });
    expect(readdirSync(`/proc/${pid}/fd`).length).toBeLessThanOrEqual(open.length);
    expect(pilotty.log()).not.toMatch(/"level":(50|60)/);
  },
);
