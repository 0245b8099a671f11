/**
 * What a session has printed and still shows, as lines: those of its retained output that have left the screen,
 * and those on the screen. No line is among both, save one that has left it only in part.
 */
import { Transcript } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';

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

/** The lines as they are now, in parts; between two of them others may be served. */
export function* printedLines(session: Session): Generator<PrintedLine[]> {
  const onScreen = screenLines(session);
  const shared = isCutAtTop(session) ? onScreen.length - 1 : onScreen.length;
  const { retention } = session;
  let number = retention.start === 0 ? 1 : undefined;
  const asOutput = (texts: string[]): PrintedLine[] =>
    texts.map((text) => ({ text, where: 'output', number: number === undefined ? undefined : number++ }));
  const left = yield* outputTexts(session, asOutput);
  yield asOutput(left.slice(0, Math.max(0, left.length - shared)));
  yield onScreen;
}

function screenLines({ screen }: Session): PrintedLine[] {
  const lines = screen.logicalLines();
  while (lines.at(-1)?.text === '') lines.pop();
  return lines.map(({ text, row }) => ({ text, where: 'screen', row }));
}

/** The first line on the screen began above it. */
function isCutAtTop({ screen }: Session): boolean {
  return screen.lines()[0]?.isWrapped === true;
}

/** @returns the lines that had not left the screen, when all that the screen includes was read */
function* outputTexts(
  { retention, drawnBytes }: Session,
  asOutput: (texts: string[]) => PrintedLine[],
): Generator<PrintedLine[], string[]> {
  // Where the beginning was dropped, what is left begins inside a line.
  let offset = retention.start === 0 ? 0 : retention.nextLineFrom(retention.start);
  const transcript = new Transcript(retention.sizeAt(offset).size);
  let begun = '';
  while (offset < drawnBytes) {
    // What is dropped while others are served is not searched.
    offset = Math.max(offset, retention.start);
    const { size, next } = retention.sizeAt(offset);
    const end = Math.min(offset + PIECE_BYTES, drawnBytes, next?.offset ?? drawnBytes);
    const bytes = retention.read(offset, end - offset);
    offset = end;
    const text = begun + transcript.resize(size.cols, size.rows) + transcript.write(bytes);
    // Of a very long line the transcript tells pieces.
    const whole = text.lastIndexOf('\n') + 1;
    begun = text.slice(whole);
    yield asOutput(linesOf(text.slice(0, whole)));
  }
  return linesOf(begun + transcript.end());
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
