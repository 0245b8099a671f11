/** What doctor can know of another host over the connection to it. The rest is named, and is to be asked there. */
import { type Client, ConnectionError, type Result } from '@pilotty/client';
import { type Check, checkNodeVersion, checkRunningDaemon } from './daemon-check.ts';
import type { Io } from './io.ts';
import { errorBodyOf } from './output.ts';
import { UsageError } from './usage-error.ts';

export interface There {
  host: string;
  checks: Check[];
  /** They look at files and devices of that host. */
  not_checked: string[];
}

const OF_FILES = [
  'client',
  'code_cache',
  'socket_directory',
  'settings',
  'c_library',
  'terminals',
  'terminfo',
  'shell',
];

/** Starts no daemon there. @throws UsageError about a fleet, with nothing asked */
export async function checkThere(io: Io, client: Client): Promise<There> {
  const { PILOTTY_HOST: host } = io.env;
  if (host === undefined)
    throw new UsageError(
      'doctor is about one host, and not about a fleet',
      'Such as -H nats://SERVER/FLEET/HOST.',
    );
  const answer = await ask(io, client);
  const there = (checks: Check[], ...more: string[]) => ({
    host,
    checks,
    not_checked: [...more, ...OF_FILES],
  });
  if (!(answer instanceof Error)) {
    const { node } = answer;
    return there([
      reached(host),
      checkNodeVersion(node.replace(/^v/, ''), 'runs its daemon'),
      checkRunningDaemon(answer),
    ]);
  }
  if (answer instanceof ConnectionError && answer.isAbsent) {
    const detail = 'not running; the first command that needs it starts it';
    return there([reached(host), { name: 'daemon', ok: true, detail }], 'node');
  }
  const { message, suggestion } = errorBodyOf(answer);
  return there([{ name: 'host', ok: false, detail: message, suggestion }], 'node', 'daemon');
}

function reached(host: string): Check {
  return {
    name: 'host',
    ok: true,
    detail: `${host} answers`,
    suggestion: "'pilotty doctor' on that host checks its files and devices.",
  };
}

async function ask({ signal }: Io, client: Client): Promise<Result<'daemon.info'> | Error> {
  try {
    return await client.request('daemon.info', {}, { signal });
  } catch (error) {
    signal.throwIfAborted();
    return error as Error;
  }
}
