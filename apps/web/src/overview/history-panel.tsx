/** What has happened since the page was opened. */
import { usePage } from '../page.ts';
import { addressOf } from '../route.ts';
import type { SessionEvent } from '../sessions/session.ts';
import { exitInWords } from '../sessions/state.ts';

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

export function HistoryPanel() {
  const { history } = usePage();
  const entries = history.entries.value;
  return (
    <aside class="panel history" aria-labelledby="history-title">
      <div class="panel-head">
        <h2 id="history-title">Events</h2>
      </div>
      {entries.length === 0 && <p class="muted">Nothing has happened since this page was opened.</p>}
      <ol class="history-list">
        {entries.map(({ key, at, event }) => (
          <li key={key}>
            <time dateTime={event.occurred_at}>{CLOCK.format(at)}</time>
            <span>
              {event.session_id !== undefined && <a href={addressOf(event.session_id)}>{event.session}</a>}{' '}
              {happened(event)}
            </span>
          </li>
        ))}
      </ol>
    </aside>
  );
}

function happened(event: SessionEvent): string {
  switch (event.type) {
    case 'spawned':
      return `started: ${event.argv?.join(' ') ?? ''}`;
    case 'idle':
      return 'became idle';
    case 'bell':
      return 'rang the bell';
    case 'notification':
      return [event.title, event.body].filter(Boolean).join(': ');
    case 'command_finished':
      return `finished ${event.command ?? 'a command'}${event.exit_code ? ` with ${event.exit_code}` : ''}`;
    case 'resized':
      return `is now ${event.size?.cols} × ${event.size?.rows}`;
    case 'renamed':
      return `was ${event.previous_name}`;
    case 'tagged':
      return event.tags?.length ? `has the tags ${event.tags.join(', ')}` : 'has no tags any more';
    case 'exited':
      return exitInWords(event.exit);
    case 'missed':
      return 'Some events were missed.';
    default:
      return event.type;
  }
}
