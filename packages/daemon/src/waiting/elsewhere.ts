/**
 * Waits that go on in another daemon: asked there with the moment of the question, for the rest of the time.
 *
 * What a wait has seen is not handed over, but sought again. That finds the same where what counts is counted from the
 * question, or from the last input as it was then. Where conditions must be met together, one may be so for what came before
 * an input that was sent since: such a wait is answered here, or there is no upgrade.
 */
import type { ParsedParams } from '@pilotty/protocol';
import type { Call } from '../call.ts';
import type { Session } from '../session/session.ts';

type Method = 'session.wait' | 'sessions.wait' | 'sessions.idle';
type Conditions = Omit<ParsedParams<'session.wait'>, 'session' | 'timeout_ms' | 'asked_at'>;

/** @param isSame whether it would be answered the same there; where that is not said, it always would */
export function goesOnElsewhere<P extends { timeout_ms: number; asked_at: number }>(
  call: Call,
  method: Method,
  params: P,
  isSame: () => boolean = () => true,
): void {
  const askedAt = performance.now();
  call.continuation = () => {
    if (!isSame()) return undefined;
    const timeout_ms = Math.max(0, Math.round(params.timeout_ms - (performance.now() - askedAt)));
    return { method, params: { ...params, timeout_ms } };
  };
}

/** Nothing was sent since the question that would have conditions count from a later input. */
export function countsTheSame(
  sessions: readonly Session[],
  wait: Conditions & { all?: boolean; asked_at: number },
): boolean {
  const { text, regex, title, prompt, reads, password, bell, command_finished, state } = wait;
  const fromInput = conditionCount([
    text,
    regex,
    title,
    prompt,
    reads,
    password,
    bell,
    command_finished,
    state,
  ]);
  const { gone, gone_regex, change, cursor, settle_ms, idle_ms, exit, any, all, asked_at } = wait;
  const others = conditionCount([gone, gone_regex, change, cursor, settle_ms, idle_ms, exit]);
  const isTogether = all === true || (!any && fromInput + others > 1);
  if (fromInput === 0 || !isTogether) return true;
  return sessions.every(({ acts }) => acts.last.seq === 0 || acts.last.moment <= asked_at);
}

function conditionCount(conditions: readonly unknown[]): number {
  return conditions.flat().filter((condition) => condition !== undefined && condition !== false).length;
}
