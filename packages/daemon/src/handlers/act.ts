/**
 * One act on a session, from its request to its answer. A handler that acts reads as its own table of contents:
 *
 *     const act = await Act.begin(…)        holds the input lock; other acts wait
 *     await act.untilDrawn()                what had arrived is on the screen
 *     act.checkScreen()                     what must hold for it: nothing is drawn before the first byte is sent
 *     await act.send(bytes)                 as often as it takes
 *     await act.waitAndCapture()            releases the lock; then waits, then looks
 *     act.end()                             in a finally
 *
 * Nothing is sent once the deadline has passed or the client has left: not while it waits for the lock, not
 * between two parts of the act. When part of it had been sent, the error says how much.
 */
import { type MethodName, type ParsedParams, RequestError } from '@pilotty/protocol';
import { parseKeys } from '@pilotty/terminal';
import { type Call, Deadline } from '../call.ts';
import { isHidden } from '../input/hidden-input.ts';
import type { InputMark } from '../input/input-mark.ts';
import type { Input } from '../input/journal.ts';
import type { Look } from '../input/look.ts';
import { MAX_QUEUED_INPUT_BYTES } from '../limits.ts';
import type { SentInput } from '../pty/queued-write.ts';
import { howToLook } from '../session/how-to-look.ts';
import { inputTimedOut } from '../session/input-timed-out.ts';
import type { Run } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { pause } from '../until.ts';
import { leftAfterEscapeMs } from '../waiting/after-escape.ts';
import { pauseBeforeEnter } from '../waiting/before-enter.ts';
import { drawingEnds, parsedUpTo } from '../waiting/conditions.ts';
import { readyForInput } from '../waiting/ready-for-input.ts';
import { waitUntil } from '../waiting/wait.ts';
import { type Captured, waitAndCapture } from './capture.ts';
import { encodeKeys } from './keys-to-send.ts';
import { requireScreen } from './only-if.ts';
import type { Services } from './services.ts';

/** What an acting method takes besides its own parameters. */
export type ActParams = Pick<ParsedParams<'session.key'>, 'session' | 'only_if' | 'wait' | 'snapshot'>;

/** Keys and mouse events are a few bytes: a terminal that has not taken them by then has a program that does not read. */
export const INPUT_TIMEOUT_MS = 30_000;

/**
 * An act of which only a later request asks what came after it does not read the terminal again so soon: a read that finds
 * nothing takes as long as a fifth of the act, and one act in so long does not feel it.
 */
const RECENT_MS = 5;

const ENTER = parseKeys('Enter');
/** What Enter means to a program without a terminal. */
const NEWLINE = Buffer.from('\n');

/** What may have a password in it. */
const TYPED: ReadonlySet<string> = new Set([
  'session.type',
  'session.key',
  'session.send',
  'session.paste',
] satisfies MethodName[]);

const NOTHING_ASKED: Captured = {};

export class Act {
  readonly session: Session;
  /** What it is for. */
  readonly #run: Run;
  /** Of the act; what is waited for afterwards has a deadline of its own. */
  readonly deadline: Deadline;
  readonly #services: Services;
  readonly #params: ActParams;
  readonly #call: Call;
  #release: () => void = () => {};
  #hash: number | undefined;
  /** What is to be written down once some of it is sent, where the session is recorded. */
  #input: { input: Input; isSecret: boolean; before: Look } | undefined;
  /** Its number in the journal. */
  #recordedSeq: number | undefined;
  #isHidden = false;
  #isInput = true;
  #mark: InputMark | undefined;
  #seq: number;
  #sentBytes = 0;
  #isCaughtUp = false;
  /** Its own answer, or what is recorded of it, says what came before it and what after. */
  readonly #isCompared: boolean;

  /**
   * Waits for the input lock of the session.
   * @throws RequestError SESSION_NOT_FOUND, SESSION_EXITED, KEYBOARD_TAKEN, or TIMEOUT with nothing sent
   */
  static begin(services: Services, params: ActParams, timeoutMs: number, call: Call): Act | Promise<Act> {
    const act = new Act(services, params, timeoutMs, call);
    if (!act.#takeFree()) return act.#locked();
    return leftAfterEscapeMs(act.session) > 0 ? act.#afterEscape() : act;
  }

  /** As begin(); undefined where another act holds the lock, or the client has left. */
  static beginFree(services: Services, params: ActParams, timeoutMs: number, call: Call): Act | undefined {
    const act = new Act(services, params, timeoutMs, call);
    return act.#takeFree() ? act : undefined;
  }

  /** An act that sends no input, and so waits for none: a signal must reach a program that does not read. */
  static withoutInput(services: Services, params: ActParams, call: Call): Act {
    const act = new Act(services, params, INPUT_TIMEOUT_MS, call);
    act.#isInput = false;
    return act;
  }

  private constructor(services: Services, params: ActParams, timeoutMs: number, call: Call) {
    this.#services = services;
    this.#params = params;
    this.#call = call;
    this.session = services.sessions.getRunning(params.session);
    this.#run = this.session.run;
    if (!call.isBroadcast) services.sessions.acted(this.session);
    this.deadline = new Deadline(call, timeoutMs);
    this.#seq = this.session.seq;
    const { only_if: onlyIf, wait, snapshot } = params;
    this.#isCompared = (onlyIf ?? wait ?? snapshot ?? this.session.journal) !== undefined;
  }

  #takeFree(): boolean {
    this.session.admitInputOf(this.#call.client);
    const release = this.session.inputTurns.takeFree(this.deadline);
    if (release === undefined) return false;
    this.#release = release;
    return true;
  }

  async #locked(): Promise<Act> {
    try {
      const release = await this.session.inputTurns.take(this.deadline);
      if (release === undefined) throw inputTimedOut(this.session);
      this.#release = release;
    } catch (error) {
      this.end();
      throw error;
    }
    return this.#afterEscape();
  }

  /** Holds the lock. */
  async #afterEscape(): Promise<Act> {
    try {
      const leftMs = leftAfterEscapeMs(this.session);
      if (leftMs > 0) await pause(leftMs, this.deadline.signal);
      this.#requireTime();
      this.requireRunning();
      // It may have been taken meanwhile.
      this.session.admitInputOf(this.#call.client);
      return this;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** What was sent so far. */
  get sent(): { seq: number; bytes: number } {
    return { seq: this.#seq, bytes: this.#sentBytes };
  }

  /**
   * What it is about to send, for the journal of a session that is recorded; to be called after checkScreen().
   * @param isSecret it is not kept
   */
  describe(method: MethodName, params: Input['params'], isSecret = this.#isHidden): void {
    const { journal } = this.session;
    if (journal === undefined) return;
    this.#input = { input: { method, params }, isSecret, before: journal.look(this.session) };
  }

  /** Where the screen decides whether to act, or is compared with or recorded: until all that was printed is on it. */
  untilDrawn(): Promise<void> | undefined {
    if (this.session.journal) return this.#untilRecordable();
    const { only_if: onlyIf, wait } = this.#params;
    return onlyIf || (wait?.change === true && !this.#isDrawn()) ? this.#untilParsed() : undefined;
  }

  /** Mostly all that was printed can be drawn at once. */
  #isDrawn(): boolean {
    this.catchUp();
    return this.session.isDrawn;
  }

  /**
   * What `find` finds on the screen. Where it finds nothing while the program is still drawing, it looks again once that
   * is done: a question is often there before its answers.
   * @throws what `find` throws; RequestError CONDITION_FAILED where the screen has changed from what the act is for
   */
  async found<T>(find: () => T): Promise<T> {
    try {
      return find();
    } catch (error) {
      if (!(error instanceof RequestError && error.code === 'REF_NOT_FOUND')) throw error;
    }
    await waitUntil(this.session, drawingEnds(this.session), this.deadline);
    this.requireRunning();
    this.checkScreen();
    return find();
  }

  async #untilRecordable(): Promise<void> {
    const { session, deadline } = this;
    // What is typed before the program reads is echoed by the terminal, and a script would have to be as quick.
    if (session.journal?.inputs.length === 0 && this.#isInput) await readyForInput(session, deadline);
    this.#isHidden = await isHidden(session);
    await this.#untilParsed();
  }

  #record(): void {
    if (this.#input === undefined) return;
    const { input, isSecret, before } = this.#input;
    this.#input = undefined;
    this.#recordedSeq = this.session.seq;
    this.session.journal?.add(this.session, input, isSecret && TYPED.has(input.method), before);
  }

  /** A further part of it may be the answer to a password prompt that the first has brought. */
  async #hideWhereHidden(seq: number): Promise<void> {
    if (await isHidden(this.session)) this.session.journal?.hide(seq);
  }

  async #untilParsed(): Promise<void> {
    await waitUntil(this.session, parsedUpTo(this.session), this.deadline);
    this.#requireTime();
    this.requireRunning();
  }

  /**
   * What the program has printed by now comes before what is sent next: it is read, and drawn. To be called before that is
   * encoded, and followed by it without waiting for anything in between. Idempotent until then.
   */
  catchUp(): void {
    if (!this.#isCaughtUp) this.session.arrived.catchUp(this.#isCompared ? 0 : RECENT_MS);
    this.#isCaughtUp = true;
  }

  /**
   * To be followed by the act without waiting for anything in between.
   * @throws RequestError CONDITION_FAILED, or as requireRunning(): the program's end may be what is drawn
   */
  checkScreen(): void {
    // Something may have been waited for since.
    this.#isCaughtUp = false;
    this.catchUp();
    this.requireRunning();
    const { only_if: onlyIf, wait } = this.#params;
    if (onlyIf) requireScreen(this.session, onlyIf);
    if (wait?.change === true) this.#hash = this.session.contentHash;
  }

  /**
   * Sends the act's bytes, or a further part of them; the promise, where there is one, resolves when the program's terminal
   * has taken them.
   * @throws RequestError TIMEOUT, SESSION_EXITED or LIMIT_REACHED, telling how much of the act was sent
   */
  send(bytes: Uint8Array, isSecret = false): void | Promise<void> {
    if (this.#recordedSeq !== undefined) return this.#sendFurther(this.#recordedSeq, bytes, isSecret);
    return this.#sendNow(bytes, isSecret);
  }

  async #sendFurther(recordedSeq: number, bytes: Uint8Array, isSecret: boolean): Promise<void> {
    await this.#hideWhereHidden(recordedSeq);
    this.#isCaughtUp = false;
    await this.#sendNow(bytes, isSecret);
  }

  #sendNow(bytes: Uint8Array, isSecret: boolean): void | Promise<void> {
    const { session, deadline } = this;
    this.#requireTime();
    this.catchUp();
    this.#requireProgram();
    if (session.isInputClosed) throw withSentBytes(inputClosed(session), this.#sentBytes);
    if (session.queuedInputBytes + bytes.length > MAX_QUEUED_INPUT_BYTES) throw queueFull(session);
    session.inputIsOf(this.#call.client);
    this.#isCaughtUp = false;
    const { seq, sent } = session.send(bytes, deadline, { isSecret, isCaughtUp: true });
    this.#seq = seq;
    this.#record();
    this.#mark = session.acts.last;
    return this.#taken(sent);
  }

  /**
   * As send(), of one act of several that are sent without anything in between: ArrivedOutput.catchUp() was called before
   * the first, and no act can be refused.
   * @param options as those of Session.send()
   */
  sendInOneGo(
    bytes: Uint8Array,
    options: { takenBytes: number; rest: Uint8Array | undefined },
  ): { taken: void | Promise<void>; takenOfRest: number } {
    const { session, deadline } = this;
    session.inputIsOf(this.#call.client);
    const { seq, sent, takenOfRest } = session.send(bytes, deadline, { ...options, isCaughtUp: true });
    this.#seq = seq;
    this.#mark = session.acts.last;
    return { taken: this.#taken(sent), takenOfRest };
  }

  #taken(sent: SentInput): void | Promise<void> {
    if (sent.isWritten !== true) return this.#untilTaken(sent);
    this.#sentBytes += sent.takenBytes;
  }

  async #untilTaken(sent: SentInput): Promise<void> {
    const { session } = this;
    const isTaken = await sent.written;
    this.#sentBytes += sent.takenBytes;
    if (isTaken) return;
    const ended = session.whyNotRunning([], this.#run);
    if (ended) throw withSentBytes(ended, this.#sentBytes);
    if (session.isInputClosed) throw withSentBytes(inputClosed(session), this.#sentBytes);
    throw notRead(session, this.#sentBytes);
  }

  /** As send(), for text: an Enter that follows must not be read together with it. */
  async sendText(bytes: Uint8Array, isSecret = false): Promise<void> {
    await this.send(bytes, isSecret);
    if (bytes.length > 0) this.session.textSent(this.#seq);
  }

  /** Waits until an Enter cannot be taken for a part of text that was sent just before, in this act or another. */
  pauseBeforeEnter(): Promise<unknown> | undefined {
    return pauseBeforeEnter(this.session, this.deadline);
  }

  async pressEnter(): Promise<void> {
    if (this.session.isPipe) return this.send(NEWLINE);
    await this.pauseBeforeEnter();
    this.catchUp();
    await this.send(encodeKeys(ENTER, this.session));
  }

  /**
   * Closes the stdin of a program without a terminal, once all that was sent before is written. Idempotent.
   * @throws RequestError TIMEOUT, SESSION_EXITED
   */
  sendEof(): void {
    this.#requireTime();
    this.#requireProgram();
    this.session.inputIsOf(this.#call.client);
    this.session.endInput();
  }

  /** The act was not input: it is marked by what the session made of it. */
  marked(mark: InputMark): void {
    this.#record();
    this.#mark = mark;
    this.#seq = mark.seq;
  }

  /** @throws RequestError when the program that it is for has ended, or the session was restarted */
  requireRunning(): void {
    this.session.requireRunning([], this.#run);
  }

  /** Nothing that was meant for one program is sent to the next. */
  #requireProgram(): void {
    const error = this.session.whyNotRunning([], this.#run);
    if (error) throw withSentBytes(error, this.#sentBytes);
  }

  /** @throws RequestError TIMEOUT once the deadline has passed or the client has left */
  #requireTime(): void {
    if (this.deadline.isOver) throw inputTimedOut(this.session, this.#sentBytes);
  }

  /** Others may act; then waits and looks, as far as that was asked for, counted from this act. */
  waitAndCapture(): Captured | Promise<Captured> {
    this.#release();
    const { wait, snapshot } = this.#params;
    if (wait === undefined && snapshot === undefined) return NOTHING_ASKED;
    const anchor = {
      act: this.#mark ?? this.session.acts.last,
      ...(this.#hash !== undefined && { hash: this.#hash }),
    };
    const captured = waitAndCapture(this.#services, this.session, { wait, snapshot }, this.#call, anchor);
    return snapshot === undefined ? captured : captured.catch((error) => this.#failAfter(error));
  }

  /** A screen that cannot be told does not undo the act. */
  #failAfter(error: unknown): never {
    if (!(error instanceof RequestError) || error.code !== 'LIMIT_REACHED') throw error;
    const { code, message, suggestion, details } = error;
    const told = `What was asked of session '${this.session.name}' was done, but its screen is not told: ${message}`;
    throw withSentBytes(new RequestError(code, told, { suggestion, details }), this.#sentBytes);
  }

  end(): void {
    this.#release();
    this.deadline.close();
  }
}

function inputClosed({ name, reference }: Session): RequestError {
  return new RequestError(
    'UNAVAILABLE',
    `The stdin of session '${name}' is closed: EOF was sent, or its program has closed it`,
    {
      suggestion: `See what it is doing with 'pilotty status -s ${name}'; 'pilotty restart -s ${name}' runs it again.`,
      details: { ...reference },
    },
  );
}

function queueFull(session: Session): RequestError {
  return new RequestError(
    'LIMIT_REACHED',
    `The input queue of session '${session.name}' is full: the program has not read what it was sent before`,
    {
      suggestion: `See what it is doing with ${howToLook(session)}, and send less at once.`,
    },
  );
}

function notRead(session: Session, sentBytes: number): RequestError {
  const { name, reference } = session;
  return new RequestError(
    'TIMEOUT',
    `Session '${name}' does not read its input: ${sentBytes} bytes were sent, the rest was taken back`,
    {
      suggestion: `See what it is doing with ${howToLook(session)}.`,
      details: { ...reference, sent_bytes: sentBytes },
    },
  );
}

function withSentBytes(error: RequestError, sentBytes: number): RequestError {
  const { code, message, suggestion, details } = error;
  return new RequestError(code, message, { suggestion, details: { ...details, sent_bytes: sentBytes } });
}
