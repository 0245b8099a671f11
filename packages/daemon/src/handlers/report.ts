import { RequestError } from '@pilotty/protocol';
import { workStateOf } from '../waiting/work-state.ts';
import { asAnswer } from '../work-state/as-answer.ts';
import type { Handlers } from './handler.ts';

export const reportHandlers: Handlers<'sessions.report'> = {
  'sessions.report': ({ sessions }, { key, state, text, clear }) => {
    const session = sessions.live.find(({ work }) => work.key === key);
    if (session === undefined)
      throw new RequestError('SESSION_NOT_FOUND', 'No running session has this PILOTTY_STATE_KEY', {
        suggestion:
          "A program sets the state of the session it runs in: 'pilotty state' takes the key from its environment.",
      });
    if (clear) session.work.takeBack();
    else if (state !== undefined) session.work.report(state, text);
    workStateOf(session).judge();
    const { known } = session.work;
    const message = `Session '${session.name}' is ${known === undefined ? 'in no known state' : known.name}`;
    return { type: 'state_set', ...session.reference, ...asAnswer(known), message };
  },
};
