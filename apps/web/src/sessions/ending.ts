/** What can be done with sessions that have ended: put them away, or start the same again. */
import { RequestError } from '@pilotty/client/browser';
import type { Page } from '../page.ts';
import type { Session } from './session.ts';

/** Evicts them from the daemon; they are nowhere any more. */
export async function dismiss(
  { link, waiting, sessions, notices }: Page,
  ids: readonly string[],
): Promise<void> {
  waiting.putAside(...ids);
  try {
    await link.request('daemon.gc', { sessions: [...ids] });
    await sessions.refresh();
  } catch (error) {
    notices.tellError(error);
  }
}

/**
 * In the same session as long as the daemon has it; else, or where another has its name, in a new one, in the environment
 * of the gateway.
 */
export async function runAgain(
  { access, link, open, route, notices }: Page,
  session: Session,
): Promise<void> {
  const { argv, cwd, tags, name: preferred_name } = session;
  try {
    if (await isRestarted(link, session)) return route.openSession(session.id);
    const { session_id: id } = await access.spawn({ argv, cwd, tags, preferred_name });
    open.willFit(id);
    route.openSession(id);
  } catch (error) {
    notices.tellError(error);
  }
}

async function isRestarted(link: Page['link'], { id: session }: Session): Promise<boolean> {
  try {
    await link.request('session.restart', { session });
    return true;
  } catch (error) {
    const code = error instanceof RequestError ? error.code : undefined;
    if (code === 'SESSION_NOT_FOUND' || code === 'SESSION_EXISTS') return false;
    throw error;
  }
}
