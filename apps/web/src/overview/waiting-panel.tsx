/** Who waits, longest first. It fills and empties by itself and never takes the focus. */
import { now } from '../look/clock.ts';
import { inWords } from '../look/durations.ts';
import { IconButton } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import { addressOf } from '../route.ts';

/** The rest is only counted: a longer list is not worked through from the top. */
const MAX_SHOWN = 30;

export function WaitingPanel() {
  const { waiting, sessions } = usePage();
  const queue = waiting.queue.value;
  return (
    <aside class="panel waiting" aria-labelledby="waiting-title">
      <div class="panel-head">
        <h2 id="waiting-title">
          <span role="status">
            {queue.length === 0 ? 'No session is waiting' : `${queue.length} waiting for you`}
          </span>
        </h2>
        {queue.length > 1 && (
          <button
            type="button"
            class="button quiet"
            onClick={() => waiting.saw(...queue.map(({ id }) => id))}
          >
            Clear all
          </button>
        )}
      </div>
      {queue.length === 0 && <p class="muted">Sessions that fall silent are listed here, longest first.</p>}
      <ol class="waiting-list">
        {queue.slice(0, MAX_SHOWN).map((session) => (
          <li key={session.id}>
            <a class="waiting-open" href={addressOf(session.id)}>
              <span class="waiting-text waiting-name">{session.name}</span>
              <span class="waiting-text muted">{session.title || session.command}</span>
            </a>
            <span class="waiting-time">{inWords(now.value - sessions.lastActive(session.id).value)}</span>
            <IconButton
              icon="check"
              label={`${session.name} needs nothing`}
              onClick={() => waiting.saw(session.id)}
            />
          </li>
        ))}
      </ol>
      {queue.length > MAX_SHOWN && <p class="muted">and {queue.length - MAX_SHOWN} more</p>}
    </aside>
  );
}
