/**
 * A screen on its way to another process, where it goes on: the bytes that draw it, how it came to be as it is, and how
 * it looks, so that the screen that is drawn there is known to be the same. A screen that cannot be drawn the same is
 * refused.
 */
import { hashRow } from '../lines/hash.ts';
import type { ScreenModes } from '../modes.ts';
import type { Cursor, Screen, ScreenPast } from '../screen.ts';
import { replayBytes } from './replay.ts';

interface Looks {
  hash: number;
  cursor: Cursor;
  modes: ScreenModes;
  isAlternate: boolean;
  rowsAbove: number[];
  topLine: number;
}

export interface PassedScreen {
  bytes: Uint8Array;
  past: ScreenPast;
  looks: Looks;
}

export function passOn(screen: Screen): PassedScreen {
  return { bytes: replayBytes(screen), past: screen.past, looks: looksOf(screen) };
}

/**
 * Makes a new screen of the same size into that one.
 * @throws Error where it would be another
 */
export function takeOver(screen: Screen, { bytes, past, looks }: PassedScreen): void {
  screen.write(bytes);
  screen.adoptPast(past);
  const now = looksOf(screen);
  for (const [aspect, value] of Object.entries(now)) {
    const before = JSON.stringify(looks[aspect as keyof Looks]);
    if (JSON.stringify(value) !== before)
      throw new Error(`the screen cannot be drawn again as it is (${aspect})`);
  }
}

function looksOf(screen: Screen): Looks {
  return {
    hash: screen.hash(),
    cursor: screen.cursor,
    modes: screen.modes,
    isAlternate: screen.alternateScreen,
    rowsAbove: screen.scrollbackLines(screen.scrollbackCount).map(hashRow),
    topLine: screen.topLine,
  };
}
