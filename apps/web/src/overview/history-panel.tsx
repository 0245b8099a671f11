/** What has happened, as far as the daemon retains it; of the sessions that the filter names, where it does. */
import { usePage } from '../page.ts';
import { addressOf } from '../route.ts';
import type { SessionEvent } from '../sessions/session.ts';
import { exitInWords } from '../sessions/state.ts';
import { filter } from './arrangement.ts';

const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

export function HistoryPanel() {
  const { history } = usePage();
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const isShown = ({ session = '', tags = [] }: SessionEvent) =>
    words.every((word) => {
      if (word.startsWith('is:')) return true;
      if (word.startsWith('#')) return tags.some((tag) => tag.toLowerCase().includes(word.slice(1)));
      return [session, ...tags].some((text) => text.toLowerCase().includes(word));
    });
  const entries = history.entries.value.filter(({ event }) => isShown(event));
  return (
    <aside class="panel history" aria-labelledby="history-title">
      <div class="panel-head">
        <h2 id="history-title">Events</h2>
      </div>
      {entries.length === 0 && <p class="muted">Nothing has happened.</p>}
      <ol class="history-list">
        {entries.map(({ key, at, event }) => (
          <li key={key}>
            <time dateTime={event.occurred_at}>{timeInWords(at)}</time>
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

/** With its day, unless that is today. */
function timeInWords(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return isToday ? CLOCK.format(at) : `${DAY.format(at)} ${CLOCK.format(at)}`;
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
    case 'rule':
      return ruleInWords(event);
    case 'command_finished':
      return `finished ${event.command ?? 'a command'}${event.exit_code ? ` with ${event.exit_code}` : ''}`;
    case 'resized':
      return `is now ${event.size?.cols} × ${event.size?.rows}`;
    case 'keyboard_taken':
      return `keyboard taken by ${event.client}${event.taken_from ? ` from ${event.taken_from}` : ''}`;
    case 'keyboard_released':
      return `keyboard released by ${event.client}`;
    case 'hand_over':
      return `${event.client} hands over: ${event.message}`;
    case 'asked':
      return `${event.program ?? 'a program'} asks: ${event.prompt}`;
    case 'question_ended':
      return event.client === undefined
        ? `question ${event.reason?.replace('_', ' ')}`
        : `question ${event.reason} by ${event.client}`;
    case 'attached':
      return `${event.client} attached${event.read_only ? ', to look only' : ''}`;
    case 'detached':
      return `${event.client} detached`;
    case 'renamed':
      return `was ${event.previous_name}`;
    case 'tagged':
      return event.tags?.length ? `has the tags ${event.tags.join(', ')}` : 'has no tags any more';
    case 'restarting':
      return `${exitInWords(event.exit)}; is restarted in ${((event.delay_ms ?? 0) / 1000).toFixed(1)} s`;
    case 'restarted':
      return 'was restarted';
    case 'recording_started':
      return `is recorded into ${event.file}`;
    case 'recording_ended':
      return `recording ended: ${event.reason}`;
    case 'exited':
      return exitInWords(event.exit);
    case 'missed':
      return 'Some events were missed.';
    default:
      return event.type;
  }
}

function ruleInWords({ rule, fired, met = [], line, match_text: match, reason }: SessionEvent): string {
  if (fired === 'done') return `rule ${rule} is done: ${reason}`;
  const what = fired === 'met' ? (line ?? match ?? met.join(', ')) : fired === 'test' ? 'a test' : 'it ended';
  return `rule ${rule} fired: ${what}`;
}
