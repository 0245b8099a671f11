/** Why a command was not run: each of these is raised only where it is certain that it was not, and will not be. */
import { RequestError } from '@pilotty/protocol';
import type { Session } from '../session/session.ts';

/** The line was typed, and the shell never sourced its file. */
export function notBegun({ name }: Session, hasShellEnded: boolean): RequestError {
  const look = `Look with 'pilotty snapshot -s ${name} --format text'`;
  if (hasShellEnded) {
    const message = `The shell in session '${name}' ended before it began the command; the command was not run`;
    return new RequestError('CONDITION_FAILED', message, { suggestion: `${look}, then decide again.` });
  }
  const message =
    `The shell in session '${name}' refused the line that runs the command, or took it for something else, such as ` +
    'the answer to a question or the rest of another command; the command was not run';
  return new RequestError('CONDITION_FAILED', message, {
    suggestion: `${look}; drop an unfinished command with 'pilotty key -s ${name} Ctrl+C'; then try again.`,
  });
}

export function notRead({ name }: Session): RequestError {
  return new RequestError('TIMEOUT', `Session '${name}' does not read its input; the command was not run`, {
    suggestion: `See what it is doing with 'pilotty snapshot -s ${name} --format text'.`,
  });
}

/** Other input was being sent until the deadline. */
export function notTypedInTime({ name }: Session): RequestError {
  return new RequestError(
    'TIMEOUT',
    `The deadline passed before the command could be typed in session '${name}'; nothing was typed`,
    {
      suggestion: `Other input was being sent: look with 'pilotty snapshot -s ${name} --format text', or give it longer with --timeout.`,
    },
  );
}
