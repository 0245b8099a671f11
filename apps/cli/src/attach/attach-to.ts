/** From the options of a command to an attached session, and from there to what is printed and the exit code. */
import { type Client, RequestError } from '@pilotty/client';
import { signalExitCode } from '@pilotty/client/node';
import { UNKNOWN_EXIT_CODE } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { type Attached, attach, terminalOf } from './attach.ts';
import { chooseSession } from './choose-session.ts';
import { DEFAULT_DETACH_KEYS, type KeySpelling, parseDetachKeys } from './detach-keys.ts';

export interface AttachGiven {
  session: string | undefined;
  'read-only': boolean;
  'status-line': boolean;
  'detach-keys': string | undefined;
}

export async function attachTo(given: AttachGiven, io: Io, client: Client): Promise<Attached> {
  const detachKeys = detachKeysOf(given, io);
  const terminal = await terminalOf(io);
  const join = (session: string) =>
    attach(
      {
        session,
        isReadOnly: given['read-only'],
        hasStatusLine: given['status-line'],
        detachKeys,
      },
      io,
      client,
    );
  const named = given.session ?? (io.env.PILOTTY_SESSION || undefined);
  if (named === undefined) return await join(await chooseSession(terminal, io, client, undefined));
  try {
    return await join(named);
  } catch (error) {
    // The variable is set in every session: there it names the one that this runs in.
    const isInside = error instanceof RequestError && error.details?.inside !== undefined;
    if (given.session !== undefined || !isInside) throw error;
    return await join(await chooseSession(terminal, io, client, named));
  }
}

/** @throws UsageError, before anything is done */
export function detachKeysOf(
  { 'detach-keys': given }: Pick<AttachGiven, 'detach-keys'>,
  io: Io,
): KeySpelling[] {
  const set = io.env.PILOTTY_DETACH_KEYS || undefined;
  try {
    return parseDetachKeys(given ?? set ?? DEFAULT_DETACH_KEYS);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${given === undefined ? 'PILOTTY_DETACH_KEYS' : '--detach-keys'} ${error.message}`);
  }
}

/** @returns the exit code: the program's, where it has ended */
export async function printAttached(
  attached: Attached,
  { json }: { json: boolean },
  io: Io,
): Promise<number> {
  const { session, outcome, exit } = attached;
  if (json) await printJson(io.stdout, { type: 'attach_result', ...attached });
  else if (outcome === 'detached') await io.stderr.write(`[left ${session}; it goes on]\n`);
  else await io.stderr.write(`[${session} ended: ${exit?.signal ?? `exit code ${exit?.exit_code}`}]\n`);
  if (outcome === 'detached') return 0;
  if (exit?.signal) return await signalExitCode(exit.signal);
  return exit?.exit_code ?? UNKNOWN_EXIT_CODE;
}
