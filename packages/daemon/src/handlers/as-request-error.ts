/** The terminal package knows nothing of requests: what it refuses is an error of the request. */
import { RequestError } from '@pilotty/protocol';
import { InvalidKeyError } from '@pilotty/terminal';

/** @param suggest what to do about a key that there is not and that resembles none */
export function asRequestError<T>(work: () => T, suggest?: () => string): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidKeyError) {
      const { token, nearest, message } = error;
      const better = suggestionFor(error) ?? suggest?.();
      throw new RequestError('INVALID_KEY', message, {
        details: { token, ...(nearest !== undefined && { nearest }) },
        ...(better !== undefined && { suggestion: better }),
      });
    }
    throw new RequestError('INVALID_INPUT', error instanceof Error ? error.message : String(error));
  }
}

function suggestionFor({ token, corrected, escapes }: InvalidKeyError): string | undefined {
  if (corrected !== undefined)
    return `Write ${corrected} instead of ${token}; 'pilotty key --help' has the names of keys.`;
  if (escapes === undefined) return undefined;
  return `Press a key that the program can tell apart; or type what it would get if it had: pilotty type --escapes '${escapes}'.`;
}
