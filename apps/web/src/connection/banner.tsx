/** Says that what is shown may be old, what is done about it, and what was lost meanwhile. */
import { IconButton } from '../look/icons.tsx';
import { usePage } from '../page.ts';

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' });

export function Banner() {
  const { link } = usePage();
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
