/** The conditions `text` and `regex` of one stream: what a program without a terminal has written to it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Stream } from '../pty/stream-marks.ts';
import type { Finder } from '../search/finders.ts';
import { LONG_SEARCH_MS } from '../search/line-search.ts';
import { StreamSearch } from '../search/stream-search.ts';
import type { Session } from '../session/session.ts';
import type { Anchor, Awaited, Condition } from './condition.ts';

/** With `new`, or after an act: since the last input, which is never echoed; else all that is retained. */
export function written(
  name: 'text' | 'regex',
  session: Session,
  stream: Stream,
  finder: Finder,
  { new: onlyNew }: Awaited,
  { act }: Anchor,
): Condition {
  const input = act ?? session.acts.last;
  const isSinceInput = (act !== undefined || onlyNew) && input.seq !== 0;
  let search: StreamSearch | undefined;
  return {
    name,
    ask: () => {
      const from = isSinceInput ? input.outputOffset : 0;
      // Nothing has been written since.
      if (from === undefined) return {};
      search ??= new StreamSearch(session, stream, finder, from);
      const found = search.find();
      if (found === 'more') return { goOn: delay(LONG_SEARCH_MS) };
      return found === undefined ? {} : { holds: { since: session.times.drawn, match: found } };
    },
  };
}
