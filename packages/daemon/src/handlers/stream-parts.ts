/** Output of a program without a terminal as the parts of an answer: of one stream or of both, as bytes or as text. */
import { StringDecoder } from 'node:string_decoder';
import type { ParsedParams } from '@pilotty/protocol';
import type { Retention } from '../pty/retention.ts';
import type { Stream, StreamRun } from '../pty/stream-marks.ts';

type Asked = Pick<ParsedParams<'session.output'>, 'format' | 'stream'>;

export interface StreamPart {
  stream: Stream;
  output?: string;
  output_base64?: string;
}

export class StreamParts {
  readonly #asked: Asked;
  /** A character may be cut where one piece ends: each stream goes on with its own. */
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #cut = new Set<Stream>();

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** No character is cut by what was given out last. */
  get isWhole(): boolean {
    return this.#cut.size === 0;
  }

  /** undefined where nothing of it was asked for, or it is a part of one character. */
  of(bytes: Buffer, stream: Stream): StreamPart | undefined {
    const { format, stream: wanted } = this.#asked;
    if (wanted !== 'both' && wanted !== stream) return undefined;
    if (format === 'ansi') return { stream, output_base64: bytes.toString('base64') };
    const output = this.#decoders[stream].write(bytes);
    if (endsInCharacter(bytes)) this.#cut.add(stream);
    else this.#cut.delete(stream);
    return output === '' ? undefined : { stream, output };
  }

  /** What comes next of this stream does not go on where it was. */
  cut(stream: Stream): StreamPart {
    this.#decoders[stream].end();
    this.#cut.delete(stream);
    return { stream, output: '' };
  }

  /** What no more bytes come for is no character. */
  end(): StreamPart[] {
    return (['stdout', 'stderr'] as const)
      .map((stream) => ({ stream, output: this.#decoders[stream].end() }))
      .filter(({ output }) => output !== '');
  }
}

/** Whether it ends within a character of UTF-8, as far as its last bytes say. */
function endsInCharacter(bytes: Buffer): boolean {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return false;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);
  }
  return false;
}

const PIECE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Offset at which the last so many lines of a stream, or of both as one, begin; a last line need not have its newline. */
export function startOfLastLines(
  retention: Retention,
  { stream, count }: Pick<Asked, 'stream'> & { count: number },
  end: number,
): number {
  if (count === 0) return end;
  let newlines = 0;
  let isFirst = true;
  let run: StreamRun | undefined;
  for (
    let pieceEnd = end;
    pieceEnd > retention.start;
    pieceEnd = Math.max(retention.start, pieceEnd - PIECE_BYTES)
  ) {
    const from = Math.max(retention.start, pieceEnd - PIECE_BYTES);
    const bytes = retention.read(from, pieceEnd - from);
    for (let at = bytes.length - 1; at >= 0; at--) {
      const offset = from + at;
      if (run === undefined || offset < run.start) run = retention.streamAt(offset);
      if (stream !== 'both' && run?.stream !== stream) continue;
      const isLast = isFirst;
      isFirst = false;
      // The newline that ends the last line begins none.
      if (bytes[at] !== NEWLINE || isLast) continue;
      newlines += 1;
      if (newlines === count) return offset + 1;
    }
  }
  return retention.start;
}
