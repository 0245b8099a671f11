/**
 * A secret is typed only where it is not shown. What a terminal echoes stands on the screen and in the
 * retained output; what is typed at a shell's prompt, because the password was not asked for after
 * all, stands in its history too.
 */
import { RequestError } from '@pilotty/protocol';
import type { Deadline } from '../call.ts';
import { screenState } from '../session/screen-state.ts';
import type { Session } from '../session/session.ts';
import { type TerminalUse, terminalUse } from '../session/terminal-use.ts';
import { pause } from '../until.ts';

/** Many a script prints its prompt first and switches the echo off then: so long it is looked for again. */
const PATIENCE_MS = 500;
const LOOK_AGAIN_MS = 50;

/** @throws RequestError CONDITION_FAILED when what is typed now would be shown, or that is unknown */
export async function requireHidden(session: Session, deadline: Deadline): Promise<void> {
  // No terminal echoes it, and no line editor keeps it.
  if (session.isPipe) return;
  for (const began = performance.now(); ; await pause(LOOK_AGAIN_MS, deadline.signal)) {
    const use = await terminalUse(session);
    session.requireRunning();
    const problem = whyShown(session, use);
    if (problem === undefined) return;
    if (performance.now() - began >= PATIENCE_MS || deadline.signal.aborted)
      throw shown(session, use, problem);
  }
}

/** undefined when it is hidden, or a program in raw mode decides what it shows: a field for passwords, one hopes. */
function whyShown({ screen }: Session, { terminal }: TerminalUse): string | undefined {
  if (!terminal) return 'it is unknown whether the terminal echoes input';
  if (terminal.echo) return 'the terminal echoes input, so this is not a password prompt';
  // Shells and other line editors ask for bracketed paste at their prompt, full-screen programs on the alternate screen.
  if (!terminal.canonical && screen.modes.bracketedPaste && !screen.alternateScreen)
    return 'a line editor such as a shell prompt is active, so this is not a password prompt';
  return undefined;
}

function shown(session: Session, { foreground, terminal }: TerminalUse, problem: string): RequestError {
  const { name } = session;
  return new RequestError('CONDITION_FAILED', `The secret was not typed into '${name}': ${problem}`, {
    suggestion: `Wait for the prompt first, as with 'pilotty wait-for -s ${name} assword'; 'pilotty type --force' sends it although it may be shown.`,
    details: { ...session.reference, foreground, terminal, screen: screenState(session, 'immediate') },
  });
}

/** What cannot be read in a secret is not repeated. @throws RequestError INVALID_INPUT */
export function withoutQuoting<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new RequestError('INVALID_INPUT', 'Invalid escape sequence in the secret', {
      suggestion: "Leave out --escapes to type it as it is; 'pilotty type --help' lists them.",
    });
  }
}
