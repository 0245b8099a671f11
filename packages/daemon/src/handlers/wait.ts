import { nextMoment } from '../moment.ts';
import { isSelected } from '../session/selection.ts';
import { countsTheSame, goesOnElsewhere } from '../waiting/elsewhere.ts';
import { raceToIdle, reportedUpTo } from '../waiting/idle-race.ts';
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
      const asked = { ...params, asked_at: params.asked_at ?? nextMoment() };
      goesOnElsewhere(call, 'session.wait', { ...asked, session: waited.id, change }, () =>
        countsTheSame([waited], asked),
      );
      return waitOn(waits, waited, { ...asked, hasGoneOn: params.asked_at !== undefined }, call);
    }
    const id = session === undefined ? undefined : sessions.get(session).id;
    return waits.resume('session.wait', resume, params, call, id);
  },
  'sessions.wait': ({ waits, sessions }, params, call) => {
    const { resume } = params;
    if (resume !== undefined) return waits.resume('sessions.wait', resume, params, call);
    const asked = { ...params, asked_at: params.asked_at ?? nextMoment() };
    const selected = () => sessions.live.filter((session) => isSelected(session, params));
    goesOnElsewhere(call, 'sessions.wait', asked, () => countsTheSame(selected(), asked));
    const hasGoneOn = params.asked_at !== undefined;
    return waitForMany(waits, sessions, { ...asked, hasGoneOn }, call);
  },
  'sessions.idle': async (services, params, call) => {
    const last_generation = reportedUpTo(services.sessions, params);
    const asked = { ...params, last_generation, asked_at: params.asked_at ?? nextMoment() };
    goesOnElsewhere(call, 'sessions.idle', asked);
    const { session, generation, ...race } = await raceToIdle(services.sessions, asked, call);
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
