/** Keys on their way to a program: as bytes in its modes, and in strokes with pauses between them. */
import { encodeKey, type Key } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';
import { ESCAPE_GAP_MS } from '../waiting/after-escape.ts';

/** What keys are in the modes of now. @throws InvalidKeyError where those cannot express one */
export function encodeKeys(keys: readonly Key[], { screen }: Session): Uint8Array {
  const { modes } = screen;
  const [first, ...others] = keys;
  if (first !== undefined && others.length === 0) return encodeKey(first, modes);
  return Buffer.concat(keys.map((key) => encodeKey(key, modes)));
}

export interface Stroke {
  keys: Key[];
  /** Before the next stroke. */
  thenMs: number;
}

export function isEscape(key: Key | undefined): boolean {
  return key?.name === 'Escape' && !key.alt;
}

/** Keys without a pause between them are one write, so that nothing comes in between. */
export function strokesOf(keys: readonly Key[], delayMs: number): Stroke[] {
  const strokes: Stroke[] = [];
  let together: Key[] = [];
  for (const [index, key] of keys.entries()) {
    together.push(key);
    const isLast = index === keys.length - 1;
    const thenMs = isLast ? 0 : isEscape(key) ? Math.max(delayMs, ESCAPE_GAP_MS) : delayMs;
    if (thenMs === 0 && !isLast) continue;
    strokes.push({ keys: together, thenMs });
    together = [];
  }
  return strokes;
}
