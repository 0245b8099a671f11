/** Why a session whose program is started again takes no input that was meant for the one before. */
import { RequestError } from '@pilotty/protocol';
import type { SessionReference } from './reference.ts';

export function restartingError(reference: SessionReference): RequestError {
  return new RequestError('UNAVAILABLE', `Session '${reference.session}' is being restarted`, {
    suggestion: `Wait for it with 'pilotty events -s ${reference.session} --type restarted', and try again.`,
    details: { ...reference },
  });
}

export function restartedError(reference: SessionReference): RequestError {
  return new RequestError('CONDITION_FAILED', `Session '${reference.session}' was restarted meanwhile`, {
    details: { ...reference },
  });
}
