/**
 * What is typed into a session, for a recording that was asked to have it: nothing that was sent as a secret, and nothing
 * that is hidden, see hidden-input.ts.
 *
 * The terminal's settings cannot be read at once. They are asked for when something was drawn, as a prompt is, and once
 * more when something is typed: both answers must say that input is no secret, or it is left out.
 */
import { type Asked, hides, secretAskedOn } from '../input/hidden-input.ts';
import { type TerminalState, terminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';

export class InputWatch {
  readonly #session: Session;
  readonly #typed: (text: string) => void;
  readonly #close: (() => void)[];
  #state: Promise<TerminalState | undefined>;
  /** The line that asked for a secret, as far as its answer. */
  #prompt: string | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isAsking = false;
  #isStale = false;

  /** @param prompt as it was in another process */
  constructor(session: Session, typed: (text: string) => void, prompt?: string) {
    this.#session = session;
    this.#prompt = prompt;
    this.#typed = typed;
    this.#state = this.#ask();
    this.#close = [
      session.watch((event) => {
        if (event === 'drawn') this.#askAgain();
      }),
      session.followInput((bytes, isSecret) => {
        if (isSecret) return;
        const sent = this.#sent(Buffer.from(bytes).toString());
        this.#sending = this.#sending.then(() => sent);
      }),
    ];
  }

  /** Resolves when it is known of all that was sent whether it is a secret. */
  get settled(): Promise<void> {
    return this.#sending;
  }

  /** The line that has asked for a secret, as far as it is being answered. */
  get prompt(): string | undefined {
    return this.#prompt;
  }

  close(): void {
    for (const each of this.#close) each();
  }

  async #sent(text: string): Promise<void> {
    const asked = this.#asked();
    const before = this.#state;
    const after = this.#ask();
    if (hides(await before, asked) || hides(await after, asked)) return;
    this.#typed(text);
  }

  /** By the screen as it is; a line that has asked for a secret asks for the rest of it as well, where that is shown. */
  #asked(): Asked {
    const { screen } = this.#session;
    const asked = secretAskedOn(screen);
    const line = screen.lineBeforeCursor;
    if (asked.onLine) this.#prompt = line.replace(/[*•●\s]*$/, '');
    else if (this.#prompt !== undefined && !line.startsWith(this.#prompt)) this.#prompt = undefined;
    return { ...asked, onLine: this.#prompt !== undefined };
  }

  /** One question at a time: a program that prints much asks for no more. */
  #askAgain(): void {
    this.#isStale = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#isStale = false;
    this.#state = this.#ask().finally(() => {
      this.#isAsking = false;
      if (this.#isStale) this.#askAgain();
    });
  }

  #ask(): Promise<TerminalState | undefined> {
    return terminalState(this.#session.terminalPath).catch(() => undefined);
  }
}
