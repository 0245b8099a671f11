/** Output of the stream as the parts of an answer: as lines, as bytes, or as what a program without a terminal wrote to each stream. */
import { StringDecoder } from 'node:string_decoder';
import type { Params } from '@pilotty/client';
import type { Transcript } from '@pilotty/terminal/transcript';
import type { Run, Size } from './message.ts';

export interface ShownPart {
  output?: string;
  output_base64?: string;
  stream?: Run['stream'];
  /** What was dropped between the part before and this one. */
  missed_bytes?: number;
  truncated?: true;
}

/** Some output that follows on the last, unless something between is missing. */
export interface Piece {
  bytes: Buffer;
  size: Size | undefined;
  runs: readonly Run[] | undefined;
}

export interface Shown {
  add(piece: Piece): ShownPart[];
  /** What is added next does not go on where the last piece ended. */
  miss(bytes: number): ShownPart[];
  end(): ShownPart[];
}

type Asked = Pick<Params<'session.output'>, 'format' | 'stream'>;

const USUAL_SIZE: Size = { cols: 80, rows: 24 };

/** @param first the piece that the answer begins with */
export async function shownAs({ format, stream }: Asked, first: Piece): Promise<Shown> {
  if (first.runs !== undefined) return new Streams(format, stream);
  if (format === 'ansi') return new Bytes();
  const { Transcript } = await import('@pilotty/terminal/transcript');
  return new Lines((size) => new Transcript(size), first.size ?? USUAL_SIZE);
}

class Bytes implements Shown {
  add({ bytes }: Piece): ShownPart[] {
    return [{ output_base64: bytes.toString('base64') }];
  }

  miss(): ShownPart[] {
    return [];
  }

  end(): ShownPart[] {
    return [];
  }
}

class Lines implements Shown {
  readonly #open: (size: Size) => Transcript;
  #size: Size;
  #transcript: Transcript;

  constructor(open: (size: Size) => Transcript, size: Size) {
    this.#open = open;
    this.#size = size;
    this.#transcript = open(size);
  }

  add({ bytes, size = this.#size }: Piece): ShownPart[] {
    this.#size = size;
    return asParts(this.#transcript.resize(size.cols, size.rows) + this.#transcript.write(bytes));
  }

  miss(bytes: number): ShownPart[] {
    const parts = asParts(this.#transcript.endCut());
    this.#transcript = this.#open(this.#size);
    return [...parts, missing(bytes)];
  }

  end(): ShownPart[] {
    return asParts(this.#transcript.end());
  }
}

class Streams implements Shown {
  readonly #format: Asked['format'];
  readonly #wanted: Asked['stream'];
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };

  constructor(format: Asked['format'], wanted: Asked['stream'] = 'both') {
    this.#format = format;
    this.#wanted = wanted;
  }

  add({ bytes, runs = [] }: Piece): ShownPart[] {
    let at = 0;
    const parts: ShownPart[] = [];
    for (const { stream, length } of runs) {
      const own = bytes.subarray(at, at + length);
      at += length;
      if (this.#wanted !== 'both' && this.#wanted !== stream) continue;
      if (this.#format === 'ansi') parts.push({ stream, output_base64: own.toString('base64') });
      else parts.push(...asParts(this.#decoders[stream].write(own), stream));
    }
    return parts;
  }

  /** Shared among both streams: which of them it was written to is not known. */
  miss(bytes: number): ShownPart[] {
    if (this.#format === 'ansi') return [];
    const shares = [['stdout', Math.ceil(bytes / 2)] as const, ['stderr', Math.floor(bytes / 2)] as const];
    return shares
      .filter(([stream, share]) => share > 0 && (this.#wanted === 'both' || this.#wanted === stream))
      .map(([stream, share]) => {
        // The rest of a character that was cut.
        this.#decoders[stream].end();
        return missing(share, stream);
      });
  }

  end(): ShownPart[] {
    return (['stdout', 'stderr'] as const).flatMap((stream) => asParts(this.#decoders[stream].end(), stream));
  }
}

function missing(missed_bytes: number, stream?: Run['stream']): ShownPart {
  return { output: '', truncated: true, missed_bytes, ...(stream && { stream }) };
}

function asParts(output: string, stream?: Run['stream']): ShownPart[] {
  return output === '' ? [] : [{ output, ...(stream && { stream }) }];
}
