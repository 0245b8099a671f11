/** Reads a recording from a file, event by event: however long it is, only a part of it is in memory. */
import { createReadStream } from 'node:fs';
import { CastError, type CastEvent, type CastHeader, CastReader } from '@pilotty/asciicast';
import { ReplayError } from './replay-error.ts';

/** V8 has no longer texts; an event is some 100 KiB. */
const MAX_LINE = 256 * 1024 * 1024;

export interface Cast {
  readonly path: string;
  readonly header: CastHeader;
  readonly version: number;
  /** Whether the file ends inside a line; known at its end. */
  readonly isCut: boolean;
  /** From the beginning, each time. @throws ReplayError */
  events(): AsyncGenerator<CastEvent>;
}

/** @throws ReplayError */
export async function loadCast(path: string): Promise<Cast> {
  let last = new CastReader();
  async function* events(): AsyncGenerator<CastEvent> {
    last = new CastReader();
    yield* read(path, last);
  }
  // The header is there before the first event, or at the end.
  for await (const _ of events()) break;
  const { header, version } = last;
  if (header === undefined || version === undefined)
    throw new ReplayError(`${path} is empty`, 'Record first.');
  return {
    path,
    header,
    version,
    events,
    get isCut() {
      return last.isCut;
    },
  };
}

async function* read(path: string, reader: CastReader): AsyncGenerator<CastEvent> {
  try {
    let rest = '';
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE)
        throw new ReplayError(`${path} has a line without end`, 'Give a recording.');
      for (const line of lines) yield* reader.read(line);
    }
    yield* reader.end(rest);
  } catch (error) {
    throw asReplayError(path, error);
  }
}

function asReplayError(path: string, error: unknown): unknown {
  if (error instanceof CastError) {
    return new ReplayError(
      `${path}, ${error.message}`,
      'Give an asciicast of version 1, 2 or 3, as pilotty record and asciinema make them.',
    );
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new ReplayError(
    `${path} cannot be read: ${message}`,
    "'pilotty record list' shows where recordings are.",
  );
}
