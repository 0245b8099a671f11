/** Keys of an act, with the pauses that they need between them. */
import type { Key } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';
import { pause } from '../until.ts';
import type { Act } from './act.ts';
import { asRequestError } from './as-request-error.ts';
import { encodeKeys, type Stroke, strokesOf } from './keys-to-send.ts';

/** All keys are checked, in the modes of now, before the first is sent. */
export function sendKeys(act: Act, keys: readonly Key[], delayMs: number): void | Promise<void> {
  act.catchUp();
  const bytes = encodeAll(keys, act.session);
  const strokes = keys.length === 1 ? [] : strokesOf(keys, delayMs);
  return strokes.length <= 1 ? act.send(bytes) : sendStrokes(act, strokes);
}

async function sendStrokes(act: Act, strokes: readonly Stroke[]): Promise<void> {
  for (const { keys: together, thenMs } of strokes) {
    act.catchUp();
    await act.send(encodeAll(together, act.session));
    if (thenMs > 0) await pause(thenMs, act.deadline.signal);
  }
}

export function encodeAll(keys: readonly Key[], session: Session): Uint8Array {
  return asRequestError(() => encodeKeys(keys, session));
}
