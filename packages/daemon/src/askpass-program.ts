/**
 * The program that SUDO_ASKPASS, SSH_ASKPASS and GIT_ASKPASS name in a session: a script that runs 'pilotty askpass' with
 * the Node of the daemon, whatever the session's PATH is. They take the path of a program, and no arguments of it.
 *
 * It is written into the socket directory when it is needed first, and anew where it is not as it should be: it has to be
 * there for as long as there are sessions that have been told of it.
 */
import fs from 'node:fs';
import { RequestError, singleQuoted } from '@pilotty/protocol';
import { isSameFile } from './processes/same-file.ts';

export class AskpassProgram {
  readonly #directory: string;
  readonly #command: readonly string[] | undefined;
  /** The file that this daemon has written. */
  #own: fs.Stats | undefined;

  /** @param command what runs pilotty; undefined where nothing does */
  constructor(directory: string, command: readonly string[] | undefined) {
    this.#directory = directory;
    this.#command = command;
  }

  get #path(): string {
    return `${this.#directory}/pilotty.askpass`;
  }

  /**
   * @returns what the programs of a session need to ask by it
   * @throws RequestError UNAVAILABLE where it could not be run
   */
  environment(session: string): Record<string, string> {
    this.#provide();
    const path = this.#path;
    return {
      SUDO_ASKPASS: path,
      SSH_ASKPASS: path,
      // Else ssh asks at the terminal where there is one.
      SSH_ASKPASS_REQUIRE: 'force',
      GIT_ASKPASS: path,
      PILOTTY_ASKPASS: session,
    };
  }

  /**
   * A session of a daemon before this one has been told of it: it runs the program of this one from now on.
   * @throws RequestError UNAVAILABLE
   */
  adopt(session: string, environment: Readonly<Record<string, string>>): void {
    if (environment.PILOTTY_ASKPASS === session) this.#provide();
  }

  /** Writes it anew, where a session has been told of it. @throws RequestError UNAVAILABLE */
  restore(): void {
    if (this.#own !== undefined) this.#provide();
  }

  #provide(): void {
    if (this.#command === undefined) throw unavailable('the daemon runs inside another program');
    const path = this.#path;
    const script = scriptOf(this.#command, this.#directory);
    try {
      if (!this.#isOwn(script)) this.#write(script);
      // Fails too where the file system is mounted noexec.
      fs.accessSync(path, fs.constants.X_OK);
    } catch (error) {
      throw unavailable((error as Error).message);
    }
  }

  /** A file that was removed leaves its number to the next: what is in it tells them apart. */
  #isOwn(script: string): boolean {
    if (this.#own === undefined || !isSameFile(this.#path, this.#own)) return false;
    return fs.readFileSync(this.#path, 'utf8') === script;
  }

  /** In one step: programs may run it at any time. */
  #write(script: string): void {
    const next = `${this.#path}.${process.pid}.new`;
    try {
      fs.writeFileSync(next, script, { mode: 0o700 });
      const own = fs.lstatSync(next);
      fs.renameSync(next, this.#path);
      this.#own = own;
    } catch (error) {
      fs.rmSync(next, { force: true });
      throw error;
    }
  }

  /** The daemon ends. What another daemon has written is that one's. */
  close(): void {
    if (this.#command === undefined) return;
    try {
      if (this.#isOwn(scriptOf(this.#command, this.#directory))) fs.rmSync(this.#path, { force: true });
    } catch {
      // The directory cannot be written any more; the next daemon replaces it.
    }
  }
}

/** What the session has set for its own programs is not for this one: it reaches the daemon that the session is of. */
function scriptOf(command: readonly string[], directory: string): string {
  const words = [...command, 'askpass', '--'].map(singleQuoted).join(' ');
  return `#!/bin/sh
# Asks a person for what a program of a pilotty session needs: 'pilotty help answer'.
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS PILOTTY_HOST PILOTTY_CLIENT
PILOTTY_SOCKET_DIR=${singleQuoted(directory)} exec ${words} "$1"
`;
}

function unavailable(reason: string): RequestError {
  return new RequestError('UNAVAILABLE', `No program can ask a person here: ${reason}; nothing was started`, {
    suggestion:
      'Start it without --askpass; or set PILOTTY_SOCKET_DIR to a directory in which programs can be executed.',
  });
}
