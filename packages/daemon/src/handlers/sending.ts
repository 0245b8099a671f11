/** How every kind of input reaches a program: in turn, within a deadline, taken back where it is not read. */
import { RequestError } from '@pilotty/protocol';
import { encodeKey, type Key } from '@pilotty/terminal';
import type { Deadline } from '../call.ts';
import { MAX_QUEUED_INPUT_BYTES } from '../limits.ts';
import type { Session } from '../session/session.ts';

/** Keys and mouse events are a few bytes: a terminal that has not taken them by then has a program that does not read. */
export const INPUT_TIMEOUT_MS = 30_000;

/** What keys are in the modes of now. @throws InvalidKeyError where those cannot express one */
export function encodeKeys(keys: readonly Key[], { screen }: Session): Uint8Array {
  return Buffer.concat(keys.map((key) => encodeKey(key, screen.modes)));
}

export async function send(
  session: Session,
  bytes: Uint8Array,
  deadline: Deadline,
  isSecret = false,
): Promise<{ seq: number; bytes: number }> {
  if (session.queuedInputBytes + bytes.length > MAX_QUEUED_INPUT_BYTES) {
    throw new RequestError(
      'LIMIT_REACHED',
      `Session '${session.name}' has not read the input it was sent before`,
      {
        suggestion: "See what it is doing with 'pilotty snapshot --format text', and send less at once.",
      },
    );
  }
  const { seq, written } = session.send(bytes, deadline, isSecret);
  if (await written) return { seq, bytes: bytes.length };
  session.requireRunning();
  throw new RequestError('TIMEOUT', `Session '${session.name}' does not read its input`, {
    suggestion:
      "See what it is doing with 'pilotty snapshot --format text'; the rest of the input was taken back.",
  });
}

/** Ends early when nobody waits any more. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
