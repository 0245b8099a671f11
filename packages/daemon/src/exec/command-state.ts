/**
 * The states of a command in a shell, and what moves it from one to the next. There is no input or output in
 * here: what can be seen of the shell is asked of a `View`, and what is to be done is returned.
 *
 *   typing → typed → running → ended                    the shell reports that it has begun and is done
 *              ↓        ↓
 *         withdrawn   asking → asked → ended            it came back to its prompt and has not reported
 *              ↓        ↑
 *            ended    outer → ended                     it has ended, and the shell outside is asked
 *
 * The order of looks is what makes the answer true. A shell reports before it reads from its terminal again, so
 * the kernel is asked first and the reports are read after that: where the shell was seen reading, all that it
 * reported before is there by then. tests/exec/command-state.test.ts tries every interleaving.
 */
import type { Report } from './reports.ts';

/** What can be seen of the shell at this moment; each question is a look of its own. */
export interface View {
  /** The session's own program has ended, and how is known. */
  hasSessionEnded(): boolean;
  /** The shell's process has ended, where it is not the session's own program. */
  hasShellEnded(): boolean;
  /** The process runs another program than when the command was typed. */
  isReplaced(): boolean;
  /** The shell sleeps until there is something to read on its terminal; undefined where the kernel does not tell. */
  isReading(): boolean | undefined;
  /** The shell has files of this command open, as it has while it runs it; undefined where the kernel does not tell. */
  holdsFiles(): boolean | undefined;
  /** Nothing was sent and nothing printed for NO_ACK_MS. */
  isQuiet(): boolean;
  /** Other input was sent since the last line of ours. */
  hasOtherInput(): boolean;
  /** What was reported and not taken yet. */
  reports(): Report[];
  /** The shell outside of one that has ended. */
  outer(): Outer;
}

export type Outer =
  /** It runs a command of ours itself, and reports how that ended: so did the shell that has ended in it. */
  | { is: 'running' }
  | { is: 'reported'; status: string; cwd: string }
  /** It was there already when the line came, and runs this command itself. */
  | { is: 'running this' }
  /** It is at its prompt, and can be asked. */
  | { is: 'at prompt' }
  | { is: 'not there' };

/** How it ended. */
export type HowEnded =
  | { how: 'reported'; status: string; cwd: string; hasShellEnded: boolean }
  | { how: 'session ended' }
  | { how: 'shell replaced' }
  /** It was not run, and will not be: the shell took the line for something else, or has ended before. */
  | { how: 'not begun'; hasShellEnded: boolean }
  /** It has ended, and how is unknown. */
  | { how: 'unknown'; hasBegun: boolean; hasShellEnded: boolean };

export type Step =
  | { do: 'nothing' }
  /** Take the file away that the typed line sources. */
  | { do: 'withdraw' }
  /** Type the line that asks for the status; `asked()` once it is typed, `cannotAsk()` where it must not be. */
  | { do: 'ask'; isOuter: boolean }
  | { do: 'end'; howEnded: HowEnded };

type State =
  | { is: 'typing' }
  | { is: 'typed' }
  | { is: 'withdrawn'; sinceMs: number }
  | { is: 'running' }
  | { is: 'asking' }
  | { is: 'asked'; atMs: number }
  | { is: 'outer'; sinceMs: number }
  | { is: 'ended' };

/** A shell that reads and has neither begun nor drawn for so long has taken our line for something else. */
export const NO_ACK_MS = 500;
/** For the shell outside of one that has ended to come to its prompt. */
const OUTER_MS = 2000;
/** For a shell at its prompt to answer: it has to read a line. */
const ANSWER_MS = 2000;
/** Ctrl+C, sent once more, drops the line that asks; it is not asked for ever. */
const MAX_QUESTIONS = 3;

const NOTHING: Step = { do: 'nothing' };

export class CommandState {
  #state: State = { is: 'typing' };
  #hasShellEnded = false;
  #questions = 0;
  /** The shell can be asked; a REPL cannot. */
  readonly #canAsk: boolean;

  constructor(canAsk: boolean) {
    this.#canAsk = canAsk;
  }

  get is(): State['is'] {
    return this.#state.is;
  }

  /** The line has been written to the terminal. */
  typed(): void {
    if (this.#state.is === 'typing') this.#state = { is: 'typed' };
  }

  /** The line that asks has been written to the terminal. */
  asked(nowMs: number): void {
    if (this.#state.is === 'asking') this.#state = { is: 'asked', atMs: nowMs };
  }

  /** Text stands at the prompt, or something else was run there since: its answer would not be the command's. */
  cannotAsk(): Step {
    return this.#state.is === 'asking' ? this.#unknown() : NOTHING;
  }

  /** Nothing more is to be known of it. */
  close(): void {
    this.#state = { is: 'ended' };
  }

  hear(reports: readonly Report[]): Step {
    for (const report of reports) {
      if (this.#state.is === 'ended') break;
      if (report.type === 'done') {
        const { status, cwd } = report;
        return this.#end({ how: 'reported', status, cwd, hasShellEnded: this.#hasShellEnded });
      }
      if (!this.#hasBegun) this.#state = { is: 'running' };
    }
    return NOTHING;
  }

  get #hasBegun(): boolean {
    return !['typing', 'typed', 'withdrawn'].includes(this.#state.is);
  }

  look(view: View, nowMs: number): Step {
    if (this.#state.is === 'ended') return NOTHING;
    const before = this.#state.is;
    const hasSessionEnded = view.hasSessionEnded();
    const isKnownToHaveEnded = before === 'outer' || (before === 'withdrawn' && this.#hasShellEnded);
    const hasShellEnded = !hasSessionEnded && !isKnownToHaveEnded && view.hasShellEnded();
    const hasOtherInput = before === 'asked' && view.hasOtherInput();
    const isAtPrompt = !hasSessionEnded && !hasShellEnded && this.#isAtPrompt(view);
    const isReplaced = isAtPrompt && view.isReplaced();
    const heard = this.hear(view.reports());
    if (heard.do !== 'nothing') return heard;
    if (hasSessionEnded) {
      return this.#end(this.#hasBegun ? { how: 'session ended' } : { how: 'not begun', hasShellEnded: true });
    }
    // What was seen was seen of a shell that had not begun yet.
    if (this.#state.is !== before) return NOTHING;
    if (hasShellEnded) {
      this.#hasShellEnded = true;
      // The shell outside may be reading the line just now.
      if (!this.#hasBegun) return this.#withdraw(nowMs);
      this.#state = { is: 'outer', sinceMs: nowMs };
    }
    if (this.#state.is === 'outer') return this.#lookOutside(view, this.#state.sinceMs, nowMs);
    if (isReplaced) return this.#end({ how: 'shell replaced' });
    if (isAtPrompt) return this.#atPrompt(view, hasOtherInput, nowMs);
    const isOverdue = this.#state.is === 'withdrawn' && nowMs - this.#state.sinceMs > OUTER_MS;
    return isOverdue && this.#hasShellEnded ? this.#unknown() : NOTHING;
  }

  /** It reads, and not for the command. */
  #isAtPrompt(view: View): boolean {
    switch (this.#state.is) {
      case 'typed':
        return view.isReading() === true;
      case 'withdrawn':
        return this.#hasShellEnded ? view.outer().is === 'at prompt' : view.isReading() === true;
      case 'running':
      case 'asked':
        // Twice, so that both are true of one moment: between them it may have come back from a read of the command's.
        return (
          view.isReading() === true &&
          (view.holdsFiles() === false || view.isReplaced()) &&
          view.isReading() === true
        );
      default:
        return false;
    }
  }

  #atPrompt(view: View, hasOtherInput: boolean, nowMs: number): Step {
    switch (this.#state.is) {
      case 'typed':
        return view.isQuiet() ? this.#withdraw(nowMs) : NOTHING;
      case 'withdrawn':
        // The file was gone before it was seen reading: had it been sourced, that would have been reported.
        return this.#end({ how: 'not begun', hasShellEnded: this.#hasShellEnded });
      case 'running':
        return this.#canAsk ? this.#ask(false) : NOTHING;
      case 'asked':
        if (hasOtherInput && this.#questions < MAX_QUESTIONS) return this.#ask(false);
        return nowMs - this.#state.atMs > ANSWER_MS ? this.#unknown() : NOTHING;
      default:
        return NOTHING;
    }
  }

  #lookOutside(view: View, sinceMs: number, nowMs: number): Step {
    const outer = view.outer();
    if (outer.is === 'reported') {
      return this.#end({ how: 'reported', status: outer.status, cwd: outer.cwd, hasShellEnded: true });
    }
    if (outer.is === 'at prompt') return this.#ask(true);
    if (outer.is === 'running this') this.#state = { is: 'outer', sinceMs: nowMs };
    else if (nowMs - sinceMs > OUTER_MS) return this.#unknown();
    return NOTHING;
  }

  #ask(isOuter: boolean): Step {
    this.#questions += 1;
    this.#state = { is: 'asking' };
    return { do: 'ask', isOuter };
  }

  #withdraw(nowMs: number): Step {
    this.#state = { is: 'withdrawn', sinceMs: nowMs };
    return { do: 'withdraw' };
  }

  #unknown(): Step {
    return this.#end({ how: 'unknown', hasBegun: this.#hasBegun, hasShellEnded: this.#hasShellEnded });
  }

  #end(howEnded: HowEnded): Step {
    this.#state = { is: 'ended' };
    return { do: 'end', howEnded };
  }
}
