/**
 * Whether a session's program asks for input, as its daemon knows: it stands at its prompt, by its marks, its screen
 * and the kernel; or it has read all it was sent and prints nothing more, like bc, which has no prompt.
 */

import { MAX_DURATION_MS } from '@pilotty/client';
import { isGone, type Session } from './sessions/session.ts';

/** A program that reads may be computing as well: what it has to say it has said by then. */
const IDLE_MS = 500;

/** @returns false when its program has ended, when that cannot be known, or when `signal` was aborted first */
export async function waitsForInput(session: Session, signal: AbortSignal): Promise<boolean> {
  const either = new AbortController();
  const stop = () => either.abort();
  if (signal.aborted) return false;
  signal.addEventListener('abort', stop);
  try {
    return await firstTrue([isAtPrompt(session, either.signal), isIdle(session, either.signal)]);
  } catch (error) {
    if (signal.aborted || isGone(error)) return false;
    throw error;
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}

async function isAtPrompt({ client, target }: Session, signal: AbortSignal): Promise<boolean> {
  const params = { session: target, prompt: true, timeout_ms: MAX_DURATION_MS };
  return (await client.request('session.wait', params, { signal })).outcome === 'matched';
}

/** What passes on another terminal, as ssh does, reads at all times, whatever goes on behind it. */
async function isIdle({ client, target }: Session, signal: AbortSignal): Promise<boolean> {
  const params = { session: target, reads: true, idle_ms: IDLE_MS, timeout_ms: MAX_DURATION_MS };
  const { outcome } = await client.request('session.wait', params, { signal });
  if (outcome !== 'matched') return false;
  const { terminal } = await client.request('session.status', { session: target }, { signal });
  return terminal?.processes_output === true;
}

/** True with the first that is, false once all are false. */
function firstTrue(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    for (const answer of answers) answer.then((isTrue) => isTrue && resolve(true), reject);
    Promise.all(answers).then(() => resolve(false), reject);
  });
}
