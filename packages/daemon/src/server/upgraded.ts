/** The error of a request that goes on in another daemon. By itself, because clients in this process need no more of the gate. */
import { RequestError } from '@pilotty/protocol';
import type { Call } from '../call.ts';

/** Asked again as `again` says, of the daemon that listens now, the request goes on where it was. */
export function upgraded({ continuation }: Call): RequestError {
  const again = continuation?.();
  return new RequestError(
    'DAEMON_UPGRADED',
    'The daemon has been upgraded, and this request goes on in the new one',
    again && { details: { again } },
  );
}
