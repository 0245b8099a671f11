/**
 * Whether what was typed shows at all. The screen cannot tell the echo of a line from a program that prints
 * the line back with the echo switched off; the terminal can. It is asked only where it matters, because
 * asking takes a process.
 */

import type { InputMark } from '../input/input-mark.ts';
import { terminalState } from '../processes/terminal-state.ts';
import type { Session } from '../session/session.ts';

const asked = new WeakMap<InputMark, Promise<void>>();

/** Resolves when `isEchoed` is known of an input. */
export function learnEcho(session: Session, input: InputMark): Promise<void> {
  const learning = asked.get(input) ?? ask(session, input);
  asked.set(input, learning);
  return learning;
}

async function ask(session: Session, input: InputMark): Promise<void> {
  if (session.isPipe) {
    input.isEchoed = false;
    input.isTerminalEcho = false;
    return;
  }
  const state = await terminalState(session.terminalPath);
  // A program that reads key by key switches the terminal's echo off and shows what it reads itself.
  input.isEchoed = !state?.canonical || state.echo;
  input.isTerminalEcho = state?.canonical === true && state.echo;
}
