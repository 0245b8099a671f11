/**
 * Prompts that are known to be a program's: a command typed there was taken, or Enter alone brought them back.
 * A command that prints on the terminal, and a question, may look like any of them; so they hold for one process.
 */
import { formOf } from '../input/prompt-text.ts';
import type { Session } from '../session/session.ts';

/** One for each directory that is shown in a prompt, and that somebody comes back to. */
const KEPT = 16;

export class ProvenPrompts {
  #pid = 0;
  #forms: string[] = [];

  learn(pid: number, line: string): void {
    if (pid !== this.#pid) this.#forms = [];
    this.#pid = pid;
    if (line.trim() === '') return;
    const form = formOf(line);
    this.#forms = [form, ...this.#forms.filter((known) => known !== form)].slice(0, KEPT);
  }

  knows(pid: number, line: string): boolean {
    return pid === this.#pid && this.#forms.includes(formOf(line));
  }

  /** The line has more than a prompt on it. */
  isFollowed(pid: number, line: string): boolean {
    const form = formOf(line);
    return pid === this.#pid && this.#forms.some((known) => form.startsWith(`${known} `));
  }
}

/** Enter alone was sent last, and what stood before the cursor stands there again, further down. */
export function isBackAfterEnter({ screen, acts }: Session): boolean {
  const { typed, lineStart, origin, isSubmitted } = acts.last;
  const line = screen.lineBeforeCursor;
  if (!isSubmitted || typed !== '\n' || line.trim() === '') return false;
  return line === lineStart && screen.topLine + screen.cursor.row !== origin.line;
}
