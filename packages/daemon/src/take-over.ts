/**
 * The successor's side: makes all that another daemon hands over its own, says so, and serves once it is told to.
 *
 * Until then nothing that the other has is touched: no file of it is written, no terminal read. Where anything is not as it
 * was, the reason is said, and this process ends.
 */
import fs from 'node:fs';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { type Lock, RotatingFile, type Settings, type SocketPaths, VERSION } from '@pilotty/protocol';
import { Daemon, type DaemonOptions } from './daemon.ts';
import { handlers } from './handlers/handlers.ts';
import { daemonLog } from './log.ts';
import { LoggedFaults } from './logged-faults.ts';
import { goOnWithMoments } from './moment.ts';
import { policyMaker } from './policy/policy-maker.ts';
import { RunningFile } from './processes/running-file.ts';
import { loadTerminals } from './pty/fork.ts';
import { Rest } from './rest.ts';
import { runToEnd } from './run-to-end.ts';
import { Listener } from './server/listener.ts';
import { Announcer, until } from './until.ts';
import {
  CONTROL_FD,
  decodeLine,
  encodeLine,
  FORMATS,
  GO,
  type HandedDaemon,
  type HandedSession,
  LISTENER_FD,
  type Said,
} from './upgrade/hand-over.ts';
import { prepareTakeOver } from './upgrade/lock-take-over.ts';

/** Serves what another daemon hands over until it is asked to end; where that one goes on instead, only ends. */
export async function serveHandedOver(
  paths: SocketPaths,
  settings: Settings,
  redact: ((line: string) => string) | undefined,
  { commandHost, pilotty, signal }: DaemonOptions & { signal: AbortSignal },
): Promise<void> {
  const taken = await takeOver(paths, settings, redact, { commandHost, pilotty });
  if (taken === undefined) return;
  try {
    await runToEnd(taken.daemon, taken.logFile, signal);
  } finally {
    taken.lock.release();
  }
}

interface TakenOver {
  daemon: Daemon;
  logFile: RotatingFile;
  lock: Lock;
}

/** @returns undefined where the daemon before has given up */
async function takeOver(
  paths: SocketPaths,
  settings: Settings,
  redact: ((line: string) => string) | undefined,
  programs: DaemonOptions,
): Promise<TakenOver | undefined> {
  const control = new Control();
  try {
    loadTerminals();
    control.say({ type: 'loaded', formats: [...FORMATS], version: VERSION });
    const handed = await control.receive();
    if (handed === undefined) return undefined;
    const { own, sessions } = handed;
    goOnWithMoments(own.clock);
    const logFile = new RotatingFile(paths.log, fs);
    const faults = new LoggedFaults();
    const log = daemonLog(logFile, settings.logLevel, redact, faults);
    const running = new RunningFile(`${paths.directory}/pilotty.running`, own);
    const lock = prepareTakeOver(paths.lock);
    try {
      const listener = Listener.adopt(LISTENER_FD, paths.socket);
      const ground = { paths, log, faults, logFile, running, rest: new Rest() };
      // The lock that is meant is there once it is taken.
      let taken: Lock | undefined;
      const ours: Lock = { isHeld: () => taken?.isHeld() ?? true, release: () => taken?.release() };
      const policy = await policyMaker(paths, settings);
      const daemon = new Daemon({ ...ground, lock: ours }, settings, handlers, { ...programs, policy });
      await daemon.adopt(own, sessions);
      closeOthers(own, sessions);
      control.say({ type: 'ready' });
      if (!(await control.isToldToGo())) return undefined;
      taken = lock.take();
      running.takeOver();
      listener.listen();
      daemon.goOn(listener, sessions);
      control.say({ type: 'serving', pid: process.pid });
      control.end();
      return { daemon, logFile, lock: ours };
    } finally {
      lock.drop();
    }
  } catch (error) {
    control.say({ type: 'refused', reason: (error as Error).message });
    throw error;
  }
}

/** A terminal whose program has ended since this process was started, and a pipe that was closed since. */
function closeOthers({ terminals }: HandedDaemon, sessions: readonly HandedSession[]): void {
  const used = new Set(sessions.flatMap(({ fd, pipes = {} }) => [fd, ...Object.values(pipes)]));
  for (const fd of terminals) if (!used.has(fd)) fs.closeSync(fd);
}

/** What is said between the two. */
class Control {
  readonly #socket: Duplex = new net.Socket({ fd: CONTROL_FD });
  #lines: string[] = [];
  #begun: string[] = [];
  #isOver = false;
  readonly #came = new Announcer();

  constructor() {
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#read(text));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#isOver = true;
      this.#came.announce();
    });
  }

  say(said: Said): void {
    this.#socket.write(encodeLine(said));
  }

  end(): void {
    this.#socket.end();
  }

  /** @returns undefined where it has ended before */
  async receive(): Promise<{ own: HandedDaemon; sessions: HandedSession[] } | undefined> {
    const first = await this.#line();
    if (first === undefined) return undefined;
    const own = decodeLine(first) as HandedDaemon;
    if (!FORMATS.some((format) => format === own.format))
      throw new Error(`it reads formats ${FORMATS.join(' and ')}, and was given ${own.format}`);
    const sessions: HandedSession[] = [];
    while (sessions.length < own.sessions) {
      const line = await this.#line();
      if (line === undefined) return undefined;
      sessions.push(decodeLine(line) as HandedSession);
    }
    return { own, sessions };
  }

  async isToldToGo(): Promise<boolean> {
    return (await this.#line()) === GO.trimEnd();
  }

  async #line(): Promise<string | undefined> {
    await until(this.#came, () => this.#lines.length > 0 || this.#isOver);
    const line = this.#lines.shift();
    return line === undefined ? undefined : Buffer.from(line, 'latin1').toString();
  }

  /** A line may be many megabytes: its pieces are joined once. */
  #read(text: string): void {
    const pieces = text.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#lines.push([...this.#begun, piece].join(''));
      this.#begun = [];
    }
    if (last !== '') this.#begun.push(last);
    if (pieces.length > 0) this.#came.announce();
  }
}
