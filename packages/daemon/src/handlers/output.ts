/**
 * Reads what a session printed, in pieces the client can keep up with: exact bytes, or the readable
 * lines that a person would have seen go by.
 */
import { type ParsedParams, RequestError } from '@pilotty/protocol';
import { Transcript } from '@pilotty/terminal';
import type { Call } from '../server/call.ts';
import type { Session } from '../session/session.ts';
import type { Handlers } from './handler.ts';

type OutputParams = ParsedParams<'session.output'>;

/** Some milliseconds of parsing, so that other requests are served in between. */
const PIECE_BYTES = 64 * 1024;

export const outputHandlers: Handlers<'session.output'> = {
  'session.output': async (daemon, params, call) => {
    const session = daemon.sessions.get(params.session);
    const { retention } = session;
    const asked = params.since ?? 0;
    if (asked > retention.totalBytes) {
      const written = `The program in session '${session.name}' has written ${retention.totalBytes} bytes`;
      throw new RequestError('INVALID_INPUT', `${written}: there is no offset ${asked} yet`);
    }
    const offset = Math.min(Math.max(asked, retention.start), retention.totalBytes);
    const reading = { offset, missed: Math.max(0, retention.start - asked) };
    await (params.format === 'ansi' ? sendBytes : sendLines)(session, reading, params, call);
    const { exit } = session;
    return {
      type: 'output',
      session: session.name,
      format: params.format,
      offset,
      next_offset: reading.offset,
      missed_bytes: reading.missed,
      retention: retention.facts,
      ...(exit && { exit }),
    };
  },
};

/** How far a client has got, and what was dropped before it could be read. */
interface Reading {
  offset: number;
  missed: number;
}

/** Gives the retained bytes from `reading.offset` on, one piece after another, and with `follow` those to come. */
async function* pieces(
  session: Session,
  reading: Reading,
  follow: boolean,
  call: Call,
): AsyncGenerator<Buffer> {
  const { retention } = session;
  while (!call.signal.aborted) {
    if (reading.offset < retention.start) {
      reading.missed += retention.start - reading.offset;
      reading.offset = retention.start;
    }
    const bytes = retention.read(reading.offset, pieceLength(session, reading.offset));
    reading.offset += bytes.length;
    if (bytes.length > 0) yield bytes;
    else if (!follow || session.isExited) return;
    else await moreOutput(session, reading.offset, call.signal);
  }
}

/** A piece ends where the terminal changed its size. */
function pieceLength(session: Session, offset: number): number {
  const { next } = session.retention.sizeAt(offset);
  return Math.min(PIECE_BYTES, (next?.offset ?? Number.POSITIVE_INFINITY) - offset);
}

function moreOutput(session: Session, offset: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (session.retention.totalBytes === offset && !session.isExited && !signal.aborted) return;
      unwatch();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const unwatch = session.watch(look);
    signal.addEventListener('abort', look);
    look();
  });
}

async function sendBytes(
  session: Session,
  reading: Reading,
  params: OutputParams,
  call: Call,
): Promise<void> {
  if (params.tail !== undefined) {
    reading.offset = Math.max(reading.offset, session.retention.startOfLastLines(params.tail));
  }
  for await (const bytes of pieces(session, reading, params.follow, call)) {
    await call.emit({ data_base64: bytes.toString('base64'), next_offset: reading.offset });
  }
}

async function sendLines(
  session: Session,
  reading: Reading,
  params: OutputParams,
  call: Call,
): Promise<void> {
  // Where the beginning was dropped, what is left begins inside a line, perhaps inside an escape sequence.
  if (reading.missed > 0) reading.offset = session.retention.nextLineFrom(reading.offset);
  const { size } = session.retention.sizeAt(reading.offset);
  const transcript = new Transcript(size);
  const presentEnd = session.retention.totalBytes;
  // Until the present is reached, a tail is only gathered.
  let tail = params.tail === undefined ? undefined : new Tail(params.tail);
  const say = async (text: string) => {
    const next = tail ? '' : text;
    tail?.add(text);
    if (next !== '') await call.emit({ text: next, next_offset: reading.offset });
  };
  const endTail = async () => {
    const gathered = tail?.text ?? '';
    tail = undefined;
    await say(gathered);
  };
  for await (const bytes of pieces(session, reading, params.follow, call)) {
    const { cols, rows } = session.retention.sizeAt(reading.offset - bytes.length).size;
    await say(transcript.resize(cols, rows) + transcript.write(bytes));
    if (params.follow && reading.offset >= presentEnd) {
      await say(transcript.flush());
      await endTail();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await say(transcript.end());
  await endTail();
}

/** The last so many lines of a text that comes in parts. */
class Tail {
  readonly #count: number;
  #lines: string[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  add(text: string): void {
    if (text === '') return;
    // Every part ends with a whole line, or is the last.
    this.#lines.push(...text.split(/(?<=\n)/));
    if (this.#lines.length > this.#count) this.#lines = this.#lines.slice(this.#lines.length - this.#count);
  }

  get text(): string {
    return this.#lines.join('');
  }
}
