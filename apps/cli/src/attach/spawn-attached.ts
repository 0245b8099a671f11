/** `spawn --attach`: a session of the size of the person's window, and they in it. */
import type { Client, Params } from '@pilotty/client';
import { lookParams } from '../act-options.ts';
import type { Io } from '../io.ts';
import { type SpawnGiven, spawnRequest } from '../spawn-request.ts';
import { terminalOf } from './attach.ts';
import { attachTo, detachKeysOf, printAttached } from './attach-to.ts';

type Given = SpawnGiven &
  Parameters<typeof lookParams>[0] & {
    send: string | undefined;
    restart: Params<'session.spawn'>['restart_policy'];
    json: boolean;
  };

const PLAIN = { 'read-only': false, 'status-line': false, 'detach-keys': undefined };

/** @returns the exit code */
export async function spawnAttached(given: Given, io: Io, client: Client): Promise<number> {
  detachKeysOf(PLAIN, io);
  const terminal = await terminalOf(io);
  const request = {
    ...(await spawnRequest({ ...given, size: given.size ?? terminal.size }, io, true)),
    send: given.send,
    restart_policy: given.restart,
    ...lookParams(given),
  };
  const { session_id } = await client.request('session.spawn', request, { signal: io.signal });
  return await printAttached(await attachTo({ ...PLAIN, session: session_id }, io, client), given, io);
}
