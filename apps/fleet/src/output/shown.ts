/** Output of the stream as the parts of an answer: as lines, as bytes, or as what a program without a terminal wrote to each stream. */
import { StringDecoder } from 'node:string_decoder';
import type { Params } from '@pilotty/client';
import type { Transcript } from '@pilotty/terminal/transcript';
import type { Run, Size } from './message.ts';

export interface ShownPart {
  output?: string;
  output_base64?: string;
  stream?: Run['stream'];
}

/** Some output that follows on the last, unless something between is missing. */
export interface Piece {
  bytes: Buffer;
  size: Size | undefined;
  runs: readonly Run[] | undefined;
}

export interface Shown {
  add(piece: Piece): ShownPart[];
  end(): ShownPart[];
}

type Asked = Pick<Params<'session.output'>, 'format' | 'stream'>;

const USUAL_SIZE: Size = { cols: 80, rows: 24 };

/** @param first the piece that the answer begins with */
export async function shownAs({ format, stream }: Asked, first: Piece): Promise<Shown> {
  if (first.runs !== undefined) return new Streams(format, stream);
  if (format === 'ansi') return new Bytes();
  const { Transcript } = await import('@pilotty/terminal/transcript');
  return new Lines(new Transcript(first.size ?? USUAL_SIZE));
}

class Bytes implements Shown {
  add({ bytes }: Piece): ShownPart[] {
    return [{ output_base64: bytes.toString('base64') }];
  }

  end(): ShownPart[] {
    return [];
  }
}

class Lines implements Shown {
  readonly #transcript: Transcript;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  add({ bytes, size }: Piece): ShownPart[] {
    const pushedOut = size === undefined ? '' : this.#transcript.resize(size.cols, size.rows);
    return asParts(pushedOut + this.#transcript.write(bytes));
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

  end(): ShownPart[] {
    return (['stdout', 'stderr'] as const).flatMap((stream) => asParts(this.#decoders[stream].end(), stream));
  }
}

function asParts(output: string, stream?: Run['stream']): ShownPart[] {
  return output === '' ? [] : [{ output, ...(stream && { stream }) }];
}
