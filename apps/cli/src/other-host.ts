/**
 * `-H ssh://HOST`: the command runs here, with the daemon of another host. Files it reads and writes, and the terminal,
 * are of this host; programs it starts, and their directories, of that one.
 */
import { type HostAddress, type HostClient, loadHosts } from '@pilotty/client/node';
import type { Asked, MakeClient } from './asked.ts';
import type { Always, Command } from './command.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** `-H HOST ls` as `ls -H HOST`. @throws UsageError */
export function commandFirst(line: readonly string[]): string[] {
  let at = 0;
  while (OPTION.test(line[at] ?? '')) at += HAS_VALUE.test(line[at] as string) ? 1 : 2;
  const [command, ...rest] = line.slice(at);
  if (command === undefined) {
    throw new UsageError(
      'no command stands behind -H and its host',
      "Such as 'pilotty -H ssh://build.example ls'.",
    );
  }
  return [command, ...line.slice(0, at), ...rest];
}

type Line = Record<string, unknown> & Always;

const OPTION = /^(?:-H|--(?:host|remote-path)(?:=|$))/;
const HAS_VALUE = /^(?:-H.|--[a-z-]+=)/;

/** What a command has instead, there. */
export interface There {
  io: Pick<Io, 'env' | 'surroundings'>;
  makeClient: MakeClient;
}

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
    if (given.host === undefined) return requireSupported(command, given);
    throw new UsageError('-H is for the whole batch', 'Give it to batch itself: pilotty -H HOST batch FILE.');
  }
  requireSupported(command, given);
  const { isRemotePath, parseHostAddress, createHostClient } = await loadHosts();
  const address = read(given.host, io.env.PILOTTY_HOST, parseHostAddress);
  const remotePath = given['remote-path'] ?? (io.env.PILOTTY_REMOTE_PATH || undefined);
  if (remotePath !== undefined && !isRemotePath(remotePath)) {
    const name = given['remote-path'] === undefined ? 'PILOTTY_REMOTE_PATH' : '--remote-path';
    throw new UsageError(
      `${name} is '${remotePath}', and must be a path of letters, digits and . _ / + @ % = : , -`,
      'A link with such a name can lead to it, there.',
    );
  }
  let client: HostClient | undefined;
  const makeClient = (asked: Asked) => {
    const name = asked.as ?? (io.env.PILOTTY_CLIENT || undefined);
    client = createHostClient({
      get host() {
        return { address, remotePath, startsDaemon: asked.startsDaemon, env: io.env, cwd: io.cwd };
      },
      warn: asked.warn,
      client: name === undefined ? undefined : { name },
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

function requireSupported(command: Command, given: Line): undefined {
  const reason = command.hostUnsupportedReason?.(given);
  if (reason === undefined) return;
  throw new UsageError(
    `${command.name} cannot be done on another host: ${reason}`,
    `Run it there: ssh HOST pilotty ${command.name}; or without -H and PILOTTY_HOST here.`,
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
  throw new UsageError(
    `${given === undefined ? 'PILOTTY_HOST' : '--host'} is '${text}', ${address.problem}`,
    'Such as ssh://build.example or ssh://me@10.0.0.7:2222; HOST may be a name in ~/.ssh/config.',
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
