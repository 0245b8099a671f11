/** How a screen gets another size, in the daemon and in a browser alike: no two emulators fold lines by themselves as this does. */
import { cleanUp, cutToWidth } from './corrections.ts';
import type { Core } from './emulator.ts';
import { resizeWithCursor } from './follow-cursor.ts';

/**
 * @param resize of the terminal that the core belongs to
 * @param emptied is called where its lines could not be folded: with an empty screen of that size the program can draw on
 */
export function resizeAsScreen(core: Core, resize: () => void, emptied: (error: unknown) => void): void {
  try {
    resizeWithCursor(core, resize);
  } catch (error) {
    emptied(error);
  }
  cutToWidth(core);
  cleanUp(core);
}
