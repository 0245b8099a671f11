/**
 * Reads what a session printed, in pieces the client can keep up with: exact bytes, or the readable
 * lines that a person would have seen go by.
 */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { type ParsedParams, RequestError } from '@pilotty/protocol';
import { Transcript } from '@pilotty/terminal';
import type { Call } from '../call.ts';
import { LONGEST_LINE_SOUGHT } from '../pty/retention.ts';
import { type Secrets, secretsOf } from '../recording/secrets.ts';
import type { ShellCommand } from '../session/command-log.ts';
import type { Session } from '../session/session.ts';
import { until } from '../until.ts';
import { parsedUpTo } from '../waiting/conditions.ts';
import { waitUntil } from '../waiting/wait.ts';
import { commandOf } from './commands.ts';
import { CoveredOutput, type CoveredPart, SEEN_BEFORE_BYTES } from './covered-output.ts';
import type { Handlers } from './handler.ts';
import { HoldBack } from './hold-back.ts';
import { LineStarts } from './line-starts.ts';
import { StreamParts, startOfLastLines } from './stream-parts.ts';

type OutputParams = ParsedParams<'session.output'>;

/** Some milliseconds of parsing, so that other requests are served in between. */
const PIECE_BYTES = 64 * 1024;
/** Of a tail, which may be all that is retained. */
const PART_LENGTH = 1024 * 1024;

export const outputHandlers: Handlers<'session.output'> = {
  'session.output': async (services, params, call) => {
    const session = services.sessions.get(params.session);
    const { retention } = session;
    // Its marks must have been read, those of its end above all.
    if (params.command_number !== undefined) await waitUntil(session, parsedUpTo(session), call);
    else session.arrived.read();
    const command =
      params.command_number === undefined ? undefined : commandOf(session, params.command_number);
    if (command?.isAnswered) throw answeredElsewhere(session, command);
    const { since = 0 } = params;
    if (since > retention.totalBytes) {
      const written = `The program in session '${session.name}' has written ${retention.totalBytes} bytes`;
      throw new RequestError('INVALID_INPUT', `${written}: there is no offset ${since} yet`);
    }
    const asked = command?.outputStart ?? since;
    const offset = Math.min(Math.max(asked, retention.start), endOf(session, command));
    const reading: Reading = { offset, missed: Math.max(0, offset - asked), command };
    const goesOnFrom = (offset: number) => {
      // One that holds the program back would be missed until it has come again: what comes meanwhile could be dropped.
      if (!params.follow || params.hold_back || command !== undefined) return;
      const { tail: _, ...rest } = params;
      const again = { ...rest, session: session.id, since: offset };
      call.continuation = () => ({ method: 'session.output', params: again });
    };
    const { redact } = services.settings;
    const secrets = params.as_kept && redact !== undefined ? await secretsOf([redact]) : undefined;
    if (secrets !== undefined && session.isPipe) throw notKept(session);
    if (secrets !== undefined) reading.secrets = secrets;
    const send = session.isPipe
      ? sendStreams
      : params.as_kept
        ? sendAsKept
        : params.format === 'ansi'
          ? sendBytes
          : sendLines;
    if (params.hold_back) reading.holdBack = new HoldBack(session, () => reading.offset);
    try {
      await send(session, reading, params, call, goesOnFrom);
    } finally {
      reading.holdBack?.close();
    }
    const { exit } = session;
    return {
      type: 'output',
      ...session.reference,
      format: params.format,
      offset,
      next_offset: reading.offset,
      ...(reading.missed > 0 && { truncated: true, missed_bytes: reading.missed }),
      retention: retention.facts,
      ...(exit && { exit }),
    };
  },
};

function answeredElsewhere({ name }: Session, { number }: ShellCommand): RequestError {
  return new RequestError(
    'UNAVAILABLE',
    `Command ${number} of session '${name}' was run by exec, which returned its output; it is not retained`,
    { suggestion: `Run it again with 'pilotty exec -s ${name} --pty', or type it: then it is.` },
  );
}

/** Of two streams that are read in pieces, a secret in one may be cut by the other. */
function notKept({ name }: Session): RequestError {
  return new RequestError(
    'UNAVAILABLE',
    `What session '${name}' prints cannot be kept elsewhere: its program has no terminal, and PILOTTY_REDACT is set`,
    { suggestion: 'Start it without --pipe, or the daemon without PILOTTY_REDACT.' },
  );
}

/** How far a client has got, and what was dropped before it could be read. */
interface Reading {
  offset: number;
  missed: number;
  /** Whose output is read; without one, it is the session's. */
  command: ShellCommand | undefined;
  /** The program waits for it. */
  holdBack?: HoldBack;
  /** What is covered in it. */
  secrets?: Secrets;
}

/** Behind the last byte there is to read now. */
function endOf(session: Session, command: ShellCommand | undefined): number {
  return command === undefined ? session.retention.totalBytes : (command.outputEnd ?? session.parsedBytes);
}

function willGrow(session: Session, command: ShellCommand | undefined): boolean {
  return !session.isExited && command?.outputEnd === undefined;
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
    const end = endOf(session, reading.command);
    const kept = Math.min(Math.max(reading.offset, retention.start), end);
    reading.missed += kept - reading.offset;
    reading.offset = kept;
    const bytes = retention.read(kept, Math.min(pieceLength(session, kept), end - kept));
    reading.offset += bytes.length;
    reading.holdBack?.look();
    if (bytes.length > 0) yield bytes;
    else if (!follow || !willGrow(session, reading.command)) return;
    else await until(session, () => hasMore(session, reading), call);
  }
}

/** As sendBytes() and sendLines(), of a program without a terminal: nothing of it is a line of a screen. */
async function sendStreams(
  session: Session,
  reading: Reading,
  params: OutputParams,
  call: Call,
  goesOnFrom: (offset: number) => void,
): Promise<void> {
  const { retention } = session;
  const parts = new StreamParts(params);
  /** Of what was missed. */
  let told = 0;
  if (params.tail !== undefined) {
    const from = startOfLastLines(retention, { ...params, count: params.tail }, retention.totalBytes);
    // What comes before the lines that were asked for is not missed.
    if (from > reading.offset) told = reading.missed;
    reading.offset = Math.max(reading.offset, from);
  }
  const tellMissed = async (end: number) => {
    const missed = retention.bytesOfStreams(end - (reading.missed - told), end);
    told = reading.missed;
    if (params.format === 'ansi') return;
    for (const stream of ['stdout', 'stderr'] as const) {
      const { [stream]: missed_bytes = 0 } = missed;
      if (missed_bytes === 0) continue;
      const part = parts.cut(stream);
      if (params.stream === 'both' || params.stream === stream)
        await call.emit({ ...part, truncated: true, missed_bytes, next_offset: end });
    }
  };
  goesOnFrom(reading.offset);
  for await (const bytes of pieces(session, reading, params.follow, call)) {
    const offset = reading.offset - bytes.length;
    if (reading.missed > told) await tellMissed(offset);
    const part = parts.of(bytes, retention.streamAt(offset)?.stream ?? 'stdout');
    // Where a character is not whole, who goes on from here asks for it again.
    if (parts.isWhole) goesOnFrom(reading.offset);
    if (part) await call.emit({ ...part, next_offset: reading.offset, ...(params.as_kept && { offset }) });
  }
  if (reading.missed > told) await tellMissed(reading.offset);
  for (const part of parts.end()) await call.emit({ ...part, next_offset: reading.offset });
}

/** There is more to read, or there will be none. */
function hasMore(session: Session, { offset, command }: Reading): boolean {
  return endOf(session, command) !== offset || !willGrow(session, command);
}

/** A piece ends where the terminal changed its size, or the other stream goes on. */
function pieceLength({ retention }: Session, offset: number): number {
  const { next } = retention.sizeAt(offset);
  const end = Math.min(
    next?.offset ?? Number.POSITIVE_INFINITY,
    retention.streamAt(offset)?.end ?? Number.POSITIVE_INFINITY,
  );
  return Math.min(PIECE_BYTES, end - offset);
}

async function sendBytes(
  session: Session,
  reading: Reading,
  params: OutputParams,
  call: Call,
  goesOnFrom: (offset: number) => void,
): Promise<void> {
  if (params.tail !== undefined) {
    const end = endOf(session, reading.command);
    reading.offset = Math.max(reading.offset, session.retention.startOfLastLines(params.tail, end));
  }
  goesOnFrom(reading.offset);
  for await (const bytes of pieces(session, reading, params.follow, call)) {
    goesOnFrom(reading.offset);
    await call.emit({ output_base64: bytes.toString('base64'), next_offset: reading.offset });
  }
}

/** As sendBytes(): parts say where they begin, and what they were drawn on. */
async function sendAsKept(
  session: Session,
  reading: Reading,
  params: OutputParams,
  call: Call,
  goesOnFrom: (offset: number) => void,
): Promise<void> {
  const { retention } = session;
  const { secrets } = reading;
  const send = async ({ bytes, offset, next_offset }: CoveredPart) => {
    goesOnFrom(next_offset);
    const { cols, rows } = retention.sizeAt(offset).size;
    const output_base64 = bytes.toString('base64');
    await call.emit({ output_base64, offset, next_offset, size: { cols, rows } });
  };
  const seenFrom = Math.max(retention.start, reading.offset - SEEN_BEFORE_BYTES);
  const before = retention.read(seenFrom, reading.offset - seenFrom);
  // Where the beginning was dropped, -1: nothing that comes goes on behind it.
  const begin = reading.missed > 0 ? -1 : reading.offset;
  const covered = secrets && new CoveredOutput(secrets, begin, begin === -1 ? Buffer.alloc(0) : before);
  goesOnFrom(reading.offset);
  for await (const bytes of pieces(session, reading, params.follow, call)) {
    const offset = reading.offset - bytes.length;
    const parts = covered?.push(bytes, offset) ?? [{ bytes, offset, next_offset: reading.offset }];
    for (const part of parts) await send(part);
  }
  // What was held back is given whole to the request that goes on from here.
  if (call.signal.aborted) return;
  for (const part of covered?.end() ?? []) await send(part);
}

async function sendLines(
  session: Session,
  reading: Reading,
  params: OutputParams,
  call: Call,
  goesOnFrom: (offset: number) => void,
): Promise<void> {
  // Where the beginning was dropped, what is left begins inside a line, perhaps inside an escape sequence.
  if (reading.missed > 0) {
    const line = session.retention.nextLineFrom(reading.offset);
    reading.offset = Math.min(line, endOf(session, reading.command));
  }
  const { clearedFrom, outputStart } = session.run;
  // What cleared the screen for a program that was started again is no line of it.
  if (reading.offset >= clearedFrom) reading.offset = Math.max(reading.offset, outputStart);
  const { retention } = session;
  let transcript = new Transcript(retention.sizeAt(reading.offset).size);
  const presentEnd = endOf(session, reading.command);
  // Until the present is reached, a tail is only gathered.
  let tail = params.tail === undefined ? undefined : new Tail(params.tail);
  const starts = new LineStarts(reading.offset);
  // What the transcript holds back has not been sent: a reader who goes on from there gets it.
  const sentBefore = () => {
    const held = transcript.heldLines;
    return held === 0 ? reading.offset : starts.ofLast(held);
  };
  const say = async (text: string, next_offset = sentBefore()) => {
    const next = tail ? '' : text;
    tail?.add(text);
    if (tail === undefined) goesOnFrom(next_offset);
    if (next !== '') await call.emit({ output: next, next_offset });
  };
  let told = 0;
  const tellMissed = async (next_offset: number) => {
    const missed_bytes = reading.missed - told;
    told = reading.missed;
    if (missed_bytes > 0) await call.emit({ output: '', truncated: true, missed_bytes, next_offset });
  };
  const endTail = async (next_offset: number) => {
    const parts = tail?.parts() ?? [];
    // What comes before the lines that were asked for is not missed.
    if (tail?.isFull) told = reading.missed;
    else if (tail !== undefined) await tellMissed(next_offset);
    tail = undefined;
    for (const part of parts) await say(part, next_offset);
  };
  if (tail === undefined) await tellMissed(reading.offset);
  let missed = reading.missed;
  for await (const piece of pieces(session, reading, params.follow, call)) {
    let bytes = piece;
    let start = reading.offset - bytes.length;
    const { cols, rows } = retention.sizeAt(start).size;
    if (reading.missed > missed) {
      missed = reading.missed;
      // The frames of a full-screen program are no lines: what is drawn next is one of them, unless it has ended meanwhile.
      if (!transcript.isFullScreen || !session.screen.alternateScreen) {
        // No line goes on behind what was dropped, and none is whole before the next begins.
        const text = transcript.endCut();
        transcript = new Transcript({ cols, rows });
        await say(text, start);
        bytes = bytes.subarray(lengthOfRest(bytes));
        start = reading.offset - bytes.length;
        // Those before it are not the last ones.
        tail &&= new Tail(params.tail ?? 0);
      }
      if (tail === undefined) await tellMissed(start);
    }
    // A screen holds no more lines than it has rows; the least it has is two.
    starts.add(bytes, start, rows + 1);
    await say(transcript.resize(cols, rows) + transcript.write(bytes));
    if (params.follow && reading.offset >= presentEnd) {
      await say(transcript.flush());
      await endTail(sentBefore());
    }
    await turnOfEventLoop();
  }
  await say(transcript.end(), reading.offset);
  await endTail(reading.offset);
}

/** Of the line that they begin in; 0 where none ends nearby. */
function lengthOfRest(bytes: Buffer): number {
  return bytes.subarray(0, LONGEST_LINE_SOUGHT).indexOf('\n') + 1;
}

/** The last so many lines of a text that comes in parts. */
class Tail {
  readonly #count: number;
  #isFull: boolean;
  #lines: string[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#isFull = count === 0;
  }

  add(text: string): void {
    if (text === '') return;
    // A part may end inside a very long line, and the next goes on there.
    const begun = this.#lines.at(-1)?.endsWith('\n') === false ? this.#lines.pop() : '';
    this.#lines.push(...`${begun}${text}`.split(/(?<=\n)/));
    this.#isFull ||= this.#lines.length >= this.#count;
    if (this.#lines.length > this.#count) this.#lines = this.#lines.slice(this.#lines.length - this.#count);
  }

  /** There are as many as were asked for. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** As one text each, none longer than a message may be. */
  *parts(): Generator<string> {
    let part = '';
    for (const line of this.#lines) {
      if (part !== '' && part.length + line.length > PART_LENGTH) {
        yield part;
        part = '';
      }
      part += line;
    }
    yield part;
  }
}
