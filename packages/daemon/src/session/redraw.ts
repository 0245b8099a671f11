/** A screen that failed, drawn anew: from where it is known, with the output that is retained since. */
import type { Screen } from '@pilotty/terminal';
import type { Retention } from '../pty/retention.ts';
import type { ScreenHistory } from './screen-history.ts';

const NEWLINE = 0x0a;
const LINE_END = Buffer.from('\r\n');

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
    yield* drawnOf(retention, at, until);
    at = until;
    if (resize) yield resize;
  }
}

/** As it was drawn: of a program without a terminal no line is of both streams, nor of two runs. */
function* drawnOf(retention: Retention, from: number, end: number): Generator<Uint8Array> {
  let isInLine = false;
  for (let at = from; at < end; ) {
    const runEnd = Math.min(retention.streamAt(at)?.end ?? end, retention.runStartAfter(at) ?? end);
    const bytes = retention.read(at, Math.min(runEnd, end) - at);
    if (isInLine) yield LINE_END;
    yield bytes;
    isInLine = bytes.at(-1) !== NEWLINE;
    at = Math.min(runEnd, end);
  }
}
