import { RequestError } from '@pilotty/client';

/** Over HTTP a deadline is 408; what there is instead, the screen with it, is in the details. */
export function unlessDeadline<T extends object>(answer: T, outcome: string | undefined): T {
  if (outcome !== 'deadline') return answer;
  throw new RequestError('TIMEOUT', 'The deadline passed before what was waited for', {
    suggestion:
      'The details say what there is instead. Give it longer with timeout_ms, or wait for something else.',
    details: answer as Record<string, unknown>,
  });
}
