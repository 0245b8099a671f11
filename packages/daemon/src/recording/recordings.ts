/**
 * The recordings of all sessions: which there are, where their files are, how they end.
 *
 * A file is made before anything is recorded into it, so that one that cannot be made is refused with nothing done.
 */
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { RequestError, type Settings } from '@pilotty/protocol';
import type { EventLog } from '../events/event-log.ts';
import { subjectOf } from '../events/reporter.ts';
import {
  MAX_ENDED_RECORDINGS,
  MAX_RECORDING_BYTES,
  MAX_RECORDINGS_OF_SESSION,
  RESERVED_DESCRIPTORS,
} from '../limits.ts';
import type { Log } from '../log.ts';
import { makeDirectories } from '../make-directories.ts';
import { needDescriptors } from '../processes/free-descriptors.ts';
import { randomHex } from '../random-hex.ts';
import type { Session } from '../session/session.ts';
import { within } from '../within.ts';
import { type CastFiles, type CastHandle, castFiles } from './cast-file.ts';
import { Recording, type RecordingOptions, type RecordingState } from './recording.ts';
import { secretsOf } from './secrets.ts';
import { WriteTurns } from './write-turns.ts';

/** A disk that does not answer by then is not waited for. */
const OPEN_WITHIN_MS = 5_000;
const CLOSE_WITHIN_MS = 5_000;

export interface RecordingWishes extends Omit<RecordingOptions, 'redact' | 'maxBytes' | 'pattern'> {
  file?: string | undefined;
  redact?: string | undefined;
  max_bytes: number;
}

/** A file that was made for a recording that has not begun. */
export interface Prepared {
  /** Events come with announce(): a session may be recorded before there are events of it. */
  begin(session: Session): Recording;
  /** Removes the file: there is no recording, and will be none. */
  drop(): Promise<void>;
}

export class Recordings {
  readonly #settings: Pick<Settings, 'redact' | 'recordDir' | 'defaultRecordDir'>;
  readonly #events: EventLog;
  readonly #log: Log;
  readonly #files: CastFiles;
  readonly #turns = new WriteTurns();
  /** Those that have ended, oldest first, before those under way. */
  readonly #all = new Set<Recording>();
  readonly #announced = new WeakSet<Recording>();

  constructor(
    settings: Pick<Settings, 'redact' | 'recordDir' | 'defaultRecordDir'>,
    { events, log }: { events: EventLog; log: Log },
    files: CastFiles = castFiles,
  ) {
    this.#settings = settings;
    this.#events = events;
    this.#log = log;
    this.#files = files;
  }

  get all(): Recording[] {
    return inOrder([...this.#all]);
  }

  of(session: Session): Recording[] {
    return inOrder([...this.#all].filter((recording) => recording.session === session));
  }

  activeOf(session: Session): Recording[] {
    return this.of(session).filter(({ isActive }) => isActive);
  }

  /** @throws RequestError with nothing done */
  async start(session: Session, wishes: RecordingWishes): Promise<Recording> {
    requireRoom(this.activeOf(session), session);
    const prepared = await this.prepare(session.name, wishes);
    try {
      session.requireRunning();
      requireRoom(this.activeOf(session), session);
    } catch (error) {
      await prepared.drop();
      throw error;
    }
    const recording = prepared.begin(session);
    this.announce(recording);
    return recording;
  }

  /** Emits that it has begun, and that it has ended where it has. */
  announce(recording: Recording): void {
    const { session, file } = recording;
    this.#announced.add(recording);
    this.#events.add('recording_started', subjectOf(session), { file });
    this.#log.info({ ...session.reference, file }, 'recording started');
    if (!recording.isActive) this.#announceEnd(recording);
  }

  /** What is to be recorded of a session that is being started: what it asks for, and what all are to be. */
  async prepareAll(
    name: string,
    wishes: RecordingWishes | undefined,
  ): Promise<{ prepared: Prepared[]; note: string | undefined }> {
    const prepared = wishes === undefined ? [] : [await this.prepare(name, wishes)];
    const directory = this.#settings.recordDir;
    if (directory === undefined) return { prepared, note: undefined };
    try {
      const everyOne = { format: 'v3', input: false, max_bytes: MAX_RECORDING_BYTES, rotate: 0 } as const;
      prepared.push(await this.prepare(name, everyOne, directory));
      return { prepared, note: undefined };
    } catch (error) {
      // Nobody asked for the recording of this session.
      const { message } = error as Error;
      this.#log.error({ session: name, reason: message }, 'the session is not recorded');
      return { prepared, note: `it is not recorded: ${message}` };
    }
  }

  /** @throws RequestError with nothing done */
  async prepare(
    name: string,
    { file, redact, max_bytes, ...options }: RecordingWishes,
    directory: string = this.#settings.recordDir ?? this.#settings.defaultRecordDir,
  ): Promise<Prepared> {
    const secrets = await this.#secretsOf(redact);
    const wanted = file ?? path.join(directory, fileName(name, new Date()));
    if (!path.isAbsolute(wanted)) {
      throw new RequestError('INVALID_INPUT', `The file '${wanted}' is no absolute path`, {
        suggestion: 'Give the whole path, from / on.',
      });
    }
    needDescriptors(RESERVED_DESCRIPTORS, `Cannot record into '${wanted}'`);
    if (file === undefined) await makeDirectory(directory);
    const handle = await this.#create(wanted);
    let recording: Recording | undefined;
    return {
      begin: (session) => {
        recording = this.#begin(session, wanted, handle, {
          ...options,
          redact: secrets,
          pattern: redact,
          maxBytes: max_bytes,
        });
        return recording;
      },
      drop: async () => {
        await (recording?.stop() ?? handle.close());
        if (recording !== undefined) this.#all.delete(recording);
        await fs.rm(wanted, { force: true });
      },
    };
  }

  /** @returns those that were under way; all of them are written, or `note` says otherwise */
  async stop(recordings: readonly Recording[]): Promise<{ note: string | undefined }> {
    const stopped = Promise.all(recordings.map((recording) => recording.stop()));
    const isWritten = await within(CLOSE_WITHIN_MS, stopped);
    return { note: isWritten ? undefined : 'the disk is slow: not all of it is in the file yet' };
  }

  /** Gives what is recorded a moment to reach the disk. */
  async close(withinMs: number): Promise<void> {
    const stopped = Promise.all([...this.#all].map((recording) => recording.stop()));
    await within(withinMs, stopped);
  }

  /** @returns whether all that was recorded is in the files by then; the sessions are frozen */
  async freeze(withinMs: number): Promise<boolean> {
    return await within(withinMs, Promise.all(this.#active.map((recording) => recording.freeze())));
  }

  /** Goes on with those of another daemon, once their session does. @throws Error where a file cannot be used */
  async adopt(session: Session, states: readonly RecordingState[]): Promise<void> {
    for (const state of states) {
      const redact = await this.#secretsOf(state.options.pattern);
      const handle = await this.#files.reopen(state.file, state.identity);
      const options = { ...state.options, redact };
      this.#announced.add(this.#begin(session, state.file, handle, options, state));
    }
  }

  /** Another daemon goes on with them. */
  handedOver(): void {
    for (const recording of this.#active) recording.handedOver();
  }

  get #active(): Recording[] {
    return [...this.#all].filter(({ isActive }) => isActive);
  }

  #secretsOf(pattern: string | undefined): ReturnType<typeof secretsOf> {
    return secretsOf([this.#settings.redact, pattern].filter((each) => each !== undefined));
  }

  #begin(
    session: Session,
    file: string,
    handle: CastHandle,
    options: RecordingOptions,
    adopted?: RecordingState,
  ): Recording {
    const ended = (recording: Recording) => this.#ended(recording);
    const ground = { files: this.#files, turns: this.#turns, ended };
    const recording = new Recording(session, { path: file, handle }, options, ground, adopted);
    this.#all.add(recording);
    return recording;
  }

  #ended(recording: Recording): void {
    if (this.#announced.has(recording)) this.#announceEnd(recording);
    const ended = [...this.#all].filter(({ isActive }) => !isActive);
    for (const old of ended.slice(0, Math.max(0, ended.length - MAX_ENDED_RECORDINGS))) this.#all.delete(old);
  }

  #announceEnd(recording: Recording): void {
    const { session, file, endedBecause, note, bytes } = recording;
    const reason = note ?? endedBecause ?? 'stopped';
    this.#events.add('recording_ended', subjectOf(session), { file, reason });
    const level = endedBecause === 'failed' ? 'error' : 'info';
    this.#log[level]({ ...session.reference, file, bytes, reason }, 'recording ended');
  }

  async #create(file: string): Promise<CastHandle> {
    const opening = this.#files.create(file);
    try {
      if (await within(OPEN_WITHIN_MS, opening)) return await opening;
    } catch (error) {
      throw cannotCreate(file, error as NodeJS.ErrnoException);
    }
    // It may be opened after all, when nothing is recorded into it.
    void opening.then((handle) => handle.close()).catch(() => {});
    throw new RequestError(
      'UNAVAILABLE',
      `The file '${file}' could not be created in time: the disk does not answer`,
      {
        suggestion: 'Give a file on another disk.',
      },
    );
  }
}

/** Oldest first. */
function inOrder(recordings: Recording[]): Recording[] {
  return recordings.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
}

/** Sorted by time where they are listed by name. */
function fileName(session: string, now: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `${session}-${date}-${time}-${randomHex(4)}.cast`;
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await makeDirectories(directory);
  } catch (error) {
    throw cannotCreate(directory, error as NodeJS.ErrnoException);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it exists already',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of its path is no directory',
  EACCES: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
};

function cannotCreate(file: string, { code, message }: NodeJS.ErrnoException): RequestError {
  const reason = REASONS[code ?? ''] ?? message;
  return new RequestError('UNAVAILABLE', `Cannot record into '${file}': ${reason}`, {
    suggestion:
      code === 'EEXIST'
        ? 'A recording never overwrites a file: give another name, or remove that one first.'
        : 'Give a file in a directory that exists and that you can write.',
  });
}

function requireRoom(active: readonly Recording[], { name }: Session): void {
  if (active.length < MAX_RECORDINGS_OF_SESSION) return;
  throw new RequestError(
    'LIMIT_REACHED',
    `Session '${name}' has ${active.length} recordings under way already`,
    {
      suggestion: `End some with 'pilotty record stop -s ${name}'.`,
    },
  );
}
