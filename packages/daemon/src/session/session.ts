/**
 * One session: a program on a terminal, the screen it draws, and everyone who waits on it.
 *
 * Order is the promise. Output of the program and input of its users each take the next number of
 * one sequence, are retained, are drawn, and only then reach waits. A wait that returns seq N has
 * seen a screen that includes N.
 *
 * Its life: running → the program is reaped and its output drained → what waits is drawn → exited.
 * An exited session keeps its last screen and its output, and takes no input.
 */
import { type Exit, RequestError, VERSION } from '@pilotty/protocol';
import { ElementTracker, Screen, type Signal } from '@pilotty/terminal';
import { nextMoment } from '../moment.ts';
import { CommandLog } from './command-log.ts';
import { endProcesses, type Survivor } from './ending.ts';
import { InputMark } from './input-mark.ts';
import { LearnedPrompts } from './learned-prompts.ts';
import { PastLooks } from './past-looks.ts';
import { prefixOfLines } from './prefix-of-lines.ts';
import { Pty, type PtyExit, type PtyOptions } from './pty.ts';
import { Retention } from './retention.ts';
import type { Drawable, Scheduler } from './scheduler.ts';
import type { ShellIntegration } from './shell-integration.ts';
import { SignalMoments } from './signal-moments.ts';

export interface SessionOptions extends PtyOptions {
  id: string;
  name: string;
  term: string;
  tags: readonly string[];
  scrollback: number;
  retainBytes: number;
  /** Its arguments and environment are what is started; `argv` stays what was asked for. */
  integration: ShellIntegration | undefined;
}

/**
 * What has happened to a session; told after the fact, in order. What the program announces with escape
 * sequences (title, bell, shell marks) is told once drawn, before the 'drawn' of the same piece.
 */
export type SessionEvent = 'output' | Signal | 'drawn' | 'input' | 'resized' | Relabelling | 'exited';

type Relabelling = { type: 'renamed'; previousName: string } | { type: 'tagged' };

/** When something last happened, as moments. */
export interface SessionMoments {
  /** Output or input. */
  activity: number;
  drawn: number;
  ended: number | undefined;
}

/** Why a session was ended, where its program did not end by itself. */
export type EndReason = NonNullable<Exit['ended_because']>;

interface Chunk {
  seq: number;
  bytes: Buffer;
}

/** About a millisecond of parsing: what others wait for one flooding session. */
const PIECE_BYTES = 16 * 1024;
/** Output not drawn yet at which the program is no longer read, and where reading goes on. */
const PAUSE_BYTES = 256 * 1024;
const RESUME_BYTES = 64 * 1024;
/** A look at a session that is younger waits for its first screen: `spawn htop && snapshot` shows htop. */
const YOUTH_MS = 500;
/** What was printed sooner than this before somebody typed may be no prompt. */
const PROMPT_QUIET_MS = 30;
/** A program that begins a synchronized update and never ends it is shown as it is after this. */
const SYNCHRONIZED_UPDATE_MS = 150;

export class Session implements Drawable {
  readonly id: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly term: string;
  readonly scrollback: number;
  readonly createdAt = new Date();
  readonly screen: Screen;
  readonly retention: Retention;
  readonly elements = new ElementTracker();
  readonly pastLooks = new PastLooks();
  readonly signals = new SignalMoments();
  readonly prompts = new LearnedPrompts();
  /** What ran in it, where it is a shell that marks its prompts. */
  readonly commands = new CommandLog();
  /** The shell whose prompts we have it mark. */
  readonly integratedShell: ShellIntegration['shell'] | undefined;
  /** Resolves once the session is exited: last output drawn, listeners told. */
  readonly exited: Promise<void>;

  readonly #scheduler: Scheduler;
  readonly #pty: Pty;
  #name: string;
  readonly #tags: Set<string>;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #backlog: Chunk[] = [];
  #backlogBytes = 0;
  #isPaused = false;
  #seq = 0;
  #drawnSeq = 0;
  #revision = 1;
  #hash: number | undefined;
  #lastSeenHash: number | undefined;
  #lastOutputAt = performance.now();
  #lastInputAt = performance.now();
  #lastDrawnAt = performance.now();
  #updateTimer: NodeJS.Timeout | undefined;
  #updateOverdue = false;
  #reaped: PtyExit | undefined;
  #endedAt: Date | undefined;
  #killedByClient = false;
  #endedBecause: EndReason | undefined;
  #tellExited: () => void = () => {};
  #inputs: Promise<unknown> = Promise.resolve();
  /** The last act of a user: all that one request sends. */
  #lastInput: InputMark;
  #isNewAct = true;
  /** How many searches must see every line before it can be gone. */
  #searches = 0;
  #moments: SessionMoments;
  #hold: NodeJS.Timeout | undefined;

  /** @throws Error when the program cannot be started. */
  constructor(options: SessionOptions, scheduler: Scheduler) {
    this.id = options.id;
    this.#name = options.name;
    this.argv = options.argv;
    this.cwd = options.cwd;
    this.term = options.term;
    this.scrollback = options.scrollback;
    this.integratedShell = options.integration?.shell;
    this.#tags = new Set(options.tags);
    this.#scheduler = scheduler;
    const { cols, rows, scrollback } = options;
    this.screen = new Screen({ cols, rows, scrollback, term: options.term, version: VERSION });
    this.retention = new Retention(options.retainBytes, { cols, rows });
    this.exited = new Promise((resolve) => {
      this.#tellExited = resolve;
    });
    const moment = nextMoment();
    this.#moments = { activity: moment, drawn: moment, ended: undefined };
    this.#lastInput = new InputMark(0, moment, this.screen);
    this.#lastInput.lookBack(this.screen);
    this.#pty = new Pty(
      { ...options, ...options.integration },
      {
        output: (bytes) => this.#received(bytes),
        exit: (exit) => this.#ended(exit),
      },
    );
  }

  get name(): string {
    return this.#name;
  }

  get tags(): ReadonlySet<string> {
    return this.#tags;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get terminalPath(): string {
    return this.#pty.terminalPath;
  }

  get isExited(): boolean {
    return this.#endedAt !== undefined;
  }

  get endedAt(): Date | undefined {
    return this.#endedAt;
  }

  /** How the program ended; undefined while it runs. */
  get exit(): Exit | undefined {
    if (!this.#reaped || !this.isExited) return undefined;
    const { exitCode, signal, outputComplete } = this.#reaped;
    return {
      exit_code: exitCode,
      signal,
      success: exitCode === 0,
      killed_by_client: this.#killedByClient,
      ended_because: this.#endedBecause ?? null,
      lifetime_over: this.#endedBecause !== undefined && this.#endedBecause !== 'client',
      output_complete: outputComplete,
    };
  }

  /** Last number given to output or input. */
  get seq(): number {
    return this.#seq;
  }

  /** Last number the screen includes. */
  get drawnSeq(): number {
    return this.#drawnSeq;
  }

  /** When it last did what, to be compared with moments of other sessions. */
  get moments(): Readonly<SessionMoments> {
    return this.#moments;
  }

  /** What was sent last; before any input, the session's beginning. */
  get lastInput(): InputMark {
    return this.#lastInput;
  }

  /** How much of the output the screen includes. */
  get drawnBytes(): number {
    return this.retention.totalBytes - this.#backlogBytes;
  }

  /** Milliseconds since the last output or input. */
  get idleMs(): number {
    return performance.now() - Math.max(this.#lastOutputAt, this.#lastInputAt);
  }

  /** What is left of the time a program is given to draw its first screen. */
  get youthLeftMs(): number {
    return YOUTH_MS - (Date.now() - this.createdAt.getTime());
  }

  get isBlank(): boolean {
    return this.screen.text() === '';
  }

  /** It has only just been started, and there is nothing to see yet. */
  get isYoungAndBlank(): boolean {
    return this.youthLeftMs > 0 && this.isBlank;
  }

  /** Whole milliseconds since the program last wrote. */
  get outputIdleMs(): number {
    return Math.round(performance.now() - this.#lastOutputAt);
  }

  /** Whole milliseconds since the program was last sent something. */
  get inputIdleMs(): number {
    return Math.round(performance.now() - this.#lastInputAt);
  }

  /** Milliseconds since the screen was last drawn on or input was last sent. */
  get stillMs(): number {
    return performance.now() - Math.max(this.#lastDrawnAt, this.#lastInputAt);
  }

  /** What its screen and its retained output take. */
  get memoryBytes(): number {
    return this.screen.memoryBytes + this.retention.facts.retained_bytes;
  }

  get queuedInputBytes(): number {
    return this.#pty.queuedBytes;
  }

  /** Text, styles and cursor as one number below 2^53; equal screens have equal hashes. */
  get contentHash(): number {
    this.#look();
    return this.#hash as number;
  }

  /** Grows with every change somebody could have seen. */
  get revision(): number {
    this.#look();
    return this.#revision;
  }

  /** Whether the program is in the middle of a synchronized update, so the screen is half-drawn. */
  get isHalfDrawn(): boolean {
    return this.#updateTimer !== undefined && !this.#updateOverdue;
  }

  /** Calls `listener` after each event, until the function it returns is called. */
  watch(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Sends input, after all input before it.
   * @param isSecret nothing of it is kept
   * @returns the number the input took, and whether the program's terminal took it all
   */
  send(
    bytes: Uint8Array,
    until: { readonly signal: AbortSignal },
    isSecret = false,
  ): { seq: number; written: Promise<boolean> } {
    this.#lastInputAt = performance.now();
    this.#moments.activity = nextMoment();
    this.#seq += 1;
    if (this.#isNewAct) this.#mark();
    this.#lastInput.add(bytes, isSecret);
    if (this.#backlog.length === 0) this.#drawnSeq = this.#seq;
    const sent = { seq: this.#seq, written: this.#pty.write(bytes, until) };
    this.#tell('input');
    return sent;
  }

  /** Until the function it returns is called, output is drawn in pieces so small that no line comes and goes in one. */
  beginSearch(): () => void {
    this.#searches += 1;
    let isOpen = true;
    return () => {
      if (isOpen) this.#searches -= 1;
      isOpen = false;
    };
  }

  /** Draws nothing for so long, however much has come; the program is read no further than what may wait. */
  holdDrawing(ms: number): void {
    clearTimeout(this.#hold);
    this.#hold = setTimeout(() => {
      this.#hold = undefined;
      if (this.#backlog.length > 0) this.#scheduler.request(this);
    }, ms);
  }

  /** Runs one input after another, so that what two clients send at once does not interleave. */
  inTurn<T>(input: () => Promise<T>): Promise<T> {
    const turn = this.#inputs.then(() => {
      this.#isNewAct = true;
      return input();
    });
    this.#inputs = turn.catch(() => {
      // The client whose input failed is told; the next one in line is not concerned.
    });
    return turn;
  }

  /** An act that sends the program nothing to read, such as a signal: what it leads to comes after it. */
  markAct(): void {
    this.#seq += 1;
    if (this.#backlog.length === 0) this.#drawnSeq = this.#seq;
    this.#mark();
  }

  rename(name: string): void {
    const previousName = this.#name;
    this.#name = name;
    this.#tell({ type: 'renamed', previousName });
  }

  /** What is added and removed at once stays. */
  retag(add: readonly string[], remove: readonly string[]): void {
    const before = [...this.#tags].join();
    for (const tag of remove) this.#tags.delete(tag);
    for (const tag of add) this.#tags.add(tag);
    if ([...this.#tags].join() !== before) this.#tell({ type: 'tagged' });
  }

  resize(cols: number, rows: number): number {
    // What was printed for the old size is drawn at the old size.
    while (this.#drawNow());
    this.markAct();
    this.#lastInput.lookBack(this.screen);
    this.screen.resize(cols, rows);
    this.retention.markSize(cols, rows);
    this.#pty.resize(cols, rows);
    this.#tell('resized');
    this.#drawn();
    return this.#seq;
  }

  /** Ends the program and all it started. @returns what is left of it. */
  async kill(signal: NodeJS.Signals, graceMs: number, because: EndReason = 'client'): Promise<Survivor[]> {
    this.#killedByClient ||= because === 'client';
    this.#endedBecause ??= because;
    return endProcesses(this, signal, graceMs, this.exited);
  }

  drawPiece(): boolean {
    return this.#hold === undefined && this.#drawNow();
  }

  #drawNow(): boolean {
    // A terminal is read in chunks of 4 KiB at most; whoever waits is asked once for several.
    for (let left = PIECE_BYTES; left > 0; ) {
      const chunk = this.#backlog[0];
      if (!chunk) break;
      if (chunk.seq > this.#lastInput.seq) this.#lastInput.lookBack(this.screen);
      const most = this.#searches > 0 ? this.#keptWhole(chunk.bytes.subarray(0, left)) : left;
      const piece = chunk.bytes.subarray(0, most);
      chunk.bytes = chunk.bytes.subarray(piece.length);
      this.screen.write(piece);
      this.#backlogBytes -= piece.length;
      left = this.#searches > 0 ? 0 : left - piece.length;
      if (chunk.bytes.length === 0) this.#backlog.shift();
    }
    const next = this.#backlog[0];
    this.#drawnSeq = next ? next.seq - 1 : this.#seq;
    if (this.#isPaused && this.#backlogBytes <= RESUME_BYTES) {
      this.#isPaused = false;
      this.#pty.resume();
    }
    this.#drawn();
    if (!next && this.#reaped) this.#finish();
    return next !== undefined;
  }

  #mark(): void {
    this.#isNewAct = false;
    if (this.#lastInput.isSubmitted || this.#lastInput.seq === 0) this.#learnPrompt();
    this.#lastInput = new InputMark(this.#seq, nextMoment(), this.screen, this.#lastInput);
  }

  /** Somebody who begins to type where the program has fallen silent types behind a prompt. */
  #learnPrompt(): void {
    if (this.outputIdleMs >= PROMPT_QUIET_MS && !this.screen.alternateScreen)
      this.prompts.learn(this.screen.textBeforeCursor);
  }

  /** How many of the bytes can be drawn before a line they begin has left screen and scrollback. */
  #keptWhole(bytes: Buffer): number {
    const { cols, rows } = this.screen.size;
    return prefixOfLines(bytes, { lines: Math.max(1, this.scrollback + rows - 2), cols });
  }

  #received(bytes: Buffer): void {
    this.#lastOutputAt = performance.now();
    this.#moments.activity = nextMoment();
    this.#seq += 1;
    this.retention.append(bytes);
    this.#backlog.push({ seq: this.#seq, bytes });
    this.#backlogBytes += bytes.length;
    if (!this.#isPaused && this.#backlogBytes >= PAUSE_BYTES) {
      this.#isPaused = true;
      this.#pty.pause();
    }
    this.#tell('output');
    this.#scheduler.request(this);
  }

  #drawn(): void {
    this.#lastDrawnAt = performance.now();
    this.#moments.drawn = nextMoment();
    this.#hash = undefined;
    const replies = this.screen.takeReplies();
    if (replies) void this.#pty.write(replies);
    this.#followSynchronizedUpdate();
    for (const signal of this.screen.takeSignals()) {
      this.signals.note(signal);
      this.commands.follow(signal);
      this.#tell(signal);
    }
    this.#tell('drawn');
  }

  #followSynchronizedUpdate(): void {
    if (!this.screen.modes.synchronizedOutput) {
      clearTimeout(this.#updateTimer);
      this.#updateTimer = undefined;
      this.#updateOverdue = false;
    } else {
      this.#updateTimer ??= setTimeout(() => {
        this.#updateOverdue = true;
        this.#tell('drawn');
      }, SYNCHRONIZED_UPDATE_MS);
    }
  }

  #ended(exit: PtyExit): void {
    this.#reaped = exit;
    if (this.#backlog.length === 0) this.#finish();
    else this.#scheduler.request(this);
  }

  #finish(): void {
    if (this.isExited) return;
    this.#endedAt = new Date();
    this.#moments.ended = nextMoment();
    clearTimeout(this.#updateTimer);
    this.#updateTimer = undefined;
    this.#scheduler.remove(this);
    this.commands.close(this.retention.totalBytes, this.#reaped?.exitCode ?? undefined);
    this.#tellExited();
    this.#tell('exited');
  }

  #look(): void {
    if (this.#hash !== undefined) return;
    const hash = this.screen.hash();
    if (this.#lastSeenHash !== undefined && hash !== this.#lastSeenHash) this.#revision += 1;
    this.#lastSeenHash = hash;
    this.#hash = hash;
  }

  #tell(event: SessionEvent): void {
    if (this.#listeners.size === 0) return;
    for (const listener of [...this.#listeners]) listener(event);
  }

  /**
   * @param others names of sessions that run, for who may have meant one of them
   * @throws RequestError SESSION_EXITED when the program has ended
   */
  requireRunning(others: readonly string[] = []): void {
    const error = this.whyNotRunning(others);
    if (error) throw error;
  }

  /** What requireRunning() throws. */
  whyNotRunning(others: readonly string[] = []): RequestError | undefined {
    const { exit } = this;
    if (!exit) return undefined;
    const how = exit.signal ?? `exit code ${exit.exit_code}`;
    const running =
      others.length === 0 ? '' : ` Others run: ${others.slice(0, 5).join(', ')}; say which with -s.`;
    return new RequestError('SESSION_EXITED', `Session '${this.name}' has ended (${how})`, {
      suggestion: `Run 'pilotty snapshot -s ${this.name}' or 'pilotty output -s ${this.name}' to see how it ended.${running}`,
      details: { session: this.name, exit },
    });
  }
}
