/** One run of a session's program: its terminal, the terminal's answers to it, and how it ends. */
import { FaultyPty, type ProgramTerminal } from '../pty/faulty-pty.ts';
import { Pty, type PtyOptions } from '../pty/pty.ts';
import type { TerminalFaults } from '../pty/terminal-faults.ts';
import { TurnLock } from '../turn-lock.ts';
import { Ending } from './ending.ts';
import { TerminalReplies } from './terminal-replies.ts';

interface RunListeners {
  /** As PtyListeners. */
  output(bytes: Buffer): void;
  /** After the last `output`: `ending` says how. */
  reaped(): void;
}

export class Run {
  readonly startedAt = new Date();
  readonly terminal: ProgramTerminal;
  readonly replies: TerminalReplies;
  readonly ending = new Ending();
  /** An act that goes on after its program has ended does not hold up those for the next. */
  readonly inputLock = new TurnLock();
  /** Of the session's output: where that of this program begins. */
  outputStart = 0;
  /** Resolves once all that the program printed is drawn. */
  readonly ended: Promise<void>;
  #tellEnded: () => void = () => {};

  /** @throws Error when no terminal or process can be made. */
  constructor(options: PtyOptions, { output, reaped }: RunListeners, faults: TerminalFaults | undefined) {
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
    const listeners = {
      output,
      exit: (exit: Ending['reaped']) => {
        this.ending.reaped = exit;
        reaped();
      },
    };
    this.terminal = faults ? new FaultyPty(options, listeners, faults) : new Pty(options, listeners);
    this.replies = new TerminalReplies(this.terminal, { isSilent: faults?.unanswered ?? false });
  }

  tellEnded(): void {
    this.#tellEnded();
  }
}
