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
import { ElementTracker, type Fault, Screen, type Signal } from '@pilotty/terminal';
import type { Until } from '../call.ts';
import { FirstPlaces } from '../input/first-places.ts';
import { Acts } from '../input/input-history.ts';
import { InputLock } from '../input/input-lock.ts';
import type { InputMark } from '../input/input-mark.ts';
import { UnsubmittedInput } from '../input/unsubmitted-input.ts';
import { MAX_QUEUED_REPLY_BYTES, MAX_TAGS } from '../limits.ts';
import { endProcesses, type Survivor } from '../processes/kill-tree.ts';
import { OutputPipeline } from '../pty/output-pipeline.ts';
import { Pty, type PtyExit, type PtyOptions, type SentInput } from '../pty/pty.ts';
import { Retention } from '../pty/retention.ts';
import type { Scheduler } from '../pty/scheduler.ts';
import { Times } from '../times.ts';
import { CommandLog } from './command-log.ts';
import { endedError } from './ended-error.ts';
import { inputTimedOut } from './input-timed-out.ts';
import { PastLooks } from './past-looks.ts';
import { Revisions } from './revisions.ts';
import type { ShellIntegration } from './shell-integration.ts';
import { SignalMoments } from './signal-moments.ts';
import { SynchronizedUpdate } from './synchronized-update.ts';

export interface SessionOptions extends PtyOptions {
  id: string;
  name: string;
  term: string;
  tags: readonly string[];
  scrollback: number;
  retainBytes: number;
  /** Its arguments and environment are what is started; `argv` stays what was asked for. */
  integration: ShellIntegration | undefined;
  /** Called for output that could not be parsed. */
  onFault: (fault: Fault) => void;
}

/**
 * What has happened to a session; emitted after the fact, in order. What the program announces with escape
 * sequences (title, bell, shell marks) is emitted once parsed, before the 'drawn' of the same piece.
 */
export type SessionEvent = 'output' | Signal | 'drawn' | 'input' | 'resized' | Relabelling | 'exited';

type Relabelling = { type: 'renamed'; previousName: string } | { type: 'tagged' };

/** Why a session was ended, where its program did not end by itself. */
export type EndReason = NonNullable<Exit['ended_because']>;

/** A listener that throws at every event would fill the log. */
const MAX_FAULTS_TOLD = 10;

export class Session {
  readonly id: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly term: string;
  readonly scrollback: number;
  readonly createdAt = new Date();
  readonly screen: Screen;
  readonly retention: Retention;
  readonly times = new Times();
  readonly elements = new ElementTracker();
  readonly pastLooks = new PastLooks();
  readonly unsubmittedInput = new UnsubmittedInput();
  readonly signals = new SignalMoments();
  readonly acts: Acts;
  readonly firstPlaces = new FirstPlaces();
  /** What ran in it, where it is a shell that marks its prompts. */
  readonly commands = new CommandLog();
  /** The shell whose prompts we have it mark. */
  readonly integratedShell: ShellIntegration['shell'] | undefined;
  /** Resolves once the session is exited: last output parsed, listeners notified. */
  readonly exited: Promise<void>;

  readonly #output: OutputPipeline;
  readonly #failed: (error: unknown) => void;
  #faults = 0;
  #queuedReplyBytes = 0;
  #droppedReplyBytes = 0;
  readonly #pty: Pty;
  #name: string;
  readonly #tags: Set<string>;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #revisions: Revisions;
  readonly #update = new SynchronizedUpdate(() => this.#tell('drawn'));
  #seq = 0;
  #reaped: PtyExit | undefined;
  #endedAt: Date | undefined;
  #killedByClient = false;
  #endedBecause: EndReason | undefined;
  #tellExited: () => void = () => {};
  readonly #inputLock = new InputLock();
  #lastText: { seq: number; at: number } | undefined;

  /**
   * @param failed gets what a listener or the parser threw; the session goes on
   * @throws Error when the program cannot be started.
   */
  constructor(options: SessionOptions, scheduler: Scheduler, failed: (error: unknown) => void = () => {}) {
    this.id = options.id;
    this.#name = options.name;
    this.argv = options.argv;
    this.cwd = options.cwd;
    this.term = options.term;
    this.scrollback = options.scrollback;
    this.integratedShell = options.integration?.shell;
    this.#tags = new Set(options.tags);
    this.#failed = failed;
    const { cols, rows, scrollback, term, onFault } = options;
    this.screen = new Screen({ cols, rows, scrollback, term, version: VERSION, onFault });
    this.retention = new Retention(options.retainBytes, { cols, rows });
    this.exited = new Promise((resolve) => {
      this.#tellExited = resolve;
    });
    this.#revisions = new Revisions(this.screen);
    this.acts = new Acts(this.screen, this.times, () => this.parsedBytes);
    this.#output = new OutputPipeline(
      this.screen,
      scheduler,
      {
        before: (seq) => this.acts.lookBack(seq),
        announced: () => this.#announced(),
        parsed: () => this.#parsed(),
        full: () => this.#pty.pause(),
        free: () => this.#pty.resume(),
        failed: (error) => this.#fault(error),
      },
      { scrollback },
    );
    this.#pty = new Pty(
      { ...options, ...options.integration },
      {
        output: (bytes) => this.#received(bytes),
        exit: (exit) => this.#ended(exit),
      },
    );
  }

  /** How answers, errors and events refer to it. */
  get reference(): { session: string; session_id: string } {
    return { session: this.#name, session_id: this.id };
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
      ...(this.#endedBecause && { ended_because: this.#endedBecause }),
      lifetime_over: this.#endedBecause !== undefined && this.#endedBecause !== 'client',
      output_complete: outputComplete,
    };
  }

  /** Last number given to output or input. */
  get seq(): number {
    return this.#seq;
  }

  /** Last number the screen includes. */
  get parsedSeq(): number {
    return this.#output.parsedSeq(this.#seq);
  }

  /** How much of the output the screen includes. */
  get parsedBytes(): number {
    return this.retention.totalBytes - this.#output.waitingBytes;
  }

  get isBlank(): boolean {
    return this.screen.text() === '';
  }

  /** It has only just been started, and there is nothing to see yet. */
  get isStartingUp(): boolean {
    return this.times.startupLeftMs > 0 && this.isBlank;
  }

  /** What its screen and its retained output take. */
  get memoryBytes(): number {
    return this.screen.memoryBytes + this.retention.facts.retained_bytes;
  }

  get queuedInputBytes(): number {
    return this.#pty.queuedBytes;
  }

  /** Answers of the terminal that were not sent, because the program reads none. */
  get droppedReplyBytes(): number {
    return this.#droppedReplyBytes;
  }

  /** Text, styles and cursor as one number below 2^53; equal screens have equal hashes. */
  get contentHash(): number {
    return this.#revisions.hash;
  }

  /** Grows with every visible change. */
  get revision(): number {
    return this.#revisions.revision;
  }

  /** Whether the program is in the middle of a synchronized update, so the screen is half-drawn. */
  get isHalfDrawn(): boolean {
    return this.#update.isOn;
  }

  /** Calls `listener` after each event, until the function it returns is called. */
  watch(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `follower` with what has been drawn, once `parsedSeq` counts it, until the function it returns is called. */
  followDrawing(follower: (drawn: Uint8Array) => void): () => void {
    return this.#output.follow(follower);
  }

  /**
   * Sends input, after all input before it.
   * @param isSecret nothing of it is kept
   * @returns the number the input took, and how it fares
   */
  send(
    bytes: Uint8Array,
    until: { readonly signal: AbortSignal },
    isSecret = false,
  ): { seq: number; sent: SentInput; written: Promise<boolean> } {
    if (this.acts.last.isSubmitted || this.acts.lastSeq === 0)
      this.firstPlaces.lineBegins(this.pid, this.screen.lineBeforeCursor);
    this.times.inputSent();
    this.#seq += 1;
    this.acts.add(this.#seq, bytes, isSecret);
    this.unsubmittedInput.add(bytes, this.pid);
    const seq = this.#seq;
    const sent = this.#pty.write(bytes, until);
    this.#tell('input');
    return { seq, sent, written: sent.written };
  }

  /** The input of this number was text, and the terminal has taken it. */
  textSent(seq: number): void {
    this.#lastText = { seq, at: performance.now() };
  }

  /** The text sent last, and when the terminal had taken it. */
  get lastText(): { readonly seq: number; readonly at: number } | undefined {
    return this.#lastText;
  }

  /** Until the function it returns is called, output is drawn in pieces so small that no line comes and goes in one. */
  beginSearch(): () => void {
    return this.#output.beginSearch();
  }

  /** Draws nothing for so long, however much has come; the program is read no further than what may wait. */
  pauseParsing(ms: number): void {
    this.#output.hold(ms);
  }

  /** The screen stays as it is until the function it returns is called, unless it is resized. */
  pauseDrawing(): () => void {
    return this.#output.pause();
  }

  /** Draws what has come, now, unless drawing is paused; of output that takes very long to draw only the first part. */
  drawArrived(): void {
    if (!this.#output.isPaused) this.#output.parseArrived();
  }

  /**
   * Reads and draws what the program has printed by now, so that what is known of the program now is known of this
   * screen too.
   * @returns false where some of it may be missing
   */
  readArrived(): boolean {
    const isAll = this.#pty.readArrived();
    this.drawArrived();
    return isAll && this.#output.isEmpty;
  }

  /**
   * Waits until no other act sends input, so that what two clients send at once does not interleave.
   * @returns the function that lets the next act send; undefined when `until` ended first
   */
  async lockInput(until?: Until): Promise<(() => void) | undefined> {
    const release = await this.#inputLock.acquire(until);
    if (release === undefined) return undefined;
    this.acts.open();
    return () => {
      this.acts.close();
      release();
    };
  }

  /**
   * Runs `input` while it holds the input lock.
   * @throws RequestError TIMEOUT, with nothing sent, when `until` ended before that
   */
  async withInputLock<T>(input: () => Promise<T>, until?: Until): Promise<T> {
    const release = await this.lockInput(until);
    if (release === undefined) throw inputTimedOut(this);
    try {
      return await input();
    } finally {
      release();
    }
  }

  /** An act that sends the program nothing to read, such as a signal, waits for no input: what it leads to comes after it. */
  markAct(): InputMark {
    this.#seq += 1;
    return this.acts.mark(this.#seq);
  }

  rename(name: string): void {
    const previousName = this.#name;
    this.#name = name;
    this.#tell({ type: 'renamed', previousName });
  }

  /** @throws RequestError LIMIT_REACHED when retag() would give it too many */
  checkTags(add: readonly string[], remove: readonly string[]): void {
    const { size } = new Set([...[...this.#tags].filter((tag) => !remove.includes(tag)), ...add]);
    if (size <= MAX_TAGS) return;
    throw new RequestError(
      'LIMIT_REACHED',
      `Session '${this.#name}' would have ${size} tags; the limit is ${MAX_TAGS}`,
      {
        suggestion: `Remove some: 'pilotty tag -s ${this.#name} -TAG'.`,
      },
    );
  }

  /** What is added and removed at once stays. */
  retag(add: readonly string[], remove: readonly string[]): void {
    this.checkTags(add, remove);
    const before = [...this.#tags].join();
    for (const tag of remove) this.#tags.delete(tag);
    for (const tag of add) this.#tags.add(tag);
    if ([...this.#tags].join() === before) return;
    this.times.wasTagged();
    this.#tell({ type: 'tagged' });
  }

  /** @returns the act that the resize is */
  resize(cols: number, rows: number): InputMark {
    // What was printed for the old size is drawn at the old size.
    this.#output.parseArrived();
    const act = this.markAct();
    this.acts.lookBack(this.#seq);
    this.screen.resize(cols, rows);
    this.retention.markSize(cols, rows);
    this.#pty.resize(cols, rows);
    this.#tell('resized');
    this.#announced();
    this.#parsed();
    return act;
  }

  /** Ends the program and all it started. @returns what is left of it. */
  async kill(signal: NodeJS.Signals, graceMs: number, because: EndReason = 'client'): Promise<Survivor[]> {
    this.#killedByClient ||= because === 'client';
    this.#endedBecause ??= because;
    return endProcesses(this, signal, graceMs, this.exited);
  }

  #received(bytes: Buffer): void {
    this.times.outputCame();
    this.#seq += 1;
    this.retention.append(bytes);
    this.#output.push(this.#seq, bytes);
    this.#tell('output');
    this.#output.schedule();
  }

  /** What the program says and asks beside the text. */
  #announced(): void {
    const replies = this.screen.takeReplies();
    if (replies) this.#reply(replies);
    for (const signal of this.screen.takeSignals()) {
      this.signals.note(signal);
      this.commands.follow(signal);
      this.#tell(signal);
    }
  }

  #reply(replies: Uint8Array): void {
    if (this.#queuedReplyBytes + replies.length > MAX_QUEUED_REPLY_BYTES) {
      this.#droppedReplyBytes += replies.length;
      return;
    }
    this.#queuedReplyBytes += replies.length;
    void this.#pty.write(replies).written.then(() => {
      this.#queuedReplyBytes -= replies.length;
    });
  }

  #parsed(): void {
    this.times.wasDrawn();
    this.#revisions.drawn();
    this.#update.drawn(this.screen.modes.synchronizedOutput);
    this.#tell('drawn');
    if (this.#reaped && this.#output.isEmpty) this.#finish();
  }

  #ended(exit: PtyExit): void {
    this.#reaped = exit;
    if (this.#output.isEmpty) this.#finish();
    else this.#output.schedule();
  }

  #finish(): void {
    if (this.isExited) return;
    this.screen.end();
    this.#revisions.drawn();
    this.#endedAt = new Date();
    this.times.hasEnded();
    this.#update.close();
    this.#output.close();
    this.commands.close(this.retention.totalBytes, this.#reaped?.exitCode ?? undefined);
    this.#tellExited();
    this.#tell('exited');
  }

  #tell(event: SessionEvent): void {
    if (this.#listeners.size === 0) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // The listeners after it are still called, above all for the end.
        this.#fault(error);
      }
    }
  }

  #fault(error: unknown): void {
    this.#faults += 1;
    if (this.#faults <= MAX_FAULTS_TOLD) this.#failed(error);
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
    return this.exit && endedError(this.reference, this.exit, others);
  }
}
