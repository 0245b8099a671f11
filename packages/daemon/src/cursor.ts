/** Cursors are moments that were given out with an answer: one that lies ahead of now was not, by this daemon or one before it. */
import { RequestError } from '@pilotty/protocol';
import { nextMoment } from './moment.ts';

/** @throws RequestError INVALID_INPUT for a cursor of which everything would be before */
export function requireGivenOut(cursor: number | undefined): void {
  if (cursor === undefined || cursor <= nextMoment()) return;
  throw new RequestError('INVALID_INPUT', `The event_cursor ${cursor} is in the future`, {
    suggestion: 'Give the event_cursor of an answer or of an event, or leave it out.',
  });
}
