/**
 * `-H HOST`, over ssh or NATS: the command runs here, with the daemon of another host. Files it reads and writes, and the
 * terminal, are of this host; programs it starts, and their directories, of that one. `--fleet` is the same for many hosts.
 */
import { noAddress } from '@pilotty/app-fleet/load';
import { type HostAddress, type HostClient, loadHosts } from '@pilotty/client/node';
import { type Asked, callerOf } from './asked.ts';
import type { Always, Command } from './command.ts';
import type { Io } from './io.ts';
import type { There } from './there.ts';
import { UsageError } from './usage-error.ts';

/** `-H HOST ls` as `ls -H HOST`. @throws UsageError */
export function commandFirst(line: readonly string[]): string[] {
  let at = 0;
  while (OPTION.test(line[at] ?? '')) at += HAS_VALUE.test(line[at] as string) ? 1 : 2;
  const [command, ...rest] = line.slice(at);
  if (command === undefined) {
    throw new UsageError(
      `no command stands behind ${line[0]?.startsWith('--fleet') ? '--fleet and its address' : '-H and its host'}`,
      "Such as 'pilotty -H ssh://build.example ls'.",
    );
  }
  return [command, ...line.slice(0, at), ...rest];
}

type Line = Record<string, unknown> & Always;

const OPTION = /^(?:-H|--(?:host|fleet|remote-path)(?:=|$))/;
const HAS_VALUE = /^(?:-H.|--[a-z-]+=)/;
/** A host that is reached over NATS. */
const IN_FLEET = /^(?:nats|tls):/;

/**
 * Nothing is asked of the host before the command does.
 * @returns undefined for a line of a batch, which has it of the batch
 * @throws UsageError
 */
export async function otherHost(
  command: Command,
  given: Line,
  io: Io,
  isInBatch: boolean,
): Promise<There | undefined> {
  if (isInBatch) {
    if (given.host === undefined && given.fleet === undefined)
      return requireSupported(command, given, 'in a batch of this host');
    throw new UsageError('-H is for the whole batch', 'Give it to batch itself: pilotty -H HOST batch FILE.');
  }
  requireSupported(command, given, `without ${namesOfOther(given, io.env).join(' and ')} here`);
  if (given.host !== undefined && given.fleet !== undefined)
    throw new UsageError('-H is one host, and --fleet all of a fleet', 'Give one of them.');
  const { host = given.fleet === undefined ? io.env.PILOTTY_HOST || undefined : undefined } = given;
  if (host !== undefined && IN_FLEET.test(host)) {
    const option = given.host === undefined ? 'PILOTTY_HOST' : '--host';
    return await (await import('./fleet/host-of-fleet.ts')).hostOfFleet(host, option, io);
  }
  const fleet =
    given.fleet ?? (given.host === undefined && !io.env.PILOTTY_HOST ? io.env.PILOTTY_FLEET : undefined);
  if (fleet) {
    const option = given.fleet === undefined ? 'PILOTTY_FLEET' : '--fleet';
    return await (await import('./fleet/all-of-fleet.ts')).allOfFleet(fleet, option, given, io);
  }
  const { createHostClient } = await loadHosts();
  const { address, remotePath } = await readSshHost(given, io.env);
  let client: HostClient | undefined;
  const makeClient = (asked: Asked) => {
    client = (io.hostClient ?? createHostClient)({
      get host() {
        return { address, remotePath, startsDaemon: asked.startsDaemon, env: io.env, cwd: io.cwd };
      },
      warn: asked.warn,
      client: callerOf(asked, io.env),
    });
    return client;
  };
  return {
    makeClient,
    io: {
      env: environmentFor(address, remotePath, io.env),
      surroundings: async () => await (client as HostClient).surroundings(),
    },
  };
}

/**
 * The host that a line is about, where it is reached by ssh.
 * @throws UsageError for what otherHost() refuses of it
 */
export async function sshHostOf(given: Line, env: Io['env']): Promise<HostAddress | undefined> {
  const { host = env.PILOTTY_HOST || undefined } = given;
  if (host === undefined || given.fleet !== undefined || IN_FLEET.test(host)) return undefined;
  return (await readSshHost(given, env)).address;
}

/** @throws UsageError */
async function readSshHost(
  given: Line,
  env: Io['env'],
): Promise<{ address: HostAddress; remotePath: string | undefined }> {
  const { isRemotePath, parseHostAddress } = await loadHosts();
  const address = read(given.host, env.PILOTTY_HOST, parseHostAddress);
  const remotePath = given['remote-path'] ?? (env.PILOTTY_REMOTE_PATH || undefined);
  if (remotePath !== undefined && !isRemotePath(remotePath)) {
    const name = given['remote-path'] === undefined ? 'PILOTTY_REMOTE_PATH' : '--remote-path';
    throw new UsageError(
      `${name} is '${remotePath}', and must be a path of letters, digits and . _ / + @ % = : , -`,
      'A link with such a name can lead to it, there.',
    );
  }
  return { address, remotePath };
}

/** All that says that a line is about another host. */
function namesOfOther({ host, fleet }: Line, env: Io['env']): string[] {
  return [
    ...(host === undefined ? [] : ['-H']),
    ...(fleet === undefined ? [] : ['--fleet']),
    ...['PILOTTY_HOST', 'PILOTTY_FLEET'].filter((name) => env[name]),
  ];
}

/** @param here how it is done on this host. @throws UsageError */
function requireSupported(command: Command, given: Line, here: string): undefined {
  const reason = command.hostUnsupportedReason?.(given);
  if (reason === undefined) return;
  throw new UsageError(
    `${command.name} cannot be done on another host: ${reason}`,
    `Run it there: ssh HOST pilotty ${command.name}; or ${here}.`,
  );
}

function read(
  given: string | undefined,
  variable: string | undefined,
  parse: (text: string) => HostAddress | { problem: string },
): HostAddress {
  const text = given ?? variable ?? '';
  const address = parse(text);
  if (!('problem' in address)) return address;
  const { problem, suggestion } = noAddress(text, (one) => !('problem' in parse(one))) ?? {
    problem: address.problem,
    suggestion: 'Such as ssh://build.example, where HOST may be a name in ~/.ssh/config.',
  };
  throw new UsageError(
    `${given === undefined ? 'PILOTTY_HOST' : '--host'} is '${text}', ${problem}`,
    suggestion,
  );
}

/**
 * What commands read of their environment, and hand on to those that they start. In a session of this host PILOTTY_SESSION
 * names that one, which is none of the other's.
 */
function environmentFor(
  { text }: HostAddress,
  remotePath: string | undefined,
  { PILOTTY: isInside, PILOTTY_SESSION: session, ...env }: Io['env'],
): Io['env'] {
  return {
    ...env,
    PILOTTY_HOST: text,
    PILOTTY_REMOTE_PATH: remotePath,
    PILOTTY_SESSION: isInside ? undefined : session,
  };
}
