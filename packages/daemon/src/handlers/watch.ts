import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { ParsedParams } from '@pilotty/protocol';
import { Deadline } from '../call.ts';
import type { IsWanted } from '../events/event-log.ts';
import { isSelected, requireNamed } from '../session/selection.ts';
import type { Handlers } from './handler.ts';
import { isOfRules } from './rules.ts';

/** A reader that takes all there is at once lets others be served in between. */
const EVENTS_AT_ONCE = 100;

export const watchHandlers: Handlers<'events.follow'> = {
  'events.follow': async (services, params, call) => {
    const { timeout_ms: timeoutMs, sessions: named = [] } = params;
    // One that is evicted can still be read of, as long as there are events of it.
    const unknown = named.filter((name) => !services.events.tellsOf(name));
    requireNamed(services.sessions, { sessions: unknown });
    const deadline = timeoutMs === undefined ? undefined : new Deadline(call, timeoutMs);
    const { signal } = deadline ?? call;
    const reader = services.events.read(params.after, wantedBy(params));
    call.continuation = () => ({
      method: 'events.follow',
      params: {
        ...params,
        after: reader.cursor,
        ...(deadline && { timeout_ms: Math.max(0, Math.round((timeoutMs ?? 0) - deadline.elapsedMs)) }),
      },
    });
    try {
      for (let sent = 1; !signal.aborted; sent++) {
        const event = reader.take();
        if (event) await call.emit(event);
        else if (params.follow && !services.events.isClosed) await reader.more(signal);
        else break;
        if (sent % EVENTS_AT_ONCE === 0) await turnOfEventLoop();
      }
      return { type: 'events_end', event_cursor: reader.cursor };
    } finally {
      reader.close();
      deadline?.close();
    }
  },
};

function wantedBy({ types, rules, ...which }: ParsedParams<'events.follow'>): IsWanted {
  const isOfRule = rules === undefined ? () => true : isOfRules(rules);
  return (entry) =>
    (types?.includes(entry.type) ?? true) && isSelected(entry.subject, which) && isOfRule(entry);
}
