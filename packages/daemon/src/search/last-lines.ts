/**
 * The last lines a session has printed, whole: from its screen and the rows kept above it, where they are there. Where
 * some have been erased with the screen, or are not kept, its retained output has them, as a transcript of it would.
 */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { Session } from '../session/session.ts';
import { lastPrintedLines } from './printed-lines.ts';

/** Of a full-screen program the last lines of its screen. */
export async function lastLines(session: Session, count: number): Promise<string[]> {
  if (count === 0) return [];
  const shown = lastShownLines(session, count);
  if (shown) return shown;
  const search = lastPrintedLines(session, count);
  for (let step = search.next(); ; step = search.next()) {
    if (step.done) return step.value;
    await turnOfEventLoop();
  }
}

/** The last line on the screen that is not empty, also where it begins above. */
export function lastShownLine({ screen }: Session): string {
  let above = 0;
  for (let first = screen.lines()[0]; first?.isWrapped && above < screen.rowsAbove; above++)
    first = screen.linesBetween(-above - 1, -above - 1)[0];
  return screen.lineTexts(above).findLast((line) => line !== '') ?? '';
}

/** undefined where not all of them are there */
function lastShownLines({ screen }: Session, count: number): string[] | undefined {
  const { alternateScreen, topLine, erasedAt = 0, rowsAbove } = screen;
  const most = alternateScreen ? 0 : Math.min(rowsAbove, Math.max(0, topLine - erasedAt));
  for (let above = Math.min(count, most); ; above = Math.min(above * 2, most)) {
    const texts = screen.lineTexts(above);
    while (texts.at(-1) === '') texts.pop();
    // One more than needed: the first may have begun above.
    if (texts.length > count) return texts.slice(-count);
    if (above < most) continue;
    const isAll = alternateScreen || (screen.erasedAt === undefined && above === topLine);
    return isAll ? texts.slice(-count) : undefined;
  }
}
