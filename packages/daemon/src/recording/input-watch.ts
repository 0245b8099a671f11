/**
 * What is typed into a session, for a recording that was asked to have it: nothing that was sent as a secret, and nothing
 * where a line is read with the echo off, as a password is.
 *
 * The terminal's settings cannot be read at once. They are asked for when something was drawn, as a prompt is, and once
 * more when something is typed: both answers must say that input is no secret, or it is left out.
 */
import { isPasswordPrompt, terminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';

/** A line editor or a full-screen program shows what is typed itself, or does not: then its prompt says what it asks for. */
const SECRET_PROMPT = /pass(?:word|phrase|code)|\bPIN\b|secret|token/i;

export class InputWatch {
  readonly #session: Session;
  readonly #typed: (text: string) => void;
  readonly #close: (() => void)[];
  #isHidden: Promise<boolean>;
  #isAsking = false;
  #isStale = false;

  constructor(session: Session, typed: (text: string) => void) {
    this.#session = session;
    this.#typed = typed;
    this.#isHidden = this.#ask();
    this.#close = [
      session.watch((event) => {
        if (event === 'drawn') this.#askAgain();
      }),
      session.followInput((bytes, isSecret) => {
        if (!isSecret) void this.#sent(Buffer.from(bytes).toString());
      }),
    ];
  }

  close(): void {
    for (const each of this.#close) each();
  }

  async #sent(text: string): Promise<void> {
    if (SECRET_PROMPT.test(this.#session.screen.textBeforeCursor)) return;
    const before = this.#isHidden;
    const after = this.#ask();
    if ((await before) || (await after)) return;
    this.#typed(text);
  }

  /** One question at a time: a program that prints much asks for no more. */
  #askAgain(): void {
    this.#isStale = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#isStale = false;
    this.#isHidden = this.#ask().finally(() => {
      this.#isAsking = false;
      if (this.#isStale) this.#askAgain();
    });
  }

  async #ask(): Promise<boolean> {
    const state = await terminalState(this.#session.terminalPath).catch(() => undefined);
    return state === undefined || isPasswordPrompt(state, undefined);
  }
}
