/** The error of an act whose deadline passed, or whose client left, before all of it was sent. */
import { RequestError } from '@pilotty/protocol';
import { howToLook, type LookedAt } from './how-to-look.ts';
import type { SessionReference } from './reference.ts';

/** @param sentBytes of the act, so far */
export function inputTimedOut(
  session: LookedAt & { readonly reference: SessionReference },
  sentBytes = 0,
): RequestError {
  const { name, reference } = session;
  const sent = sentBytes === 0 ? 'nothing was sent' : `${sentBytes} bytes of it had been sent`;
  return new RequestError(
    'TIMEOUT',
    `The deadline passed before the input could be sent to session '${name}'; ${sent}`,
    {
      suggestion: `Other input is being sent first, or the program does not read: look with ${howToLook(session)}, or give it longer with --timeout.`,
      details: { ...reference, sent_bytes: sentBytes },
    },
  );
}
