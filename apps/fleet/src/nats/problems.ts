/** Errors of a fleet, as commands show them. */
import { ConnectionError, RequestError } from '@pilotty/client';

/** A host, or the way to it, did not answer: never that there is none. */
export function unreachable(message: string, suggestion?: string): ConnectionError {
  return new ConnectionError(message, {
    code: 'HOST_UNREACHABLE',
    suggestion: suggestion ?? "'pilotty --fleet nats://SERVER/FLEET ls' shows which hosts of it answer.",
  });
}

export function refused(message: string, suggestion: string): RequestError {
  return new RequestError('INVALID_INPUT', message, { suggestion });
}

export function forbidden(what: string): RequestError {
  return new RequestError('FORBIDDEN', `these credentials are not permitted ${what}; nothing was done`, {
    suggestion: 'docs/fleet.md has the permissions of an observer, an operator and a host.',
  });
}

/** What a library throws, in few words. */
export function reasonOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'TimeoutError') return 'it did not answer in time';
  return message;
}
