/** The error of an upgrade that was refused, or given up before its commit point. */
import { RequestError } from '@pilotty/protocol';

export function notUpgraded(
  reason: string,
  suggestion: string = 'Try again once that is over.',
): RequestError {
  return new RequestError('UNAVAILABLE', `The daemon was not upgraded, and goes on as it was: ${reason}`, {
    suggestion,
  });
}
