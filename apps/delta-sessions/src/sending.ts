/** What `write` and `write-key` have in common: the session, how far its output was, and what is kept of the input. */
import type { Around } from './command.ts';
import { asksForSecret, TAIL_BYTES } from './prompt.ts';
import { type Input, recordInput } from './sessions/activity-log.ts';
import { isExited, isGone, type Session } from './sessions/session.ts';

/** Sends something to a session's program. @throws Refusal when it has none any more */
export async function sendTo(
  id: string | undefined,
  { sessions }: Around,
  send: (session: Session) => Promise<Input>,
): Promise<Session> {
  const session = await sessions.getRunning(id);
  // A prompt is an answer to this input only when it comes after.
  const { end } = session.output;
  await session.change(({ metadata, state }) => {
    state.input_offset = end;
    metadata.last_accessed_at = new Date().toISOString();
  });
  try {
    recordInput(session.directory, await send(session));
  } catch (error) {
    if (!isGone(error) && !isExited(error)) throw error;
    await session.update();
    throw sessions.dead(session);
  }
  return session;
}

export interface Reader {
  /** What is typed now is not for any file: the terminal does not show it, or the last line asks for it. */
  isSecret: boolean;
  /** The program reads key by key, and the terminal does not tell it where a line ends. */
  isRaw: boolean;
}

/** How the program reads what is typed now. */
export async function readerOf(session: Session): Promise<Reader> {
  const { terminal } = await session.client.request('session.status', { session: session.target });
  const isSecret = terminal?.password_prompt === true || asksForSecret(session.output.tail(TAIL_BYTES));
  return { isSecret, isRaw: terminal?.canonical === false };
}
