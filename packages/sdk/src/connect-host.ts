/** A link to the daemon of another host, over the system's ssh. */
import { posix } from 'node:path';
import { createHostClient, isRemotePath, parseHostAddress } from '@pilotty/client/hosts';
import { errorOf } from './errors.ts';
import { withInherited } from './inherited.ts';
import { conversations, type Link } from './link.ts';

/** The daemon of another host. What programs inherit is as for a shell there. */
export interface HostOptions {
  url?: undefined;
  socketDir?: undefined;
  /** `ssh://[USER@]HOST[:PORT]`: the system's ssh goes there, with your configuration and keys (default: PILOTTY_HOST, unless `socketDir` is given). */
  host: string;
  /** Where pilotty is there (default: PILOTTY_REMOTE_PATH, else where a shell finds it). */
  remotePath?: string | undefined;
  /** Start a daemon there if none runs (default: true). */
  start?: boolean | undefined;
  /** Names are meant in this scope: `build` is the session `SCOPE+build` (default: PILOTTY_SCOPE); null: in none. */
  scope?: string | null | undefined;
  /** Called when pilotty is of another version there (default: `process.emitWarning`). */
  onWarning?: ((message: string) => void) | undefined;
}

/** @throws InvalidInputError */
export function hostLink(
  { host, remotePath, start = true, scope, onWarning }: HostOptions,
  env: Readonly<Record<string, string | undefined>>,
): Link {
  const address = parseHostAddress(host);
  if ('problem' in address) throw errorOf('INVALID_INPUT', `host is '${host}', ${address.problem}`);
  if (remotePath !== undefined && !isRemotePath(remotePath))
    throw errorOf(
      'INVALID_INPUT',
      `remotePath is '${remotePath}', and must be a path without characters of a shell`,
    );
  const open = () =>
    createHostClient({
      host: { address, remotePath, startsDaemon: start, env, cwd: process.cwd() },
      client: { name: env.PILOTTY_CLIENT || undefined, scope: scope ?? undefined },
      warn: onWarning,
      keepsProcess: false,
    });
  // Tells what programs inherit; its connection is opened for that alone.
  const asker = open();
  const requests = conversations(open);
  return {
    ...requests,
    holdsBack: true,
    outlivesConnection: true,
    socketDir: undefined,
    async spawn(params, options) {
      const { home, env: there, ...inheritance } = await asker.surroundings();
      const request = withInherited(params, { env: there, cwd: home });
      const cwd = posix.resolve(home, request.cwd);
      return await requests.main.request('session.spawn', { ...inheritance, ...request, cwd }, options);
    },
    async close() {
      asker.close();
      await requests.close();
    },
  };
}
