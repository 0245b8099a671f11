/** A daemon whose last descriptor is in use, while clients are connected or come: what it says, that it goes on, that it recovers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { MethodName, Params } from '../../packages/client/src/index.ts';
import { RequestError } from '../../packages/client/src/index.ts';
import { type Pilotty, processTest as test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';
import { CheckedConnection } from '../soak/checked-connection.ts';
import { Ledger } from '../soak/ledger.ts';

const openIn = (pid: number) => readdirSync(`/proc/${pid}/fd`).map(Number);
const RAN_OUT = 'no file descriptor was left: only clients that make room can connect';

/** What is kept of the sessions that there are. */
function recorded({ home }: Pilotty): string {
  const directory = join(home, '.local/state/pilotty/sessions');
  if (!existsSync(directory)) return '';
  return readdirSync(directory, { recursive: true })
    .filter((name) => String(name).endsWith('sessions.json'))
    .map((name) => readFileSync(join(directory, String(name)), 'utf8'))
    .join();
}

test.runIf(process.platform === 'linux')(
  'without a descriptor left each request is answered: done, or refused with what it lacks',
  async ({ pilotty }) => {
    needs('prlimit', 'bash');
    const { client } = pilotty;
    await pilotty.spawn('shell', ['bash', '--norc']);
    await pilotty.spawn('quiet', ['cat']);
    await client.request('session.wait', { session: 'shell', prompt: true });
    const { pid } = await client.request('daemon.info', {});
    // What is kept of them on disk is written half a second later, by a descriptor that must not be among these.
    await until('the record of both', () => recorded(pilotty).includes('"quiet"'));
    const open = openIn(pid);
    const limit = (most: number) => runFile('prlimit', ['--pid', String(pid), `--nofile=${most}:4096`]);

    await limit(Math.max(...open) + 1);
    await until('the daemon to see it', () => pilotty.log().includes(RAN_OUT));
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
      gc: await asked('daemon.gc', {}),
    };
    const refused = {
      png: await asked('session.snapshot', { session: 'shell', format: 'png' }),
      spawn: await asked('session.spawn', { argv: ['cat'], cwd: '/', env: pilotty.env }),
      exec: await asked('session.exec', { session: 'shell', command: 'echo hi' }),
      record: await asked('recording.start', { session: 'quiet', file: join(pilotty.home, 'x.cast') }),
      restart: await asked('session.restart', { session: 'quiet' }),
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
    await until('its spare descriptors', () => pilotty.log().includes('file descriptors are free again'));
    await until('no more to be open than before', () => openIn(pid).length <= open.length);
    const faults = pilotty
      .log()
      .split('\n')
      .filter((line) => /"level":(50|60)/.test(line));
    expect(faults.map((line) => JSON.parse(line).msg)).toEqual([RAN_OUT]);
  },
);

test.runIf(process.platform === 'linux')(
  'a socket that cannot take a connection: those that make room get in, and all once there are descriptors',
  async ({ pilotty }) => {
    needs('prlimit');
    await pilotty.run('spawn', '--name', 'first', 'cat');
    const { pid } = (await pilotty.run('info')).json();
    await until('its record', () => recorded(pilotty).includes('"first"'));
    const before = openIn(pid);
    const most = Math.max(...before) + 1;
    // Each gets the lowest number that is free: then there is none below the highest.
    const ledger = new Ledger();
    const connections: CheckedConnection[] = [];
    for (let gaps = most - before.length; gaps > 0; gaps--)
      connections.push(await CheckedConnection.open(`${pilotty.socketDir}/pilotty.sock`, ledger));
    await runFile('prlimit', ['--pid', String(pid), `--nofile=${most}:4096`]);
    expect(openIn(pid)).toHaveLength(most);

    const listed = async () => (await pilotty.run('list-sessions')).code === 0;
    await until('a command that makes room to be answered', listed);
    const { faults } = (await pilotty.run('info')).json();
    expect(faults).toMatchObject({ count: 1, last: RAN_OUT });
    expect((await pilotty.run('doctor')).stdout).toContain(RAN_OUT);
    expect((await pilotty.run('spawn', 'cat')).error().code).toBe('LIMIT_REACHED');
    // Those who were there before are served as before.
    for (const connection of connections) await connection.request('session.status', { session: 'first' });

    await runFile('prlimit', ['--pid', String(pid), '--nofile=4096:4096']);
    await until('its spare descriptors', () => pilotty.log().includes('file descriptors are free again'));
    expect((await pilotty.run('spawn', '--name', 'second', 'cat')).code).toBe(0);
    expect((await pilotty.run('kill', '-s', 'second')).code).toBe(0);
    for (const connection of connections) connection.cut();
    expect(ledger.faults).toEqual([]);
    await until('as many descriptors as before', () => openIn(pid).length <= before.length);
  },
);
