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

/** Whether what is typed now is not for any file: the terminal does not show it, or the last line asks for it. */
export async function isSecret(session: Session): Promise<boolean> {
  if (asksForSecret(session.output.tail(TAIL_BYTES))) return true;
  const { terminal } = await session.client.request('session.status', { session: session.target });
  return terminal?.password_prompt === true;
}
