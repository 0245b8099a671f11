/** A screen that failed, drawn anew: from where it is known, with the output that is retained since. */
import type { Screen } from '@pilotty/terminal';
import type { Retention } from '../pty/retention.ts';
import type { ScreenHistory } from './screen-history.ts';

/**
 * Without a place where the screen is known it is empty.
 * @param end what came behind it is not drawn: the screen failed there
 */
export function redraw(screen: Screen, history: ScreenHistory, retention: Retention, end: number): void {
  screen.drawAnew(stepsTo(end, history, retention));
}

function* stepsTo(
  end: number,
  history: ScreenHistory,
  retention: Retention,
): Generator<Uint8Array | { cols: number; rows: number }> {
  const way = history.wayTo({ offset: end }, Number.POSITIVE_INFINITY);
  if (way === undefined) return;
  const { from, resizes } = way;
  yield { cols: from.cols, rows: from.rows };
  yield from.bytes;
  let at = from.offset;
  for (const resize of [...resizes, undefined]) {
    const until = resize?.offset ?? end;
    if (until > at) yield retention.read(at, until - at);
    at = until;
    if (resize) yield resize;
  }
}
