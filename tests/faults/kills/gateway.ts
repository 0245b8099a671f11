/** The gateway killed while it answers: sessions go on, and the next one is as the one before. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLocalClient } from '../../../packages/client/src/node.ts';
import { until } from '../../harness/until.ts';
import type { KillsOptions } from './kills.ts';
import { isRunning } from './load.ts';

const run = promisify(execFile);

export async function killGateway(
  { dist, env }: Pick<KillsOptions, 'dist' | 'env'>,
  fault: (what: string) => void,
): Promise<void> {
  const serve = async (...words: string[]) => {
    const { stdout } = await run(process.execPath, [join(dist, 'pilotty.cjs'), 'serve', ...words], { env });
    return JSON.parse(stdout);
  };
  const client = createLocalClient({ env, cwd: '/' });
  const program = { argv: ['/bin/cat'], cwd: '/', env, name: 'served', background: true };
  const { session_id: session } = await client.request('session.spawn', program);
  const before = await client.request('session.status', { session });
  const { pid, url } = await serve('--detach', '--bind', '127.0.0.1:0');
  const { token } = await serve('--show-token');
  const headers = { authorization: `Bearer ${token}` };
  // Answered by nobody, when the gateway is killed.
  const waiting = fetch(`${url}sessions/${session}/wait`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'never', timeout_ms: 600_000 }),
  }).then(
    () => fault('a wait was answered that nobody has answered'),
    () => {},
  );
  await fetch(`${url}sessions`, { headers });
  process.kill(pid, 'SIGKILL');
  await until('the gateway to be gone', () => !isRunning(pid));
  await waiting;
  const after = await client.request('session.status', { session });
  if (after.pid !== before.pid || after.state !== 'running') fault('the session ended with the gateway');

  const next = await serve('--detach', '--bind', new URL(url).host);
  const { sessions } = (await (await fetch(`${next.url}sessions`, { headers })).json()) as {
    sessions: { name: string }[];
  };
  if (sessions[0]?.name !== 'served') fault('the next gateway does not show the session');
  await serve('--stop');
  await client.request('session.kill', { session });
  client.close();
}
