/** Keys of an act, with the pauses that they need between them. */
import type { Result } from '@pilotty/protocol';
import { type Key, spellKey } from '@pilotty/terminal';
import { awaited, type Work } from '../at-once.ts';
import type { Session } from '../session/session.ts';
import { pause } from '../until.ts';
import { escapeSent } from '../waiting/after-escape.ts';
import type { Act } from './act.ts';
import { asRequestError } from './as-request-error.ts';
import { encodeKeys, isEscape, type Stroke, strokesOf } from './keys-to-send.ts';

const ESC = 0x1b;

/** All keys are checked, in the modes of now, before the first is sent. */
export function sendKeys(act: Act, keys: readonly Key[], delayMs: number): void | Promise<void> {
  act.catchUp();
  const bytes = encodeAll(keys, act.session);
  const strokes = keys.length === 1 ? [] : strokesOf(keys, delayMs);
  if (strokes.length > 1) return sendStrokes(act, strokes);
  const sent = act.send(bytes);
  escapeMayBeSent(act, keys, bytes);
  return sent;
}

/** Programs may ask for another sequence, which is none that others begin with. */
function escapeMayBeSent({ session }: Act, keys: readonly Key[], bytes: Uint8Array): void {
  if (isEscape(keys.at(-1)) && bytes.at(-1) === ESC) escapeSent(session);
}

async function sendStrokes(act: Act, strokes: readonly Stroke[]): Promise<void> {
  for (const { keys: together, thenMs } of strokes) {
    act.catchUp();
    const bytes = encodeAll(together, act.session);
    await act.send(bytes);
    escapeMayBeSent(act, together, bytes);
    if (thenMs > 0) await pause(thenMs, act.deadline.signal);
  }
}

/** The act, once its keys are known to be sendable. @param send sends them */
export function* sendPressed(
  act: Act,
  keys: readonly Key[],
  send: () => void | Promise<void>,
): Work<Result<'session.key'>> {
  try {
    yield* awaited(send());
    const { session, session_id } = act.session.reference;
    const { seq, bytes } = act.sent;
    const captured = yield* awaited(act.waitAndCapture());
    return { type: 'keys_sent', session, session_id, seq, bytes, keys: keys.map(spellKey), ...captured };
  } finally {
    act.end();
  }
}

export function encodeAll(keys: readonly Key[], session: Session): Uint8Array {
  return asRequestError(() => encodeKeys(keys, session));
}
