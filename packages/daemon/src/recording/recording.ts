/**
 * One recording of one session: what is drawn, its sizes, marks, how it ended, and on request what is typed, as lines of
 * an asciicast.
 *
 * It records what the screen includes, in the order in which the screen was drawn: replayed up to an event, a screen is as
 * it was at that moment. One that begins late, or goes on after output that a slow disk had no room for, begins with the
 * screen as it is then; so does one that hides something, where another daemon goes on with it.
 */
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:os';
import { type CastEvent, type CastFormat, CastWriter } from '@pilotty/asciicast';
import type { Exit } from '@pilotty/protocol';
import { commandLine } from '@pilotty/protocol';
import { replayBytes, WholeCharacters } from '@pilotty/terminal';
import { msSince, nextMoment } from '../moment.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import { CastFile, type CastFiles, type CastHandle } from './cast-file.ts';
import { InputWatch } from './input-watch.ts';
import { JoinedOutput } from './joined-output.ts';
import { Redaction } from './redaction.ts';
import type { Secrets } from './secrets.ts';
import type { WriteTurns } from './write-turns.ts';

/** Rows above the screen that one that begins late has; a resize may bring them back. */
const SCROLLBACK = 1000;
/** Forgets everything; a screen follows. */
const RESET = '\x1bc';
/** The marker where the program was started again. */
const RESTARTED = 'the program was restarted';

export interface RecordingOptions {
  format: CastFormat;
  /** Records what is typed, but no secrets. */
  input: boolean;
  redact: Secrets | undefined;
  /** The expression of `redact` that was asked for with it. */
  pattern: string | undefined;
  /** Of one file. */
  maxBytes: number;
  /** At `maxBytes` a new file begins, and so many before it are kept; with 0 the recording ends. */
  rotate: number;
}

/** Of one under way, for the daemon that goes on with it. */
export interface RecordingState {
  file: string;
  options: Omit<RecordingOptions, 'redact'>;
  /** Since 1970. */
  startedAtMs: number;
  /** A moment. */
  began: number;
  bytes: number;
  /** Of the file that is open. */
  identity: string;
  fileBytes: number;
  fileBeganMs: number;
  lastMs: number;
  /** The beginning of a character. */
  begun: Uint8Array;
  prompt: string | undefined;
}

export type EndedBecause = 'stopped' | 'exited' | 'limit' | 'failed';

export interface RecordingGround {
  files: CastFiles;
  turns: WriteTurns;
  /** Called once, when it has ended; its last lines may still be on their way to the file. */
  ended(recording: Recording): void;
}

export class Recording {
  readonly file: string;
  readonly options: RecordingOptions;
  readonly startedAt: Date;
  endedBecause: EndedBecause | undefined;
  /** Why it ended, where that needs words. */
  note: string | undefined;
  /** Bytes in all its files. */
  #bytes = 0;
  /** Resolves when it has ended and all of it is written. */
  readonly closed: Promise<void>;
  readonly #session: Session;
  readonly #ground: RecordingGround;
  readonly #file: CastFile;
  /** A moment. */
  readonly #began: number;
  #lengthMs: number | undefined;
  readonly #redaction: Redaction | undefined;
  readonly #input: InputWatch | undefined;
  readonly #unfollow: (() => void)[] = [];
  #writer: CastWriter;
  /** When the file that is open began, in milliseconds of the recording. */
  #fileBeganMs = 0;
  #characters = new WholeCharacters();
  readonly #drawing = new JoinedOutput((bytes, atMs) => this.#addBytes(bytes, atMs));
  /** How often the whole screen was written. */
  #screens = 0;
  /** The disk had no room: output is left out until there is some. */
  #isBehind = false;
  /** Of the file, once freeze() has resolved. */
  #identity = '';
  #tellClosed: () => void = () => {};

  constructor(
    session: Session,
    { path, handle }: { path: string; handle: CastHandle },
    options: RecordingOptions,
    ground: RecordingGround,
    adopted?: RecordingState,
  ) {
    this.startedAt = adopted ? new Date(adopted.startedAtMs) : new Date();
    this.#began = adopted?.began ?? nextMoment();
    this.file = path;
    this.options = options;
    this.#session = session;
    this.#ground = ground;
    this.#file = new CastFile(path, handle, {
      ...ground,
      listener: { failed: (error) => this.#failed(error), room: () => this.#catchUp() },
    });
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve;
    });
    this.#redaction = options.redact && new Redaction(options.redact);
    this.#writer = new CastWriter(options.format, adopted?.lastMs);
    if (adopted) this.#adopt(adopted);
    else {
      session.arrived.draw();
      this.#beginFile();
    }
    this.#unfollow.push(
      session.followDrawing((piece) => this.#drawn(piece)),
      session.watch((event) => this.#happened(event)),
    );
    if (options.input) {
      this.#input = new InputWatch(session, (text) => this.#add('i', text), adopted?.prompt);
      this.#unfollow.push(() => this.#input?.close());
    }
    if (session.isExited) this.#sessionEnded();
  }

  get session(): Session {
    return this.#session;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isActive(): boolean {
    return this.endedBecause === undefined;
  }

  /** How long it has been made; once it has ended, how long it was. */
  get durationMs(): number {
    return this.#lengthMs ?? msSince(this.#began);
  }

  #adopt({ bytes, fileBytes, fileBeganMs, begun }: RecordingState): void {
    this.#bytes = bytes;
    this.#file.bytes = fileBytes;
    this.#fileBeganMs = fileBeganMs;
    this.#wholeCharacters(begun);
  }

  /** The file of one that was adopted is its own from now on; before its session goes on. */
  goOn(): void {
    // What may be under way in what was drawn before is not known any more.
    if (this.#redaction) this.#writeScreen(RESET);
  }

  /** Resolves when all that was recorded is in the file, or cannot be; the session is frozen. */
  async freeze(): Promise<void> {
    this.#drawing.flush();
    await this.#input?.settled;
    if (this.isActive) this.#identity = await this.#file.written();
  }

  /** Frozen. Why another daemon cannot go on with it: of a secret that came in two parts it would know the second only. */
  get whyNotHandedOver(): string | undefined {
    return this.#redaction?.isHolding
      ? `what came last may be the beginning of what is hidden in '${this.file}'`
      : undefined;
  }

  /** Frozen. */
  get state(): RecordingState {
    const { redact: _, ...options } = this.options;
    return {
      file: this.file,
      options,
      startedAtMs: this.startedAt.getTime(),
      began: this.#began,
      bytes: this.#bytes,
      identity: this.#identity,
      fileBytes: this.#file.bytes,
      fileBeganMs: this.#fileBeganMs,
      lastMs: this.#writer.lastMs,
      begun: this.#characters.begun,
      prompt: this.#input?.prompt,
    };
  }

  /** Another daemon goes on with it. */
  handedOver(): void {
    for (const unfollow of this.#unfollow) unfollow();
    this.#drawing.drop();
    this.#file.leave();
  }

  /** @returns when, in milliseconds of the recording */
  mark(label: string): number {
    this.#session.arrived.draw();
    this.#drawing.flush();
    const timeMs = Math.round(this.durationMs);
    this.#add('m', label, timeMs);
    return timeMs;
  }

  /** Idempotent. Resolves when all of it is in the file, or cannot be. */
  async stop(): Promise<void> {
    if (this.isActive) {
      this.#session.arrived.draw();
      this.#end('stopped');
    }
    await this.closed;
  }

  #drawn(piece: Uint8Array): void {
    if (!this.#isBehind) this.#drawing.add(piece, () => this.durationMs);
  }

  #happened(event: SessionEvent): void {
    if (event === 'resized') {
      this.#drawing.flush();
      const { cols, rows } = this.#session.screen.size;
      this.#add('r', `${cols}x${rows}`);
    } else if (event === 'exited') this.#sessionEnded();
    else if (typeof event === 'object' && event.type === 'restarted') this.mark(RESTARTED);
  }

  #sessionEnded(): void {
    this.#drawing.flush();
    // As the screen shows the beginning of a character that has no end.
    if (this.#characters.end().length > 0) this.#add('o', '\ufffd');
    this.#end('exited', statusOf(this.#session.exit));
  }

  /**
   * As UTF-8 it is not decoded: a letter of the line stands for each byte, which is written as that byte. What JSON escapes
   * is ASCII, and in UTF-8 no part of another character.
   */
  #addBytes(bytes: Uint8Array, atMs: number): void {
    for (const whole of this.#wholeCharacters(bytes)) {
      if (this.#redaction === undefined && isUtf8(whole))
        this.#write(atMs, 'o', whole.toString('latin1'), 'latin1');
      else this.#add('o', whole.toString(), atMs);
    }
  }

  /** What is no character becomes U+FFFD, as on the screen. */
  #decode(bytes: Uint8Array): string {
    return this.#wholeCharacters(bytes)
      .map((whole) => whole.toString())
      .join('');
  }

  #wholeCharacters(bytes: Uint8Array): Buffer[] {
    const pieces = [...this.#characters.pieces(bytes, bytes.length + 4)];
    return pieces.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  }

  #add(code: string, data: string, timeMs: number = this.durationMs): void {
    if (!this.isActive) return;
    if (this.#redaction === undefined) this.#write(timeMs, code, data);
    else this.#writeAll(this.#redaction.push({ timeMs, code, data }));
  }

  #writeAll(events: readonly CastEvent[]): void {
    const screens = this.#screens;
    for (const { timeMs, code, data } of events) {
      // Output that a new screen has already, because the file before it became full.
      if (screens === this.#screens || code !== 'o') this.#write(timeMs, code, data);
    }
  }

  #write(timeMs: number, code: string, data: string, encoding?: 'latin1'): void {
    if (!this.isActive) return;
    if (this.#file.isFull) {
      this.#isBehind = true;
      // Marks and sizes are few; what is drawn is drawn again once there is room.
      if (code === 'o' || code === 'i') return;
    }
    this.#appendEvent(timeMs, code, data, encoding);
    if (this.#file.bytes >= this.options.maxBytes) this.#atLimit();
  }

  #appendEvent(timeMs: number, code: string, data: string, encoding?: 'latin1'): void {
    this.#append(this.#writer.event(timeMs - this.#fileBeganMs, code, data), encoding);
  }

  #append(line: string, encoding: 'utf8' | 'latin1' = 'utf8'): void {
    const bytes = Buffer.from(line, encoding);
    this.#bytes += bytes.length;
    this.#file.append(bytes);
  }

  #atLimit(): void {
    const { maxBytes, rotate } = this.options;
    if (rotate > 0) {
      // The screen of the next file would show what may be the beginning of what is hidden.
      if (this.#redaction?.isHolding) return;
      this.#file.rotate(rotate);
      this.#writer = new CastWriter(this.options.format);
      this.#beginFile();
      return;
    }
    this.note = `the limit of ${maxBytes} bytes was reached`;
    this.#appendEvent(this.durationMs, 'm', `recording ended: ${this.note}`);
    this.#end('limit');
  }

  /** The header, and the screen where there is one. */
  #beginFile(): void {
    const { screen, argv, term } = this.#session;
    this.#fileBeganMs = this.#bytes === 0 ? 0 : this.durationMs;
    const hide = (text: string) => this.#redaction?.whole(text) ?? text;
    this.#append(
      this.#writer.header({
        ...screen.size,
        term,
        timestamp: Math.floor(Date.now() / 1000),
        command: hide(commandLine(argv)),
        title: hide(screen.title) || undefined,
      }),
    );
    if (this.#session.parsedBytes > 0) this.#writeScreen('');
  }

  /** What was held back, or drawn and not written yet, is on it. */
  #writeScreen(before: string): void {
    this.#drawing.drop();
    this.#screens += 1;
    this.#characters = new WholeCharacters();
    const data = before + this.#decode(replayBytes(this.#session.screen, { scrollback: SCROLLBACK }));
    const screen = { timeMs: this.durationMs, code: 'o', data };
    for (const event of this.#hiding(screen)) this.#appendEvent(event.timeMs, event.code, event.data);
  }

  #hiding(screen: CastEvent): CastEvent[] {
    if (this.#redaction === undefined) return [screen];
    return [
      ...this.#redaction.startOver(),
      ...this.#redaction.push(screen),
      ...this.#redaction.goOnBehind(this.#session.screen.foldedLineBeforeCursor),
    ];
  }

  /** The disk has room again: the output that was left out is not to be had, but the screen it led to is. */
  #catchUp(): void {
    if (!this.isActive || !this.#isBehind) return;
    this.#isBehind = false;
    const label = 'output is missing before this: the disk was too slow';
    this.#appendEvent(this.durationMs, 'm', label);
    this.#writeScreen(RESET);
  }

  #failed(error: unknown): void {
    this.note = `the file could not be written: ${reason(error)}`;
    this.#end('failed');
  }

  /** @param status how the program ended */
  #end(because: EndedBecause, status?: string): void {
    // With what was drawn last it may come to its limit, and end by that.
    if (this.isActive) this.#drawing.flush();
    if (!this.isActive) return;
    for (const unfollow of this.#unfollow) unfollow();
    if (because === 'exited' || because === 'stopped') this.#finish(status);
    this.endedBecause = because;
    this.#lengthMs = this.durationMs;
    this.#ground.ended(this);
    void this.#file.close().then(() => this.#tellClosed());
  }

  #finish(status: string | undefined): void {
    if (this.#isBehind) {
      this.#isBehind = false;
      this.#writeScreen(RESET);
    }
    for (const { timeMs, code, data } of this.#redaction?.end() ?? []) this.#appendEvent(timeMs, code, data);
    if (status !== undefined) this.#appendEvent(this.durationMs, 'x', status);
  }
}

/** As a shell has it: 128 and the signal's number. */
function statusOf(exit: Exit | undefined): string | undefined {
  if (exit === undefined) return undefined;
  if (exit.exit_code !== null) return String(exit.exit_code);
  const number = exit.signal === null ? undefined : constants.signals[exit.signal as NodeJS.Signals];
  return number === undefined ? undefined : String(128 + number);
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return 'the disk is full (ENOSPC)';
  if (code === 'EDQUOT') return 'the disk quota is used up (EDQUOT)';
  if (code === 'EIO') return 'the disk has a fault (EIO)';
  return message;
}
