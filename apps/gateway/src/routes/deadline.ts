import { RequestError } from '@pilotty/client';

/** Over HTTP a deadline is 408; what there is instead, the screen with it, is in the details. */
export function throwIfTimedOut<T extends object>(answer: T, outcome: string | undefined): T {
  if (outcome !== 'deadline') return answer;
  throw new RequestError('TIMEOUT', 'Timed out before the condition was met', {
    suggestion: 'See details for the current state. Increase timeout_ms, or wait for something else.',
    details: answer as Record<string, unknown>,
  });
}
