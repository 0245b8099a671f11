/**
 * What a session has printed and still shows, as lines: those of its retained output that have left the screen,
 * and those on the screen. No line is among both, save one that has left it only in part.
 */
import { Transcript } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';
import { linesOfStreams, type Stretch } from './stream-lines.ts';

export interface PrintedLine {
  text: string;
  where: 'output' | 'screen';
  /** Of output, from 1; undefined where the beginning has been dropped. */
  number?: number | undefined;
  /** Of a line on the screen. */
  row?: number;
}

/** About a millisecond of parsing. */
const PIECE_BYTES = 16 * 1024;
/** Has the last lines of most programs. */
const TAIL_BYTES = 32 * 1024;

/**
 * The lines as they are now, in parts; between two of them others may be served.
 * @param onMissed is told how many bytes were dropped before they could be read: before the first part, and while others
 *   were served
 */
export function* printedLines(session: Session, onMissed: (bytes: number) => void): Generator<PrintedLine[]> {
  const onScreen = screenLines(session);
  const shared = isCutAtTop(session) ? onScreen.length - 1 : onScreen.length;
  const { retention } = session;
  let number = retention.start === 0 ? 1 : undefined;
  if (retention.start > 0) onMissed(retention.start);
  const asOutput = (texts: string[]): PrintedLine[] =>
    texts.map((text) => ({ text, where: 'output', number: number === undefined ? undefined : number++ }));
  const onGap = (bytes: number) => {
    number = undefined;
    onMissed(bytes);
  };
  const stretch = { from: 0, end: session.parsedBytes, isCut: false };
  const left = yield* outputTexts(session, stretch, asOutput, onGap);
  yield asOutput(left.slice(0, Math.max(0, left.length - shared)));
  yield onScreen;
}

function screenLines({ screen, isPipe }: Session): PrintedLine[] {
  // A program without a terminal has none: all its lines are output.
  if (isPipe) return [];
  const lines = screen.logicalLines();
  while (lines.at(-1)?.text === '') lines.pop();
  return lines.map(({ text, row }) => ({ text, where: 'screen', row }));
}

/** The first line on the screen began above it. */
function isCutAtTop({ screen }: Session): boolean {
  return screen.lines()[0]?.isWrapped === true;
}

/** The last lines of the retained output, up to what the screen includes; between two steps others may be served. */
export function* lastPrintedLines(session: Session, count: number): Generator<void, string[]> {
  const { retention, parsedBytes } = session;
  for (let sought = TAIL_BYTES; ; sought *= 4) {
    const from = Math.max(retention.start, parsedBytes - sought);
    const stretch = { from, end: parsedBytes, isCut: from > 0 };
    const parts = outputTexts(session, stretch, (texts) => texts);
    let lines: string[] = [];
    for (let part = parts.next(); ; part = parts.next()) {
      lines = [...lines, ...part.value].slice(-count - 1);
      if (part.done) break;
      yield;
    }
    while (lines.at(-1) === '') lines.pop();
    if (lines.length > count || from === retention.start) return lines.slice(-count);
  }
}

/** The lines of the retained output from one offset to another that have left the screen by then, in parts. */
export function* linesPrintedBetween(session: Session, from: number, end: number): Generator<string[]> {
  yield* outputTexts(session, { from, end, isCut: false }, (texts) => texts);
}

/**
 * @param onMissed is told what was dropped while others were served
 * @returns the lines that had not left the screen, when all up to the end was read
 */
function* outputTexts<T>(
  { retention, isPipe }: Session,
  stretch: Stretch,
  asOutput: (texts: string[]) => T,
  onMissed?: (bytes: number) => void,
): Generator<T, string[]> {
  if (isPipe)
    return yield* linesOfStreams(retention, stretch, { pieceBytes: PIECE_BYTES, asOutput }, onMissed);
  const { end } = stretch;
  let offset = Math.max(stretch.from, retention.start);
  // Where the output of before is not read, what is left begins inside a line.
  if (stretch.isCut || stretch.from < offset) offset = retention.nextLineFrom(offset);
  let transcript = new Transcript(retention.sizeAt(offset).size);
  let begun = '';
  while (offset < end) {
    // What is dropped while others are served is not searched, and no line goes on behind it.
    if (offset < retention.start) {
      yield asOutput(linesOf(wholeOf(begun + transcript.endCut())));
      const next = Math.min(retention.nextLineFrom(retention.start), end);
      onMissed?.(next - offset);
      offset = next;
      transcript = new Transcript(retention.sizeAt(offset).size);
      begun = '';
    }
    const { size, next } = retention.sizeAt(offset);
    const pieceEnd = Math.min(offset + PIECE_BYTES, end, next?.offset ?? end);
    const bytes = retention.read(offset, pieceEnd - offset);
    offset = pieceEnd;
    const text = begun + transcript.resize(size.cols, size.rows) + transcript.write(bytes);
    // The transcript returns a very long line in pieces.
    const whole = wholeOf(text);
    begun = text.slice(whole.length);
    yield asOutput(linesOf(whole));
  }
  return linesOf(begun + transcript.end());
}

/** Up to the end of its last whole line. */
function wholeOf(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
