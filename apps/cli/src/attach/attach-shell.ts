/** A session with a login shell that a person sits in: joined where it runs, else started with the size of their window. */
import { type Client, type Params, RequestError } from '@pilotty/client';
import type { Io } from '../io.ts';
import { type SpawnGiven, spawnRequest } from '../spawn-request.ts';
import { type Attached, terminalOf } from './attach.ts';
import { type AttachGiven, attachTo, detachKeysOf } from './attach-to.ts';

type ShellGiven = Omit<AttachGiven, 'session'> & Omit<SpawnGiven, 'program' | 'size'>;

export async function attachShell(given: ShellGiven, io: Io, client: Client): Promise<Attached> {
  const name = given.name ?? 'default';
  const inside = io.env.PILOTTY_SESSION;
  if (io.env.PILOTTY && inside)
    throw new RequestError('CONDITION_FAILED', `This is session '${inside}' already`, {
      suggestion: `'pilotty attach -s ${name}' shows another session inside this one.`,
    });
  detachKeysOf(given, io);
  const { size } = await terminalOf(io);
  const program = { words: [], isVerbatim: false };
  const request = await spawnRequest({ ...given, name, size, program }, io, false);
  const session = await startOrFind({ ...request, name }, io, client);
  return await attachTo({ ...given, session }, io, client);
}

/** @returns its id */
async function startOrFind(request: Params<'session.spawn'>, io: Io, client: Client): Promise<string> {
  try {
    return (await client.request('session.spawn', request, { signal: io.signal })).session_id;
  } catch (error) {
    if (!(error instanceof RequestError) || error.code !== 'SESSION_EXISTS') throw error;
    return (await client.request('session.status', { session: request.name }, { signal: io.signal })).id;
  }
}
