/** Says that what is shown may be old, and what is done about it. */
import { usePage } from '../page.ts';

export function Banner() {
  const { link } = usePage();
  const state = link.state.value;
  return (
    <div role="status" class="banner-place">
      {state.kind === 'offline' && (
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
    </div>
  );
}
