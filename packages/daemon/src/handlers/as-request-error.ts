/** The terminal package knows nothing of requests: what it refuses is an error of the request. */
import { RequestError } from '@pilotty/protocol';
import { InvalidKeyError } from '@pilotty/terminal';

/** @param suggestion for a key that there is not and that resembles none */
export function asRequestError<T>(work: () => T, suggestion?: string): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidKeyError) {
      const { token, nearest, message } = error;
      throw new RequestError('INVALID_KEY', message, {
        details: { token, ...(nearest !== undefined && { nearest }) },
        ...(nearest === undefined && suggestion !== undefined && { suggestion }),
      });
    }
    throw new RequestError('INVALID_INPUT', error instanceof Error ? error.message : String(error));
  }
}
