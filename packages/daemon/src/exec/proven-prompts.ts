/**
 * Prompts that are known to be a program's: a command typed there was taken, or Enter alone brought them back.
 * A command that prints on the terminal, and a question, may look like any of them; so they are valid for one process,
 * and where the kernel reports it, for the place in its program where it waited.
 */
import { formOf, isContinuation } from '../input/prompt-text.ts';
import type { WaitingPlace } from '../processes/reads-terminal.ts';
import type { Session } from '../session/session.ts';

/** One for each directory that a prompt shows and a user returns to. */
const KEPT = 16;

/** Where a command was typed, and taken. */
export interface ProvenPrompt {
  pid: number;
  line: string;
  place: WaitingPlace | undefined;
}

export interface ProvenPromptsState {
  pid: number;
  forms: readonly string[];
  places: readonly WaitingPlace[];
}

export class ProvenPrompts {
  #pid = 0;
  #forms: string[] = [];
  #places: WaitingPlace[] = [];

  get state(): ProvenPromptsState {
    return { pid: this.#pid, forms: this.#forms, places: this.#places };
  }

  adopt({ pid, forms, places }: ProvenPromptsState): void {
    this.#pid = pid;
    this.#forms = [...forms];
    this.#places = [...places];
  }

  learn({ pid, line, place }: ProvenPrompt): void {
    if (pid !== this.#pid) {
      this.#forms = [];
      this.#places = [];
    }
    this.#pid = pid;
    if (place && !this.#places.some((known) => isSamePlace(known, place)))
      this.#places = [place, ...this.#places].slice(0, KEPT);
    if (line.trim() === '') return;
    const form = formOf(line);
    this.#forms = [form, ...this.#forms.filter((known) => known !== form)].slice(0, KEPT);
  }

  knows(pid: number, line: string): boolean {
    return pid === this.#pid && this.#forms.includes(formOf(line));
  }

  /** Where this program has waited at its prompt. */
  placesIn(program: string): readonly WaitingPlace[] {
    return this.#places.filter((place) => place.program === program);
  }

  /** The line has more than a prompt on it. */
  isFollowed(pid: number, line: string): boolean {
    const form = formOf(line);
    return pid === this.#pid && this.#forms.some((known) => form.startsWith(`${known} `));
  }
}

/**
 * Enter alone was sent last, and what stood before the cursor stands there again, further down. What asks for the
 * rest of a command does that too.
 */
export function isBackAfterEnter({ screen, acts }: Session): boolean {
  const { typed, lineStart, origin, isSubmitted } = acts.last;
  const line = screen.lineBeforeCursor;
  if (!isSubmitted || typed !== '\n' || line.trim() === '' || isContinuation(line)) return false;
  return line === lineStart && screen.topLine + screen.cursor.row !== origin.line;
}

export function isSamePlace(one: WaitingPlace, other: WaitingPlace): boolean {
  return one.program === other.program && one.call === other.call && one.stack === other.stack;
}
