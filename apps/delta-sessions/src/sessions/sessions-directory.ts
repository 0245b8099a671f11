/** The directory that holds the sessions of one agent: which there are, how one is made, found, removed. */
import { type Dirent, lstatSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeWithParents } from '@pilotty/client/node';
import { Refusal } from '../refusal.ts';
import type { Daemons } from './daemons.ts';
import { isCode, type Metadata, type State, writeMetadata, writeState } from './files.ts';
import { randomHex } from './random-hex.ts';
import { Session } from './session.ts';

/** Never a path. The guides' own examples are not hexadecimal. */
const ID = /^sess_[A-Za-z0-9_-]{1,64}$/;
/** Before it has its name, a session is being started; what is older was left by a command that was killed. */
const STARTING = /^\.sess_.*\.starting$/;
const STARTING_MS = 60_000;

export class SessionsDirectory {
  readonly path: string;
  readonly daemons: Daemons;
  readonly #list: string;

  /** @param list the command that shows the sessions there are */
  constructor(path: string, daemons: Daemons, list: string) {
    this.path = path;
    this.daemons = daemons;
    this.#list = list;
  }

  /** @throws Refusal when there is none */
  get(id: string | undefined): Session {
    if (id === undefined) throw new Refusal('Missing session_id argument', this.#hint);
    if (!ID.test(id)) throw this.notFound(id);
    try {
      return this.#open(id);
    } catch (error) {
      throw error instanceof Refusal ? this.notFound(id) : error;
    }
  }

  /** As get(), brought up to date. @throws Refusal when its program has ended, too */
  async getRunning(id: string | undefined): Promise<Session> {
    const session = this.get(id);
    await session.update();
    if (!session.isRunning) throw this.dead(session);
    return session;
  }

  notFound(id: string): Refusal {
    return new Refusal(`Session ${id} not found`, this.#hint);
  }

  dead({ id, metadata }: Session): Refusal {
    const { exit_code: code, signal } = metadata;
    const how = signal ? ` (its program was ended by ${signal})` : code == null ? '' : ` (exit code ${code})`;
    return new Refusal(`Session ${id} not found or dead${how}`, this.#hint);
  }

  get #hint(): string {
    return `'${this.#list}' shows the sessions there are.`;
  }

  /** All there are, in the order of their start. What holds no session is left out. */
  all(): Session[] {
    const sessions = this.#names().flatMap((id) => {
      try {
        return [this.#open(id)];
      } catch (error) {
        if (error instanceof Refusal) return [];
        throw error;
      }
    });
    return sessions.sort((a, b) => a.metadata.created_at.localeCompare(b.metadata.created_at));
  }

  /** As all(), each brought up to date. */
  async allUpdated(): Promise<Session[]> {
    const sessions = this.all();
    await Promise.all(sessions.map((session) => session.isRunning && session.update()));
    return sessions;
  }

  /** What is left of a session and is none, and what was never finished: nothing in it is anybody else's. */
  debris(): string[] {
    const sessions = new Set(this.all().map(({ id }) => id));
    const damaged = this.#names().filter((id) => !sessions.has(id));
    const unfinished = this.#entries().filter((name) => STARTING.test(name) && this.#isOld(name));
    return [...damaged, ...unfinished].filter((name) => this.#isAllOurs(name));
  }

  /** Removes the files of a session, and its directory unless it holds anything else. */
  remove(id: string): void {
    const directory = join(this.path, id);
    for (const { name } of filesIn(directory).filter(isOurs)) rmSync(join(directory, name), { force: true });
    try {
      rmdirSync(directory);
    } catch (error) {
      if (!isCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw error;
    }
  }

  #isAllOurs(name: string): boolean {
    const facts = lstatSync(join(this.path, name), { throwIfNoEntry: false });
    return facts?.isDirectory() === true && filesIn(join(this.path, name)).every(isOurs);
  }

  /**
   * Makes a session's directory under a name of its own, and gives it the session's name only when the
   * program runs: a start that fails leaves nothing.
   */
  async create(
    idDigits: number,
    start: (id: string) => Promise<{ metadata: Metadata; state: State }>,
  ): Promise<Session> {
    const id = `sess_${randomHex(idDigits)}`;
    const final = join(this.path, id);
    const unfinished = join(this.path, `.${id}.starting`);
    this.#make(unfinished);
    try {
      const { metadata, state } = await start(id);
      writeMetadata(unfinished, metadata);
      writeState(unfinished, state);
      renameSync(unfinished, final);
    } catch (error) {
      this.remove(`.${id}.starting`);
      throw error;
    }
    return this.#open(id);
  }

  #make(directory: string): void {
    try {
      makeWithParents(directory);
    } catch (error) {
      throw new Refusal(`The sessions directory cannot be written: ${(error as Error).message}`);
    }
  }

  #open(id: string): Session {
    return new Session(id, join(this.path, id), (socket) => this.daemons.at(socket));
  }

  #names(): string[] {
    return this.#entries().filter((name) => ID.test(name));
  }

  #entries(): string[] {
    try {
      return readdirSync(this.path);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return [];
      throw new Refusal(`The sessions directory cannot be read: ${(error as Error).message}`);
    }
  }

  #isOld(name: string): boolean {
    const { mtimeMs = 0 } = statSync(join(this.path, name), { throwIfNoEntry: false }) ?? {};
    return Date.now() - mtimeMs > STARTING_MS;
  }
}

/** Every file of a session, also one that was being written or a lock being taken when a command was killed. */
const OUR_FILE =
  /^(?:metadata|state)\.json(?:\.[0-9a-f]+)?$|^lock(?:\.(?:[0-9a-f]+|unreadable))*$|^(?:history|input|output)\.log(?:\.\d+)?$/;

function isOurs(entry: Dirent): boolean {
  return entry.isFile() && OUR_FILE.test(entry.name);
}

function filesIn(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
