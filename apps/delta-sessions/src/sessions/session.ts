/**
 * One session: its directory, and the daemon that runs it.
 *
 * The daemon keeps the output while no command runs; each command that concerns the session first
 * brings output.log up to date (`update`), and every reader reads from there. So what was seen once
 * outlives the daemon, and a reader's place means the same byte for as long as the log does.
 */
import { join } from 'node:path';
import { type Client, ConnectionError, type Exit, RequestError } from '@pilotty/client';
import { Refusal } from '../refusal.ts';
import { type Metadata, readMetadata, readState, type State, writeMetadata, writeState } from './files.ts';
import { withLock } from './lock.ts';
import { OutputLog } from './output-log.ts';

/** A tool definition names few readers; a loop that makes up names must not fill the file. */
const MAX_READERS = 64;

/** What a reader has not read yet. */
export interface Unread {
  bytes: Buffer;
  /** Printed before it, and no longer kept by anybody. */
  missed: number;
  /** There is more, after bytes that are no longer kept. */
  isCut: boolean;
}

export class Session {
  readonly id: string;
  readonly directory: string;
  readonly output: OutputLog;
  readonly #clientAt: (socket: string) => Client;
  #metadata: Metadata;
  #state: State;

  /** @throws Refusal when the directory does not hold a session */
  constructor(id: string, directory: string, clientAt: (socket: string) => Client) {
    this.id = id;
    this.directory = directory;
    this.output = new OutputLog(directory);
    this.#clientAt = clientAt;
    const metadata = readMetadata(directory);
    const state = readState(directory);
    if (metadata === undefined || state === undefined) throw new Refusal(`Session ${id} not found`);
    this.#metadata = metadata;
    this.#state = state;
  }

  get metadata(): Readonly<Metadata> {
    return this.#metadata;
  }

  get state(): Readonly<State> {
    return this.#state;
  }

  get client(): Client {
    return this.#clientAt(this.#state.daemon.socket);
  }

  /** What the daemon calls it. */
  get target(): string {
    return this.#state.daemon.session_id;
  }

  get isRunning(): boolean {
    return this.#metadata.status === 'active';
  }

  /** Fetches what was printed since the last command, and learns whether the program has ended. */
  update(): Promise<void> {
    return this.#fetch({ follow: false });
  }

  /** The same, and what is printed from now on until the program ends or `signal` is aborted; `more` is called after each piece. */
  async follow(signal: AbortSignal, more: () => void | Promise<void>): Promise<void> {
    try {
      await this.#fetch({ follow: true, signal, more });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #fetch(how: {
    follow: boolean;
    signal?: AbortSignal;
    more?: () => void | Promise<void>;
  }): Promise<void> {
    const { end } = this.output;
    const params = { session: this.target, format: 'ansi' as const, since: end, follow: how.follow };
    const taken = async (offset: number, bytes: Buffer) => {
      if (bytes.length > 0) await this.#change(() => this.output.append(offset, bytes));
      await how.more?.();
    };
    const request = this.client.request('session.output', params, {
      ...(how.signal && { signal: how.signal }),
      onEvent: ({ output_base64 = '', next_offset }) => {
        const bytes = Buffer.from(output_base64, 'base64');
        return taken(next_offset - bytes.length, bytes);
      },
    });
    const exit = await request.then(
      (result) => result.exit ?? 'running',
      (error: unknown) => {
        if (isGone(error)) return undefined;
        throw error;
      },
    );
    if (exit !== 'running' && this.isRunning) await this.hasEnded(exit);
  }

  /** Asks where its program is now, for state.json. */
  async learnDirectory(): Promise<void> {
    try {
      const { current_directory } = await this.client.request('session.status', { session: this.target });
      await this.change(({ state }) => {
        state.work_dir = current_directory ?? state.work_dir;
      });
    } catch (error) {
      // It has ended since; what was known of it stays.
      if (!isGone(error)) throw error;
    }
  }

  /** @param exit as the daemon reports it; undefined for a session it has evicted, or that ended with it */
  async hasEnded(exit: Exit | undefined): Promise<void> {
    await this.change(({ metadata }) => {
      if (metadata.status === 'terminated') return;
      metadata.status = 'terminated';
      metadata.ended_at = new Date().toISOString();
      if (exit) Object.assign(metadata, { exit_code: exit.exit_code, signal: exit.signal });
    });
  }

  /** Takes what a reader has not read, at most so many lines of it; it is not read again under this name. */
  async take(reader: string, lines = Number.POSITIVE_INFINITY): Promise<Unread> {
    let unread: Unread = { bytes: Buffer.alloc(0), missed: 0, isCut: false };
    await this.change(({ state }) => {
      const from = state.readers[reader] ?? 0;
      const { bytes, missed, isCut } = this.output.read(from);
      const taken = firstLines(bytes, lines);
      unread = { bytes: this.isRunning ? wholeCharacters(taken) : taken, missed, isCut };
      state.readers = withReader(state.readers, reader, from + missed + unread.bytes.length);
    });
    return unread;
  }

  /** Gives back what could not be handed on, unless the reader has read on meanwhile. */
  async giveBack(reader: string, { bytes }: Unread): Promise<void> {
    const taken = this.#state.readers[reader] ?? 0;
    await this.change(({ state }) => {
      if (state.readers[reader] === taken) {
        state.readers = { ...state.readers, [reader]: taken - bytes.length };
      }
    });
  }

  /** What a reader would take. */
  unread(reader: string): Buffer {
    return this.output.read(this.#state.readers[reader] ?? 0).bytes;
  }

  /** Changes metadata.json and state.json as they are on disk now. */
  async change(edit: (files: { metadata: Metadata; state: State }) => void): Promise<void> {
    await this.#change(() => {
      const metadata = { ...(readMetadata(this.directory) ?? this.#metadata) };
      const state = { ...(readState(this.directory) ?? this.#state) };
      const before = JSON.stringify([metadata, state]);
      edit({ metadata, state });
      this.#metadata = metadata;
      this.#state = state;
      if (JSON.stringify([metadata, state]) === before) return;
      writeState(this.directory, state);
      writeMetadata(this.directory, metadata);
    });
  }

  #change(work: () => void): Promise<void> {
    return withLock(join(this.directory, 'lock'), work);
  }
}

/** The daemon does not know the session, or is itself no more. */
export function isGone(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.isAbsent;
  return error instanceof RequestError && error.code === 'SESSION_NOT_FOUND';
}

/** It has ended since it was last asked. */
export function isExited(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'SESSION_EXITED';
}

function withReader(
  readers: Readonly<Record<string, number>>,
  reader: string,
  offset: number,
): Record<string, number> {
  if (!Object.hasOwn(readers, reader) && Object.keys(readers).length >= MAX_READERS) {
    throw new Refusal(
      `The session has ${MAX_READERS} readers, and that is the limit`,
      'Read on under one of the names in state.json.',
    );
  }
  return { ...readers, [reader]: offset };
}

const NEWLINE = 0x0a;

function firstLines(bytes: Buffer, lines: number): Buffer {
  let at = 0;
  for (let count = 0; count < lines; count++) {
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline === -1) return bytes;
    at = newline + 1;
  }
  return bytes.subarray(0, at);
}

/** Without the beginning of a UTF-8 character whose rest is still to come: each answer is decoded by itself. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const needed = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
