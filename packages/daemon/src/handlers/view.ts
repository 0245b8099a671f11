/** Follows a session for a terminal at the other end, at the pace of its reader. */

import { View, type ViewPart } from '../session/view.ts';
import { pause } from '../until.ts';
import type { Handlers } from './handler.ts';

/** No eye sees more; a drawing costs a look at each cell. */
const DRAWING_INTERVAL_MS = 25;

export const viewHandlers: Handlers<'session.view'> = {
  'session.view': async (services, params, call) => {
    const session = services.sessions.get(params.session);
    const view = new View(session, params);
    // It begins with the screen as it is then.
    call.continuation = () => ({ method: 'session.view', params: { ...params, session: session.id } });
    const stopShowing = session.shownColors.add(params.colors);
    try {
      while (!call.signal.aborted) {
        const part = view.take();
        if (part) {
          await call.emit(wirePart(part));
          const intervalMs = Math.max(params.interval_ms, view.isDrawn ? DRAWING_INTERVAL_MS : 0);
          if (intervalMs > 0) await pause(intervalMs, call.signal);
        } else if (session.isExited) break;
        else await view.more(call.signal);
      }
      const { exit } = session;
      if (exit) await call.emit({ type: 'exited', exit });
      return { type: 'view_end', ...session.reference, ...(exit && { exit }) };
    } finally {
      view.close();
      stopShowing();
    }
  },
};

function wirePart({ data, ...part }: ViewPart): object {
  return { ...part, data_base64: Buffer.from(data).toString('base64') };
}
