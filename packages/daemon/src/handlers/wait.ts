import type { ParsedParams } from '@pilotty/protocol';
import { Deadline } from '../server/call.ts';
import type { Session } from '../session/session.ts';
import { drawnUpTo, type Match, matchesRegex, NOT_YET, showsText } from '../waiting/conditions.ts';
import { explainFailure } from '../waiting/explain.ts';
import { type Answer, waitUntil } from '../waiting/wait.ts';
import type { Handlers } from './handler.ts';

export const waitHandlers: Handlers<'session.wait'> = {
  'session.wait': async (daemon, params, call) => {
    const session = daemon.sessions.get(params.session);
    const condition = await allOf(session, params);
    const deadline = new Deadline(call, params.timeout_ms);
    try {
      await waitUntil(session, drawnUpTo(session), deadline);
      const held = await waitUntil(session, condition, deadline);
      const exit = session.exit;
      const outcome = held ? (params.exit ? 'exited' : 'matched') : exit ? 'exited' : 'deadline';
      return {
        type: 'wait_result',
        outcome,
        session: session.name,
        elapsed_ms: Math.round(deadline.elapsedMs),
        ...(held?.match && { match: held.match }),
        revision: session.revision,
        seq: session.drawnSeq,
        ...(!held && (await explainFailure(session, params))),
        ...(exit && { exit }),
      };
    } finally {
      deadline.close();
    }
  },
};

interface Held {
  match: Match | undefined;
}

/** Every condition asked for, on the same screen. */
async function allOf(session: Session, params: ParsedParams<'session.wait'>): Promise<() => Answer<Held>> {
  const matches = [
    params.text === undefined ? undefined : showsText(session, params.text),
    params.regex === undefined ? undefined : await matchesRegex(session, params.regex),
  ].filter((condition) => condition !== undefined);
  return () => {
    if (params.exit && !session.isExited) return NOT_YET;
    let match: Match | undefined;
    for (const condition of matches) {
      const answer = condition();
      if (!('holds' in answer)) return NOT_YET;
      match ??= answer.holds;
    }
    return { holds: { match } };
  };
}
