/** Says that what is shown may be old, what is done about it, and what was lost meanwhile. */
import { IconButton } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import type { Unreachable } from '../sessions/session.ts';

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' });

/** Of the sessions of a host that does not answer. */
const NAMED = 5;

export function Banner() {
  const { link, sessions } = usePage();
  const state = link.state.value;
  const restart = link.restart.value;
  return (
    <div role="status" class="banner-place">
      {state.kind === 'offline' && state.isStopped && (
        <p class="banner">
          <span>
            <strong>The daemon was stopped.</strong> Its sessions have ended.
          </span>
          {!link.isReadOnly.value && (
            <button type="button" class="button" onClick={() => link.startDaemon()}>
              Start it
            </button>
          )}
        </p>
      )}
      {state.kind === 'offline' && !state.isStopped && (
        <p class="banner">
          <span class="banner-spinner" aria-hidden="true" />
          <span>
            <strong>Reconnecting.</strong> {state.reason}
          </span>
          <button type="button" class="button" onClick={() => link.retry()}>
            Try now
          </button>
        </p>
      )}
      {state.kind === 'online' &&
        sessions.unreachable.value.map((host) => <HostBanner key={host.host} host={host} />)}
      {state.kind === 'online' && restart !== undefined && (
        <p class="banner">
          <span>
            <strong>The daemon was restarted at {CLOCK.format(Date.parse(restart.startedAt))}.</strong>{' '}
            {restart.lost === 1 ? '1 session' : `${restart.lost} sessions`} went with the one before.
          </span>
          <IconButton
            icon="close"
            label="Dismiss"
            onClick={() => {
              link.restart.value = undefined;
            }}
          />
        </p>
      )}
    </div>
  );
}

/** What it has is not in the overview, and that is no end of it. */
function HostBanner({ host: { host, reason, last_seen, last_sessions: known } }: { host: Unreachable }) {
  const names = known.slice(0, NAMED).map(({ name }) => name);
  const more = known.length > NAMED ? ` and ${known.length - NAMED} more` : '';
  return (
    <p class="banner" title={reason}>
      <span>
        <strong>{host} does not answer.</strong> Last heard of at {CLOCK.format(Date.parse(last_seen))},{' '}
        {names.length === 0 ? 'without a session.' : `with ${names.join(', ')}${more}.`}
      </span>
    </p>
  );
}
