/** A screen that failed, drawn anew: from where it is known, with the output that is retained since. */
import type { Screen } from '@pilotty/terminal';
import type { Retention } from '../pty/retention.ts';
import type { ScreenHistory } from './screen-history.ts';

/**
 * What the output announces and asks was announced and answered when it came. Without a place where the screen is known
 * it is empty.
 * @param end what came behind it is not drawn: the screen failed there
 */
export function redraw(screen: Screen, history: ScreenHistory, retention: Retention, end: number): void {
  const { cols, rows } = screen.size;
  screen.startOver();
  const way = history.wayTo({ offset: end }, Number.POSITIVE_INFINITY);
  if (way !== undefined) {
    const { from, resizes } = way;
    screen.resize(from.cols, from.rows);
    screen.write(from.bytes);
    let at = from.offset;
    for (const resize of [...resizes, undefined]) {
      const until = resize?.offset ?? end;
      if (until > at) screen.write(retention.read(at, until - at));
      at = until;
      if (resize) screen.resize(resize.cols, resize.rows);
    }
  }
  screen.resize(cols, rows);
  screen.takeReplies();
  screen.takeSignals();
}
