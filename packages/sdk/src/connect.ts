/** The SDK in Node: the daemon of this machine, started if need be, that of another host, or a gateway. */
import { join } from 'node:path';
import { createLocalClient, readInheritance } from '@pilotty/client/node';
import { type GatewayOptions, gatewayLink } from './connect-gateway.ts';
import type { HostOptions } from './connect-host.ts';
import { withInherited } from './inherited.ts';
import { type CallOptions, conversations, type Link } from './link.ts';
import { nodeWebSocket } from './node-web-socket.ts';
import { openAttached, openPilotty, openSpawned } from './opening.ts';
import type { Pilotty, SpawnOptions } from './pilotty.ts';
import { projectsHere } from './projects-here.ts';
import type { Session } from './session.ts';

/** The daemon of this machine. */
export interface DaemonOptions {
  url?: undefined;
  host?: undefined;
  /** Directory of the daemon's socket (default: as for the command: PILOTTY_SOCKET_DIR, or one in the runtime or home directory). */
  socketDir?: string | undefined;
  /** Start a daemon if none runs (default: true). */
  start?: boolean | undefined;
  /** Names are meant in this scope: `build` is the session `SCOPE+build` (default: PILOTTY_SCOPE); null: in none. */
  scope?: string | null | undefined;
  /** Called when the daemon is of another version, or the one before was killed (default: `process.emitWarning`). */
  onWarning?: ((message: string) => void) | undefined;
}

/** Where to find a daemon: on this machine, on another host with `host`, or behind a gateway with `url`. */
export type ConnectOptions = DaemonOptions | HostOptions | GatewayOptions;

/**
 * Connects to the daemon of this machine, which is started if none runs; with `host` to that of another host, over ssh; with
 * `url` to one behind a gateway.
 * @throws DaemonUnreachableError where there is none, HostUnreachableError, ProtocolMismatchError, UnauthorizedError for a
 * wrong token
 */
export async function connect(options: ConnectOptions = {}, call: CallOptions = {}): Promise<Pilotty> {
  return await openPilotty(await linkOf(options), call);
}

/**
 * Starts a program in a session, in one call: `await using session = await spawn(['vim', 'notes.txt'])` ends it with the
 * scope. Without `await using` it goes on after this process.
 * @throws as `connect()` and `Pilotty.spawn()`
 */
export async function spawn(
  argv: string | readonly string[],
  params: SpawnOptions = {},
  options: ConnectOptions & CallOptions = {},
): Promise<Session> {
  return await openSpawned(await linkOf(options), argv, params, options);
}

/**
 * Goes on with a session that any client has started, in one call.
 * @throws as `connect()`; SessionNotFoundError
 */
export async function attach(name: string, options: ConnectOptions & CallOptions = {}): Promise<Session> {
  // A daemon that had to be started would have no session.
  const link = await linkOf(options.url === undefined ? { start: false, ...options } : options);
  return await openAttached(link, name, options);
}

async function linkOf(options: ConnectOptions): Promise<Link> {
  const { onWarning = (message: string) => process.emitWarning(message, 'PilottyWarning') } = options;
  if (options.url !== undefined)
    return gatewayLink({ ...options, scope: scopeOf(options), onWarning }, nodeWebSocket);
  const scope = scopeOf(options);
  const { PILOTTY_HOST: named, PILOTTY_REMOTE_PATH: path } = process.env;
  const host = options.host ?? (options.socketDir === undefined ? named || undefined : undefined);
  if (host === undefined) return daemonLink({ ...(options as DaemonOptions), scope, onWarning });
  const remotePath = (options as HostOptions).remotePath ?? (path || undefined);
  const { hostLink } = await import('./connect-host.ts');
  return hostLink({ ...options, socketDir: undefined, host, remotePath, scope, onWarning }, process.env);
}

function scopeOf({ scope = process.env.PILOTTY_SCOPE }: ConnectOptions): string | undefined {
  return scope || undefined;
}

function daemonLink({ socketDir, start = true, scope, onWarning }: DaemonOptions): Link {
  const env = socketDir === undefined ? process.env : { ...process.env, PILOTTY_SOCKET_DIR: socketDir };
  const requests = conversations(() =>
    createLocalClient({
      env,
      cwd: process.cwd(),
      // The build puts the programs beside the SDK.
      daemonProgram: start ? join(import.meta.dirname, '../pilotty-daemon.cjs') : undefined,
      warn: onWarning,
      keepsProcess: false,
      client: { name: env.PILOTTY_CLIENT || undefined, pid: process.pid, scope: scope ?? undefined },
    }),
  );
  return {
    ...requests,
    holdsBack: true,
    outlivesConnection: false,
    socketDir,
    projects: projectsHere({
      converse: requests.converse,
      scope: scope ?? undefined,
      inheritance: readInheritance,
    }),
    async spawn(params, options) {
      const request = withInherited(params, { env: process.env, cwd: process.cwd() });
      return await requests.main.request(
        'session.spawn',
        { ...(await readInheritance()), ...request },
        options,
      );
    },
  };
}
