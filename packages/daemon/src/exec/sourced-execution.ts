/**
 * One command in a live shell or REPL: typed, begun, ended, and what it printed meanwhile.
 *
 * The shell itself says that the command has begun and ended. Where it cannot say, the kernel does:
 * a shell that was interrupted, or met an error that sends it back to its prompt, reads from the
 * terminal and has none of our files open, and is asked; one that is gone has ended with the command.
 */
import fs from 'node:fs';
import { RequestError } from '@pilotty/protocol';
import type { Deadline } from '../call.ts';
import {
  findProcess,
  hasOpenIn,
  isAlive,
  isReadingInput,
  type ProcessFacts,
} from '../processes/process-table.ts';
import { randomHex } from '../random-hex.ts';
import type { Session } from '../session/session.ts';
import type { ChannelFiles } from './channels.ts';
import type { Line } from './dialects/dialect.ts';
import { OutputChannel } from './output-channel.ts';
import { plainText } from './plain-text.ts';
import { type Prompt, promptOf } from './prompt.ts';
import { type Report, Reports } from './reports.ts';
import { TerminalCapture } from './terminal-capture.ts';

export interface Ending {
  outcome: 'done' | 'exited';
  exitCode: number | null;
  signal: string | null;
  cwd: string | null;
  error?: boolean;
  note?: string;
}

export interface Piece {
  stream: 'stdout' | 'stderr';
  bytes: Buffer;
}

/** How often to look at the shell: what the kernel knows it does not tell. */
const LOOK_MS = 50;
/** A shell that reads and has neither begun nor drawn for so long has taken our line for something else. */
const SWALLOWED_MS = 500;
/** For the shell outside of one that has ended to come to its prompt. */
const OUTER_MS = 2000;
/** For what no shell waits for: the last words of `>(…)`, and of a child that outlived its pipeline. */
const LEFTOVER_MS = 30;
/** For the mark on the terminal, after the report that came another way. */
const MARK_MS = 1000;
const ENTER = '\r';
const CTRL_C = '\x03';

export class SourcedExecution {
  readonly session: Session;
  /** Runs the command; once it has ended with it, the shell it was started from. */
  shell: Prompt;
  /** Undefined while it runs. */
  ending: Ending | RequestError | undefined;
  /** Somebody waits for it. */
  isAttended = true;

  readonly #files: ChannelFiles;
  readonly #nonce = randomHex(8);
  readonly #isPty: boolean;
  readonly #giveBack: (files: ChannelFiles) => void;
  readonly #channels: { stream: Piece['stream']; channel: OutputChannel }[];
  readonly #terminal: TerminalCapture | undefined;
  readonly #reports: Reports;
  #process: ProcessFacts | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #unwatch: () => void;
  readonly #timer: NodeJS.Timeout;
  #startedAt = performance.now();
  #endedAt: number | undefined;
  #isBegun = false;
  #typedSeq = 0;
  #isTyping = true;
  #isEnding = false;
  #askedSeq: number | undefined;
  #fromTerminal: Buffer[] = [];
  #shellEndedAt: number | undefined;

  /** @param giveBack takes the files again once nobody has them open */
  constructor(
    session: Session,
    shell: Prompt,
    files: ChannelFiles,
    isPty: boolean,
    giveBack: (files: ChannelFiles) => void,
  ) {
    this.session = session;
    this.shell = shell;
    this.#files = files;
    this.#isPty = isPty;
    this.#giveBack = giveBack;
    this.#process = findProcess(shell.pid);
    const changed = () => this.#tell();
    this.#channels = [
      { stream: 'stdout', channel: new OutputChannel(files.out, changed) },
      { stream: 'stderr', channel: new OutputChannel(files.err, changed) },
    ];
    this.#terminal =
      isPty || shell.dialect.speaksOnTerminal
        ? new TerminalCapture(session, this.#nonce, shell.dialect.afterMark)
        : undefined;
    this.#reports = new Reports(files.say, this.#nonce, (report) => this.#heard(report));
    this.#unwatch = session.watch((event) => {
      if (event === 'exited') this.#look();
      else if (event === 'output' && isPty) this.#tell();
    });
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  get elapsedMs(): number {
    return (this.#endedAt ?? performance.now()) - this.#startedAt;
  }

  /** Number of the input that was the line we typed. */
  get typedSeq(): number {
    return this.#typedSeq;
  }

  get droppedBytes(): number {
    const dropped = this.#channels.reduce((sum, { channel }) => sum + channel.droppedBytes, 0);
    return dropped + (this.#terminal?.droppedBytes ?? 0);
  }

  /** Types the line. @throws RequestError when somebody's text stands at the prompt already */
  async begin(command: string, deadline: Deadline): Promise<void> {
    try {
      await this.session.inTurn(async () => {
        this.session.requireRunning();
        refuseUnsubmitted(this.session, this.shell.pid);
        this.#startedAt = performance.now();
        const { dialect } = this.shell;
        const write = (line: Line) => dialect.filesFor(line, command);
        this.session.commands.expect(dialect.lineToType(this.#files.run), command, !this.#isPty);
        if (!(await this.#type(this.#files.run, write, deadline))) throw notRead(this.session);
      }, deadline);
    } catch (error) {
      this.abandon();
      throw error;
    } finally {
      this.#isTyping = false;
    }
  }

  /** Calls `listener` after something was printed or it ended, until the function it returns is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether somebody waits, and so holds the program back by not taking what it prints. */
  attend(isAttended: boolean): void {
    this.isAttended = isAttended;
    for (const { channel } of this.#channels) channel.attend(isAttended);
  }

  /** What was printed and not taken yet. */
  take(): Piece[] {
    const pieces: Piece[] = [];
    // What a shell says on the terminal is made plain as a whole, once it is whole.
    if (this.#isPty && !this.ending) this.#collect();
    const stream = this.#isPty ? 'stdout' : 'stderr';
    if (this.#isPty || this.ending) {
      for (const bytes of this.#fromTerminal.splice(0)) pieces.push({ stream, bytes });
    }
    for (const { stream, channel } of this.#channels) {
      const bytes = channel.take();
      if (bytes) pieces.push({ stream, bytes });
    }
    return pieces;
  }

  /** Another program than the one that runs the command reads now. */
  isDisplacedBy({ pid, dialect }: Prompt): boolean {
    return pid !== this.shell.pid || dialect !== this.shell.dialect;
  }

  /** Nobody will ask for it any more. */
  abandon(): void {
    this.#end({ outcome: 'done', exitCode: null, signal: null, cwd: null });
  }

  #heard(report: Report): void {
    if (report.type === 'begun') {
      this.#isBegun = true;
      return;
    }
    const { dialect } = this.shell;
    const outcome = this.#shellEndedAt === undefined ? 'done' : 'exited';
    const ended = { outcome, signal: null, cwd: report.cwd || null } as const;
    if (dialect.isRepl) this.#end({ ...ended, exitCode: null, error: report.status === '1' });
    else this.#end({ ...ended, exitCode: Number(report.status) });
  }

  #look(): void {
    const { session, shell } = this;
    if (this.#isEnding) return;
    const { exit } = session;
    if (exit) {
      this.#end({ outcome: 'exited', exitCode: exit.exit_code, signal: exit.signal, cwd: null });
    } else if (this.#isTyping) {
      return;
    } else if (shell.pid !== session.pid && this.#process && !isAlive(this.#process)) {
      // The end of the session's own program is told once it is reaped.
      this.#turnToOuterShell();
    } else if (session.acts.lastSeq !== this.#askedSeq && isReadingInput(shell.pid)) {
      this.#doubt();
    }
  }

  /** The shell ended with the command: the one it was started from knows how, and is asked once it reads. */
  #turnToOuterShell(): void {
    this.#shellEndedAt ??= performance.now();
    const outer = promptOf(this.session);
    if (outer?.dialect.askText) {
      this.shell = outer;
      this.#process = findProcess(outer.pid);
      this.#isBegun = true;
    } else if (performance.now() - this.#shellEndedAt > OUTER_MS) {
      const note = 'The shell ended, and what it was started from does not tell how.';
      this.#end({ outcome: 'exited', exitCode: null, signal: null, cwd: null, note });
    }
  }

  /** The shell reads, but perhaps for the command. */
  #doubt(): void {
    const { session, shell } = this;
    if (this.#isBegun) {
      if (hasOpenIn(shell.pid, this.#files.directory) === false) void this.#ask();
    } else if (session.times.inputIdleMs > SWALLOWED_MS && session.times.outputIdleMs > SWALLOWED_MS) {
      this.#giveUp();
    }
  }

  /** The shell is at its prompt again, and has said nothing. */
  async #ask(): Promise<void> {
    const { askText } = this.shell.dialect;
    if (!askText) return;
    this.#isTyping = true;
    const { ask } = this.#files;
    await this.session.inTurn(() => this.#type(ask, (line) => ({ [ask]: askText(line) }), NEVER));
    this.#askedSeq = this.session.acts.lastSeq;
    this.#isTyping = false;
  }

  /** Our line went into a command that somebody had begun on lines before. */
  #giveUp(): void {
    this.session.send(Buffer.from(CTRL_C), NEVER);
    const { name } = this.session;
    const message = `The shell in session '${name}' did not take the command: its prompt was in the middle of another, which was interrupted`;
    const suggestion = `Nothing was run: try again, or look with 'pilotty snapshot -s ${name} --format text'.`;
    this.#end(new RequestError('CONDITION_FAILED', message, { suggestion }));
  }

  async #type(
    path: string,
    textsFor: (line: Line) => Record<string, string>,
    until: { readonly signal: AbortSignal },
  ): Promise<boolean> {
    const { session } = this;
    const typed = this.shell.dialect.lineToType(path);
    // Where the line will stand is known once the prompt before it is drawn.
    session.drawArrived();
    const { cursor, size } = session.screen;
    const rows = Math.floor((cursor.col + typed.length) / size.cols) + 1;
    const line = { files: this.#files, nonce: this.#nonce, rows, isPty: this.#isPty };
    for (const [file, text] of Object.entries(textsFor(line))) fs.writeFileSync(file, text, { mode: 0o600 });
    const { seq, written } = session.send(Buffer.from(typed + ENTER), until);
    this.#typedSeq = seq;
    return written;
  }

  #end(ending: Ending | RequestError): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#endedAt = performance.now();
    clearInterval(this.#timer);
    this.#unwatch();
    this.#reports.close();
    void this.#finish(ending);
  }

  async #finish(ending: Ending | RequestError): Promise<void> {
    if (this.#terminal && 'outcome' in ending && ending.outcome === 'done')
      await this.#terminalEnd(this.#terminal);
    this.#collect();
    const last = this.#terminal?.close();
    if (last) this.#fromTerminal.push(last);
    if (!this.#isPty) this.#makePlain(ending);
    if (!this.#drain()) await this.#leftover();
    this.#drain();
    this.ending = ending;
    for (const file of [this.#files.code, this.#files.text]) fs.rmSync(file, { force: true });
    let open = this.#channels.length;
    for (const { channel } of this.#channels) {
      channel.discard(() => {
        open -= 1;
        if (open === 0) this.#giveBack(this.#files);
      });
    }
    this.#tell();
  }

  #drain(): boolean {
    return this.#channels.map(({ channel }) => channel.drain()).every((isEnded) => isEnded);
  }

  #leftover(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#channels.some(({ channel }) => !channel.isEnded)) return;
        clearTimeout(timer);
        unwatch();
        resolve();
      };
      const timer = setTimeout(() => {
        unwatch();
        resolve();
      }, LEFTOVER_MS);
      const unwatch = this.watch(look);
    });
  }

  /** Until the mark of the end has been read. */
  #terminalEnd(terminal: TerminalCapture): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        unwatch();
        resolve();
      };
      const look = () => {
        this.#collect();
        if (terminal.isEnded || this.session.isExited) done();
      };
      const timer = setTimeout(done, MARK_MS);
      const unwatch = this.session.watch(look);
      look();
    });
  }

  #collect(): void {
    const bytes = this.#terminal?.take();
    if (bytes) this.#fromTerminal.push(bytes);
  }

  #makePlain(ending: Ending | RequestError): void {
    if (this.#fromTerminal.length === 0) return;
    const text = plainText(Buffer.concat(this.#fromTerminal));
    this.#fromTerminal = [text];
    if ('error' in ending) ending.error ||= this.shell.dialect.error?.test(text.toString()) === true;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** For what is typed whoever waits. */
const NEVER = { signal: new AbortController().signal };

/** @throws RequestError CONDITION_FAILED */
export function refuseUnsubmitted({ name, unsubmittedInput }: Session, shell: number): void {
  if (unsubmittedInput.typedTo !== shell) return;
  throw new RequestError(
    'CONDITION_FAILED',
    `Text that was typed and not entered stands at the prompt of session '${name}'`,
    {
      suggestion: `Press Enter to run it, or drop it with 'pilotty key -s ${name} Ctrl+C'; then try again.`,
    },
  );
}

function notRead({ name }: Session): RequestError {
  return new RequestError('TIMEOUT', `Session '${name}' does not read its input`, {
    suggestion: `See what it is doing with 'pilotty snapshot -s ${name} --format text'.`,
  });
}
