/**
 * One command that is typed to a program we share no files with, and read off the terminal again.
 *
 * What it says, and how its end is known, is the conversation's; this keeps what all of them need:
 * who is still there, what was printed and not taken yet, and who waits.
 */
import type { RequestError } from '@pilotty/protocol';
import { lookEvery } from '../after-reading.ts';
import type { Deadline } from '../call.ts';
import { MAX_UNREAD_EXEC_BYTES } from '../limits.ts';
import { findProcess, isAlive, type ProcessFacts } from '../processes/process-table.ts';
import type { Run } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import type { Ending, Execution, Piece } from './execution.ts';
import type { Prompt } from './prompt.ts';
import type { TypedPrompt } from './typed-prompt.ts';

/** Two kinds: a shell behind a relay, and a program whose prompt comes back. */
export interface PromptDriver {
  /** Sends the command, or its first line. @throws RequestError when it is not understood */
  begin(): Promise<void>;
  /** What was printed since it was last called, and the end if it has come. @param isGone the program has ended */
  listen(isGone: boolean): { bytes: Buffer; ending: Ending | undefined };
  readonly droppedBytes: number;
  /** Number of the input that was its last line. */
  readonly typedSeq: number;
}

/** Screen and kernel are polled: no event announces what they show. */
const LOOK_MS = 50;

export class TypedExecution implements Execution {
  readonly session: Session;
  readonly #run: Run;
  /** Undefined while it runs. */
  ending: Ending | RequestError | undefined;
  /** A client waits for it. */
  isAttended = true;

  readonly #prompt: TypedPrompt;
  readonly #driver: PromptDriver;
  readonly #process: ProcessFacts | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #startedAt = performance.now();
  #endedAt: number | undefined;
  #isBegun = false;
  #isListening = false;
  #printed: Buffer[] = [];
  #printedBytes = 0;
  #droppedBytes = 0;
  readonly #unwatch: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(session: Session, prompt: TypedPrompt, conversation: PromptDriver) {
    this.session = session;
    this.#run = session.run;
    this.#prompt = prompt;
    this.#driver = conversation;
    this.#process = findProcess(prompt.pid);
    this.#unwatch = session.watch((event) => {
      if (event !== 'input') this.#listen();
    });
    this.#timer = lookEvery(LOOK_MS, () => this.#listen()).unref();
  }

  get isRunning(): boolean {
    return this.ending === undefined;
  }

  /** Its program says nothing of that. */
  get isEnding(): boolean {
    return false;
  }

  get elapsedMs(): number {
    return (this.#endedAt ?? performance.now()) - this.#startedAt;
  }

  get typedSeq(): number {
    return this.#driver.typedSeq;
  }

  get droppedBytes(): number {
    return this.#droppedBytes + this.#driver.droppedBytes;
  }

  async begin(_command: string, deadline: Deadline, requireStill: () => boolean): Promise<boolean> {
    try {
      if (!(await this.session.inputTurns.during(() => this.#begin(requireStill), deadline))) {
        this.abandon();
        return false;
      }
    } catch (error) {
      this.abandon();
      throw error;
    }
    this.#isBegun = true;
    this.#listen();
    return true;
  }

  look(): void {
    this.#listen();
  }

  async #begin(requireStill: () => boolean): Promise<boolean> {
    this.session.requireRunning();
    if (!requireStill()) return false;
    await this.#driver.begin();
    return true;
  }

  /** Calls `listener` after something was printed or it ended, until the function it returns is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attend(isAttended: boolean): void {
    this.isAttended = isAttended;
  }

  /** Another program than the one it was typed to reads now. */
  isDisplacedBy(prompt: Prompt): boolean {
    return prompt.pid !== this.#prompt.pid;
  }

  isIn(pid: number): boolean {
    return pid === this.#prompt.pid;
  }

  /** It is not known when its prompt is back behind another program's. */
  suspend(): false {
    this.abandon();
    return false;
  }

  /** What was printed and not taken yet. */
  take(): Piece[] {
    const bytes = Buffer.concat(this.#printed);
    this.#printed = [];
    this.#printedBytes = 0;
    return bytes.length === 0 ? [] : [{ stream: 'stdout', bytes }];
  }

  /** No client will ask for it any more. */
  abandon(): void {
    this.#end({ outcome: 'matched', exitCode: null, signal: null, cwd: null });
  }

  /** What is read meanwhile is heard once it is drawn. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    try {
      this.#hear();
    } finally {
      this.#isListening = false;
    }
  }

  #hear(): void {
    if (!this.#isBegun || this.ending) return;
    const { exit } = this.#run.ending;
    // The end of the session's own program is reported once it is reaped, with how it ended.
    const isOwn = this.#prompt.pid === this.#run.terminal.pid;
    const isGone = exit !== undefined || (!isOwn && (this.#process === undefined || !isAlive(this.#process)));
    const { bytes, ending } = this.#driver.listen(isGone);
    this.#keep(bytes);
    if (exit) this.#end({ outcome: 'exited', exitCode: exit.exit_code, signal: exit.signal, cwd: null });
    else if (ending) this.#end(ending);
    else if (bytes.length > 0) this.#notifyListeners();
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#printed.push(bytes);
    this.#printedBytes += bytes.length;
    while (this.#printedBytes > MAX_UNREAD_EXEC_BYTES && this.#printed.length > 1) {
      const oldest = this.#printed.shift()?.length ?? 0;
      this.#printedBytes -= oldest;
      this.#droppedBytes += oldest;
    }
  }

  #end(ending: Ending): void {
    if (this.ending) return;
    this.ending = ending;
    this.#endedAt = performance.now();
    clearInterval(this.#timer);
    this.#unwatch();
    this.#notifyListeners();
  }

  #notifyListeners(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
