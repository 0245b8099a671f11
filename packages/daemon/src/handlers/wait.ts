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
    if (resume === undefined) return waitOn(waits, sessions.get(session), params, call);
    const id = session === undefined ? undefined : sessions.get(session).id;
    return waits.resume('session.wait', resume, params, call, id);
  },
  'sessions.wait': ({ waits, sessions }, params, call) =>
    params.resume === undefined
      ? waitForMany(waits, sessions, params, call)
      : waits.resume('sessions.wait', params.resume, params, call),
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
