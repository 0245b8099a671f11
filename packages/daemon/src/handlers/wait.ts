import type { Call } from '../call.ts';
import { raceToIdle } from '../waiting/idle-race.ts';
import { waitForMany } from '../waiting/many.ts';
import { waitOn } from '../waiting/wait-on.ts';
import { describeScreen } from './describe-screen.ts';
import type { Handlers } from './handler.ts';

const WHOLE_SCREEN = {
  format: 'full',
  scrollback: 0,
  elements: false,
  theme: 'dark',
} as const;

export const waitHandlers: Handlers<'session.wait' | 'sessions.wait' | 'sessions.idle'> = {
  'session.wait': ({ waits, sessions }, params, call) => {
    const { session, resume } = params;
    if (resume === undefined) {
      const waited = sessions.get(session);
      // From the screen as it is now: another daemon would take it as it is by then.
      const change = params.change === true ? waited.contentHash : params.change;
      goesOnElsewhere(call, 'session.wait', { ...params, session: waited.id, change });
      return waitOn(waits, waited, params, call);
    }
    const id = session === undefined ? undefined : sessions.get(session).id;
    return waits.resume('session.wait', resume, params, call, id);
  },
  'sessions.wait': ({ waits, sessions }, params, call) => {
    const { resume, all } = params;
    if (resume !== undefined) return waits.resume('sessions.wait', resume, params, call);
    // Of all, some may have been ready and not be so any more.
    if (!all) goesOnElsewhere(call, 'sessions.wait', params);
    return waitForMany(waits, sessions, params, call);
  },
  'sessions.idle': async (services, params, call) => {
    const { session, generation, ...race } = await raceToIdle(services.sessions, params, call);
    if (session === undefined) return { type: 'idle', ...race };
    const { outcome } = race;
    return {
      type: 'idle',
      ...race,
      ...session.reference,
      generation,
      screen: {
        ...(await describeScreen(session, { ...WHOLE_SCREEN, styles: params.styles }, services, call)),
        outcome,
      },
      idle_ms: Math.round(session.times.idleMs),
    };
  },
};

/**
 * The same wait, for the rest of its time: what it waits for counts from the last input, or from a cursor, and not from
 * its question.
 */
function goesOnElsewhere(
  call: Call,
  method: 'session.wait' | 'sessions.wait',
  params: { timeout_ms: number; [name: string]: unknown },
): void {
  const askedAt = performance.now();
  call.continuation = () => {
    const timeout_ms = Math.max(0, Math.round(params.timeout_ms - (performance.now() - askedAt)));
    return { method, params: { ...params, timeout_ms } };
  };
}
