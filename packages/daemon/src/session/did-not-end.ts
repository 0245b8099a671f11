/** A session whose program has survived KILL: the kernel does not let it go. */
import { RequestError } from '@pilotty/protocol';
import type { Session } from './session.ts';

export function didNotEnd({ name, pid }: Session): RequestError {
  return new RequestError('INTERNAL_ERROR', `Session '${name}' (process ${pid}) did not end`, {
    suggestion: `See what it waits for with 'ps -o pid,state,wchan,args -p ${pid}'.`,
  });
}
