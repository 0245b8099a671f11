/** One run of a session's program: its terminal, the terminal's answers to it, and how it ends. */
import { Entry, type EntryState } from '../containers/entry.ts';
import { nextMoment } from '../moment.ts';
import { EndedTerminal } from '../pty/ended-terminal.ts';
import { FaultyPty, type ProgramTerminal } from '../pty/faulty-pty.ts';
import type { PtyOptions, RunningProgram } from '../pty/fork.ts';
import { PipeProgram, type RunningPipes } from '../pty/pipe-program.ts';
import { Pty, type PtyListeners } from '../pty/pty.ts';
import type { Stream } from '../pty/stream-marks.ts';
import type { TerminalFaults } from '../pty/terminal-faults.ts';
import { TurnLock } from '../turn-lock.ts';
import { Ending, type EndingState } from './ending.ts';
import { TerminalReplies } from './terminal-replies.ts';

export interface RunListeners {
  /** As PtyListeners. */
  output(bytes: Buffer, stream?: Stream): void;
  /** After the last `output`: `ending` says how. */
  reaped(): void;
}

export interface RunState {
  /** Since 1970. */
  startedAtMs: number;
  /** A moment. */
  began: number;
  outputStart: number;
  clearedFrom?: number;
  pid: number;
  terminalPath: string | undefined;
  ending: EndingState;
  /** Of one in a container. */
  entry?: EntryState | undefined;
}

/** A program that another daemon has started, and that still runs. */
export type AdoptedProgram = RunningProgram | RunningPipes;

interface Beginning {
  startedAt: Date;
  began: number;
  isSilent: boolean;
  entry: Entry | undefined;
}

export class Run {
  readonly startedAt: Date;
  /** The same as a moment: how long it runs does not depend on the time of day. */
  readonly began: number;
  readonly terminal: ProgramTerminal;
  readonly replies: TerminalReplies;
  readonly ending = new Ending();
  /** Of a program in a container: the way into it. */
  readonly entry: Entry | undefined;
  /** An act that goes on after its program has ended does not hold up those for the next. */
  readonly inputLock = new TurnLock();
  /** Of the session's output: where that of this program begins. */
  outputStart = 0;
  /** Where what we cleared the screen with for it begins. */
  clearedFrom = 0;
  /** Resolves once all that the program printed is drawn. */
  readonly ended: Promise<void>;
  #tellEnded: () => void = () => {};

  /** @throws Error when no terminal or process can be made. */
  static start(
    options: PtyOptions & { pipe?: boolean | undefined },
    listeners: RunListeners,
    faults: TerminalFaults | undefined,
    entry?: Entry,
  ): Run {
    const start = (to: PtyListeners) => {
      if (options.pipe) return new PipeProgram(options, to);
      return faults ? new FaultyPty(options, to, faults) : new Pty(options, to);
    };
    // What asks a terminal without having one is no question to us, and its stdin has what it was sent alone.
    const isSilent = options.pipe || (faults?.unanswered ?? false);
    return new Run(start, listeners, { startedAt: new Date(), began: nextMoment(), isSilent, entry });
  }

  /**
   * @param program that still runs; frozen
   * @throws Error when its terminal cannot be opened
   */
  static adopt(state: RunState, listeners: RunListeners, program: AdoptedProgram | undefined): Run {
    const isPipe = program !== undefined && 'ends' in program;
    const open = (to: PtyListeners) => {
      if (program === undefined) return new EndedTerminal(state);
      return 'ends' in program ? PipeProgram.adopt(program, to) : Pty.adopt(program, to);
    };
    const run = new Run(open, listeners, {
      startedAt: new Date(state.startedAtMs),
      began: state.began,
      isSilent: isPipe,
      entry: state.entry && new Entry(state.entry),
    });
    run.outputStart = state.outputStart;
    run.clearedFrom = state.clearedFrom ?? state.outputStart;
    run.ending.adopt(state.ending);
    if (run.ending.at !== undefined) run.tellEnded();
    return run;
  }

  private constructor(
    open: (listeners: PtyListeners) => ProgramTerminal,
    { output, reaped }: RunListeners,
    { startedAt, began, isSilent, entry }: Beginning,
  ) {
    this.startedAt = startedAt;
    this.began = began;
    this.entry = entry;
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
    this.terminal = open({
      output: entry === undefined ? output : (bytes) => outputOf(entry.take(bytes), output),
      exit: (exit) => {
        if (entry) outputOf(entry.over(), output);
        this.ending.reaped = exit;
        reaped();
      },
    });
    this.replies = new TerminalReplies(this.terminal, { isSilent });
  }

  /** Its pipes, where it has no terminal and runs. */
  get pipes(): PipeProgram | undefined {
    return this.terminal instanceof PipeProgram ? this.terminal : undefined;
  }

  /** Its terminal, or its pipes, where they can be handed over. */
  get handable(): Pty | PipeProgram | undefined {
    return this.pty ?? this.pipes;
  }

  /** Its terminal, unless that has faults. */
  get pty(): Pty | undefined {
    return this.terminal instanceof Pty ? this.terminal : undefined;
  }

  get state(): RunState {
    const { startedAt, began, outputStart, clearedFrom, ending, terminal, entry } = this;
    const { pid, terminalPath } = terminal;
    return {
      startedAtMs: startedAt.getTime(),
      began,
      outputStart,
      clearedFrom,
      pid,
      terminalPath,
      ending: ending.state,
      ...(entry && { entry: entry.state }),
    };
  }

  tellEnded(): void {
    this.#tellEnded();
  }
}

/** Nothing is no output. */
function outputOf(bytes: Buffer, output: (bytes: Buffer) => void): void {
  if (bytes.length > 0) output(bytes);
}
