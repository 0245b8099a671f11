/** When a program that has just been started can be typed to: text that comes sooner some throw away. */
import { hasNoReader } from '../processes/foreground.ts';
import type { Session } from '../session/session.ts';
import { atPrompt } from './prompt.ts';
import { type Answer, waitUntil } from './wait.ts';

/** What does not read by then is typed to all the same, as a person would. */
const PATIENCE_MS = 10_000;
/** No event announces that a program has begun to read. */
const LOOK_MS = 50;

/** Resolves at its first prompt; without one, once it has had the time of a start and reads. */
export async function readyForInput(
  session: Session,
  until: { readonly signal: AbortSignal },
): Promise<void> {
  const began = performance.now();
  const standsAtPrompt = atPrompt(session, session.acts.last);
  await waitUntil(
    session,
    (): Answer<true> => {
      if (performance.now() - began >= PATIENCE_MS) return { holds: true };
      const prompt = standsAtPrompt();
      if ('holds' in prompt) return { holds: true };
      const isStarting = session.times.startupLeftMs > 0;
      if (!isStarting && !hasNoReader(session.pid)) return { holds: true };
      return prompt.goOn !== undefined
        ? prompt
        : { askAgainInMs: Math.min(LOOK_MS, prompt.askAgainInMs ?? LOOK_MS) };
    },
    until,
  );
}
