/** What can be done with sessions that have ended: put them away, or start the same again. */
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

/** The same program at the same place, under the same name if that is free; in the environment of the gateway. */
export async function runAgain({ access, open, route, notices }: Page, session: Session): Promise<void> {
  const { argv, cwd, tags, name: preferred_name } = session;
  try {
    const { session_id: id } = await access.spawn({ argv, cwd, tags, preferred_name });
    open.willFit(id);
    route.openSession(id);
  } catch (error) {
    notices.tellError(error);
  }
}
