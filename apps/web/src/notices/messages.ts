/**
 * What went wrong, in the words of the page. The daemon's messages stay; its suggestions do not, because they name
 * commands and options that a page does not have.
 */
import { ConnectionError, type ErrorCode, RequestError } from '@pilotty/client/browser';

const WORDS: Partial<Record<ErrorCode, string>> = {
  DAEMON_UNREACHABLE: 'Not connected; nothing was sent.',
  SESSION_NOT_FOUND: 'This session is no more.',
  SESSION_EXITED: 'The program has ended; nothing was sent.',
  UNAUTHORIZED: 'The token is wrong.',
};

/** What is in the search path says nothing to a person, and is none of a browser's business. */
const PATH_LIST = /\bPATH \([^)]*\)/g;

export function messageOf(error: unknown): string {
  if (error instanceof ConnectionError) return 'Not connected; nothing was sent.';
  if (error instanceof RequestError) {
    const message = WORDS[error.code] ?? error.message.replace(PATH_LIST, 'the search path');
    // It begins with the label of a client.
    if (error.code === 'KEYBOARD_TAKEN') return message;
    return message.charAt(0).toUpperCase() + message.slice(1);
  }
  return error instanceof Error ? error.message : String(error);
}
