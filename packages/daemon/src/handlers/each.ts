import { type MethodName, RequestError, type Result } from '@pilotty/protocol';
import { parseParams } from '../server/validate.ts';
import { noneSelected, selectNamed } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { Handlers } from './handler.ts';

export const eachHandlers: Handlers<'sessions.each'> = {
  'sessions.each': async (services, { method, params, all, ...which }, call) => {
    // What is wrong for every session is said once, before anything is done.
    parseParams(method, params);
    const { found, unknown } = selectNamed(services.sessions, all ? { scope: which.scope } : which);
    if (found.length === 0) throw unknown[0]?.error ?? noneSelected();
    const one = call.asBroadcast();
    const asked = found.map(({ id, reference }) =>
      outcomeOf(reference, services.answerPart(method satisfies MethodName, { ...params, session: id }, one)),
    );
    const missing = unknown.map(({ name, error }) => ({ session: name, ok: false, error: error.toBody() }));
    return { type: 'broadcast', results: [...(await Promise.all(asked)), ...missing] };
  },
};

type Outcome = Result<'sessions.each'>['results'][number];

async function outcomeOf(about: Session['reference'], answer: Promise<unknown>): Promise<Outcome> {
  try {
    return { ...about, ok: true, result: (await answer) as Outcome['result'] };
  } catch (error) {
    const known = error instanceof RequestError ? error : new RequestError('INTERNAL_ERROR', String(error));
    return { ...about, ok: false, error: known.toBody() };
  }
}
