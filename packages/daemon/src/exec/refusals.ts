/** Why no command can be typed, each with nothing sent, and what makes it possible. */
import { type Foreground, RequestError } from '@pilotty/protocol';
import type { Deadline } from '../call.ts';
import { foregroundOf } from '../processes/foreground.ts';
import type { Session } from '../session/session.ts';

export function textStands({ name, reference, screen }: Session): RequestError {
  return new RequestError(
    'CONDITION_FAILED',
    `The prompt of session '${name}' has text that was typed but not entered`,
    {
      suggestion: `Nothing was sent. Press Enter to run it, or drop it with 'pilotty key -s ${name} Ctrl+C'; then try again.`,
      details: { ...reference, line: lineOf(screen) },
    },
  );
}

/** A shell or REPL that reads, and does not show an empty prompt. */
export function isNoPrompt(session: Session, foreground: Foreground): RequestError {
  const { name, screen } = session;
  const line = lineOf(screen);
  return new RequestError(
    'CONDITION_FAILED',
    `The command was not run: ${programOf(session, foreground)} in session '${name}' waits for input${line && ` at '${line}'`}, and that may be a question or an unfinished command instead of an empty prompt`,
    {
      suggestion: `Nothing was sent. Answer a question with 'pilotty type -s ${name} TEXT --enter'; drop an unfinished command with 'pilotty key -s ${name} Ctrl+C'; at a prompt, press 'pilotty key -s ${name} Enter' once, so that it is known. Then try again.`,
      details: { ...session.reference, foreground, line },
    },
  );
}

/** Of a program that is known by its prompt alone. */
export function unknownPrompt(session: Session, foreground: Foreground): RequestError {
  const { name, screen } = session;
  const line = lineOf(screen);
  return new RequestError(
    'CONDITION_FAILED',
    `The command was not run: ${programOf(session, foreground)} in session '${name}' shows '${line}', and that may be a question instead of a prompt`,
    {
      suggestion: `Nothing was sent. At a prompt, press 'pilotty key -s ${name} Enter' once, so that it is known; answer a question with 'pilotty type -s ${name} TEXT --enter'. Then try again.`,
      details: { ...session.reference, foreground, line },
    },
  );
}

export function hasTheKeyboard(session: Session, foreground: Foreground): RequestError {
  const { name } = session;
  return new RequestError(
    'CONDITION_FAILED',
    `exec needs a shell prompt, but ${programOf(session, foreground)} has the keyboard of session '${name}'`,
    {
      suggestion: `Nothing was sent. Wait until it ends, end it with 'pilotty key -s ${name} Ctrl+C', or use another session.`,
      details: { ...session.reference, foreground },
    },
  );
}

export function leftBefore({ name }: Session): RequestError {
  return new RequestError(
    'CONDITION_FAILED',
    `The command was not run: other input reached the prompt of session '${name}' first`,
    { suggestion: `Nothing was sent. Look with 'pilotty snapshot -s ${name} --format text', or try again.` },
  );
}

export function notReading(session: Session, deadline: Deadline): RequestError {
  const { name } = session;
  const foreground = foregroundOf(session.pid);
  const what = foreground ? programOf(session, foreground) : 'The shell';
  return new RequestError(
    'TIMEOUT',
    `${what} in session '${name}' did not reach its prompt in ${Math.round(deadline.elapsedMs)} ms; the command was not started`,
    {
      suggestion: `Nothing was sent. See what it is doing with 'pilotty snapshot -s ${name} --format text'.`,
      details: { ...session.reference, foreground: foreground ?? null },
    },
  );
}

/** A shell with integration was started with more words than anybody asked for. */
function programOf({ pid, argv, integratedShell }: Session, foreground: Foreground): string {
  const isOwn = integratedShell !== undefined && foreground.pid === pid && foreground.argv[0] === argv[0];
  const words = isOwn ? argv : foreground.argv;
  return words.length > 0
    ? `'${words.join(' ').replaceAll(/\s+/g, ' ').slice(0, 200)}'`
    : `Process ${foreground.pid}`;
}

/** Of the cursor; a password is not on it. */
function lineOf(screen: Session['screen']): string {
  return screen.textBeforeCursor.slice(-200);
}
