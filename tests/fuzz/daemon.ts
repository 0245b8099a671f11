/** A daemon in this process, with a session to ask about. */
import { mkdtempSync, rmSync } from 'node:fs';
import { DirectClient } from '../../apps/daemon/src/direct-client.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';

export interface RunningDaemon {
  directory: string;
  client(): DirectClient;
  /** The session 'a' runs, and has what was asked for it to be looked at. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** More of them are ended: each has a process. */
const MOST_SESSIONS = 6;

export async function runDaemon(): Promise<RunningDaemon> {
  const directory = mkdtempSync('/tmp/pilotty-fuzz-');
  const { daemon, log, close } = await startInProcess(directory);
  const own = new DirectClient(daemon, log);
  return {
    directory,
    client: () => new DirectClient(daemon, log),
    async restore() {
      const { sessions } = await own.request('session.list', { all: false });
      if (sessions.length > MOST_SESSIONS) await own.request('session.kill', { all: true, grace_ms: 0 });
      const isThere = sessions.length <= MOST_SESSIONS && sessions.some(({ name }) => name === 'a');
      if (!isThere) await own.request('session.spawn', { argv: ['cat'], name: 'a', cwd: '/', env: {} });
    },
    async close() {
      own.close();
      await close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
