/**
 * What a program without a terminal has printed, as lines. Each is of one stream and of one run of the program, whatever the
 * other stream has written in between. They come in the order in which they ended; those that have not come last.
 */
import { StringDecoder } from 'node:string_decoder';
import { LONGEST_LINE_SOUGHT, type Retention } from '../pty/retention.ts';
import type { Stream } from '../pty/stream-marks.ts';

const NEWLINE = 0x0a;

export interface Stretch {
  from: number;
  end: number;
  /** It begins inside a line, whose rest is left out. */
  isCut: boolean;
}

/**
 * The lines between two offsets, a piece of the output at a time.
 * @param onMissed is told what was dropped while others were served
 * @returns those that have no end
 */
export function* linesOfStreams<T>(
  retention: Retention,
  { from, end, isCut }: Stretch,
  { pieceBytes, asOutput }: { pieceBytes: number; asOutput: (texts: string[]) => T },
  onMissed?: (bytes: number) => void,
): Generator<T, string[]> {
  let begun = new BegunLines();
  let offset = from;
  if (isCut || offset < retention.start) {
    offset = Math.max(offset, retention.start);
    begun.leaveOut(cutLineAt(retention, offset));
  }
  while (offset < end) {
    // What is dropped while others are served is not searched, and no line goes on behind it.
    if (offset < retention.start) {
      const next = Math.min(retention.start, end);
      begun = new BegunLines();
      begun.leaveOut(cutLineAt(retention, next));
      onMissed?.(next - offset);
      offset = next;
      continue;
    }
    const runEnd = retention.runStartAfter(offset) ?? end;
    const pieceEnd = Math.min(offset + pieceBytes, end, runEnd);
    const bytes = retention.read(offset, pieceEnd - offset);
    const lines: string[] = [];
    for (let at = offset; at < pieceEnd; ) {
      const run = retention.streamAt(at);
      const to = Math.min(run?.end ?? pieceEnd, pieceEnd);
      begun.add(bytes.subarray(at - offset, to - offset), { at, stream: run?.stream ?? 'stdout' }, lines);
      at = to;
    }
    offset = pieceEnd;
    if (pieceEnd === runEnd && pieceEnd < end) {
      lines.push(...begun.end());
      begun = new BegunLines();
    }
    yield asOutput(lines);
  }
  return begun.end();
}

/** The rest of a line whose beginning is not read. */
interface CutLine {
  stream: Stream;
  /** Offset behind its end. */
  until: number;
}

/** Of the stream that goes on at an offset; nothing of it where no line of that stream ends nearby. */
function cutLineAt(retention: Retention, offset: number): CutLine {
  const stream = retention.streamAt(offset)?.stream ?? 'stdout';
  const seen = retention.read(offset, LONGEST_LINE_SOUGHT);
  const seenEnd = offset + seen.length;
  for (let at = offset; at < seenEnd; ) {
    const run = retention.streamAt(at);
    const to = Math.min(run?.end ?? seenEnd, seenEnd);
    if ((run?.stream ?? 'stdout') === stream) {
      const index = seen.subarray(at - offset, to - offset).indexOf(NEWLINE);
      if (index !== -1) return { stream, until: at + index + 1 };
    }
    at = to;
  }
  return { stream, until: offset };
}

/** What has come of a line of each stream, until it is whole. */
class BegunLines {
  // A character may be cut where one piece ends: each stream goes on with its own.
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #texts = { stdout: '', stderr: '' };
  #cut: CutLine | undefined;

  leaveOut(cut: CutLine): void {
    this.#cut = cut;
  }

  /** @param lines gets those that are whole now */
  add(bytes: Buffer, { at, stream }: { at: number; stream: Stream }, lines: string[]): void {
    const cut = this.#cut;
    const left = cut?.stream === stream ? bytes.subarray(Math.max(0, cut.until - at)) : bytes;
    const text = this.#decoders[stream].write(left);
    const end = text.lastIndexOf('\n');
    // A line that goes on and on is put together once, when it ends.
    if (end === -1) {
      this.#texts[stream] += text;
      return;
    }
    for (const line of `${this.#texts[stream]}${text.slice(0, end)}`.split('\n')) lines.push(line);
    this.#texts[stream] = text.slice(end + 1);
  }

  /** Those that have no end. */
  end(): string[] {
    return (['stdout', 'stderr'] as const)
      .map((stream) => this.#texts[stream] + this.#decoders[stream].end())
      .filter((text) => text !== '');
  }
}
