/**
 * What ran in a shell, from the marks it sends with its prompts (OSC 133): each command with its exit code, its time
 * and the place of its output; and whether the shell is at its prompt.
 *
 * Marks are the program's word. They may come doubled, where a user's own integration marks as well; from a shell
 * inside the shell; or from a program that lies. So a command begins only at a prompt, one mark ends it, and
 * whatever does not fit is passed over.
 */
import type { Mark, Signal } from '@pilotty/terminal';
import { MAX_COMMANDS } from '../limits.ts';
import { nextMoment } from '../moment.ts';

/** Characters that are kept of a command line, as much as a mark can carry. */
const MAX_COMMAND_LINE = 8192;

export interface ShellCommand {
  /** Counted from 1 over the life of the session. */
  readonly number: number;
  readonly commandLine: string | undefined;
  /** The shell's directory, if it was reported. */
  readonly cwd: string | undefined;
  readonly startedAt: number;
  /** When its output ended; both are moments. */
  endedAt: number | undefined;
  /** Of the session's output: its first byte, and the first one behind. */
  outputStart: number;
  outputEnd: number | undefined;
  isFinished: boolean;
  /** Undefined where the shell did not report it. */
  exitCode: number | undefined;
  /** What it printed was the answer of an exec, and is not among the session's output. */
  readonly isAnswered: boolean;
}

export interface Finished {
  readonly command: ShellCommand;
  /** The moment at which that was known. */
  readonly at: number;
}

export interface CommandLogState {
  commands: readonly ShellCommand[];
  /** Number of the one that is open. */
  open: number | undefined;
  cwd: string | undefined;
  promptAt: number | undefined;
  hasTextAtPrompt: boolean;
  isAtPrompt: boolean | undefined;
  count: number;
  finishedCount: number;
  lastFinished: Finished | undefined;
  expected: ExpectedLine | undefined;
}

/** A line that the daemon types itself. */
interface ExpectedLine {
  line: string;
  /** What it stands for; undefined where that is nothing of a user's. */
  command: string | undefined;
  isAnswered: boolean;
}

export class CommandLog {
  readonly #commands: ShellCommand[] = [];
  /** Its end, or how it ended, has not been reported. */
  #open: ShellCommand | undefined;
  #cwd: string | undefined;
  #promptAt: number | undefined;
  #hasTextAtPrompt = false;
  #isAtPrompt: boolean | undefined;
  #count = 0;
  #finishedCount = 0;
  #lastFinished: Finished | undefined;
  #expected: ExpectedLine | undefined;

  get state(): CommandLogState {
    return {
      commands: this.#commands,
      open: this.#open?.number,
      cwd: this.#cwd,
      promptAt: this.#promptAt,
      hasTextAtPrompt: this.#hasTextAtPrompt,
      isAtPrompt: this.#isAtPrompt,
      count: this.#count,
      finishedCount: this.#finishedCount,
      lastFinished: this.#lastFinished,
      expected: this.#expected,
    };
  }

  adopt(state: CommandLogState): void {
    this.#commands.splice(0, this.#commands.length, ...state.commands);
    this.#open = this.#commands.find(({ number }) => number === state.open);
    this.#cwd = state.cwd;
    this.#promptAt = state.promptAt;
    this.#hasTextAtPrompt = state.hasTextAtPrompt;
    this.#isAtPrompt = state.isAtPrompt;
    this.#count = state.count;
    this.#finishedCount = state.finishedCount;
    this.#lastFinished = state.lastFinished;
    this.#expected = state.expected;
  }

  /** The latest commands, oldest first. */
  get commands(): readonly ShellCommand[] {
    return this.#commands;
  }

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  get finishedCount(): number {
    return this.#finishedCount;
  }

  get lastFinished(): Finished | undefined {
    return this.#lastFinished;
  }

  /** The moment at which the shell reported the command that it runs now; undefined while it runs none. */
  get runningSince(): number | undefined {
    return this.#open?.startedAt;
  }

  /** Undefined until there has been a mark. */
  get isAtPrompt(): boolean | undefined {
    return this.#isAtPrompt;
  }

  /** The moment of the last prompt; an empty command line brings a new one. */
  get promptAt(): number | undefined {
    return this.#promptAt;
  }

  /** The shell has put a text there itself, for its user to go on with. */
  get hasTextAtPrompt(): boolean {
    return this.#hasTextAtPrompt;
  }

  /**
   * A line that is about to be typed only stands for a command, and is listed as that.
   * @param isAnswered what it prints goes elsewhere than to the terminal
   */
  expect(line: string, command: string, isAnswered: boolean): void {
    this.#expected = { line, command: command.slice(0, MAX_COMMAND_LINE), isAnswered };
  }

  /** A line that is about to be typed asks or prepares something, and is not listed: nor is its end. */
  passOver(line: string): void {
    this.#expected = { line, command: undefined, isAnswered: false };
  }

  follow(signal: Signal): void {
    if (signal.type === 'cwd') this.#cwd = signal.cwd;
    if (signal.type !== 'mark') return;
    if (signal.mark === 'output') this.#outputBegins(signal);
    else if (signal.mark === 'finished') this.#outputEnds(signal);
    else this.#prompts(signal);
  }

  /** The session has ended: what was still running ended with its shell. */
  close(totalBytes: number, exitCode: number | undefined): void {
    this.#finish(totalBytes, exitCode);
    if (this.#isAtPrompt) this.#isAtPrompt = false;
  }

  /** Another shell is started: whether it marks its prompts is not known yet. Numbers go on. */
  startOver(): void {
    this.#cwd = undefined;
    this.#promptAt = undefined;
    this.#isAtPrompt = undefined;
    this.#hasTextAtPrompt = false;
    this.#expected = undefined;
  }

  #outputBegins({ start, end, commandLine }: Mark): void {
    if (this.#isAtPrompt === false) {
      // A second integration says the same again; its mark is no output.
      if (this.#open?.outputStart === start) this.#open.outputStart = end;
      return;
    }
    this.#isAtPrompt = false;
    const isExpected = commandLine !== undefined && commandLine.trim() === this.#expected?.line.trim();
    const expected = isExpected ? this.#expected : undefined;
    this.#expected = undefined;
    if (expected && expected.command === undefined) return;
    this.#count += 1;
    this.#open = {
      number: this.#count,
      commandLine: expected ? expected.command : commandLine,
      cwd: this.#cwd,
      startedAt: nextMoment(),
      endedAt: undefined,
      outputStart: end,
      outputEnd: undefined,
      isFinished: false,
      exitCode: undefined,
      isAnswered: expected?.isAnswered === true,
    };
    this.#commands.push(this.#open);
    if (this.#commands.length > MAX_COMMANDS) this.#commands.shift();
  }

  /** A mark without an exit code only says where the output ended: the code may follow. */
  #outputEnds({ start, exitCode }: Mark): void {
    if (this.#isAtPrompt === undefined) this.#isAtPrompt = false;
    if (this.#open === undefined) return;
    if (exitCode !== undefined) {
      this.#finish(start, exitCode);
      return;
    }
    this.#open.outputEnd ??= start;
    this.#open.endedAt ??= nextMoment();
  }

  #prompts({ mark, start, hasText }: Mark): void {
    // Behind a prompt that has its own mark, the second says nothing new.
    if (mark === 'command' && this.#isAtPrompt) return;
    this.#finish(start, undefined);
    this.#isAtPrompt = true;
    this.#promptAt = nextMoment();
    this.#hasTextAtPrompt = hasText;
  }

  #finish(outputEnd: number, exitCode: number | undefined): void {
    const command = this.#open;
    if (command === undefined) return;
    const at = nextMoment();
    command.outputEnd ??= outputEnd;
    command.endedAt ??= at;
    command.exitCode = exitCode;
    command.isFinished = true;
    this.#open = undefined;
    this.#finishedCount += 1;
    this.#lastFinished = { command, at };
  }
}
