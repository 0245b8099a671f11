/** What can be done with the selected sessions, all at once. */
import { usePage } from '../page.ts';
import { MAX_SIDE_BY_SIDE } from '../route.ts';
import { dismiss } from '../sessions/ending.ts';
import { selected } from './arrangement.ts';

export function SelectionBar() {
  const page = usePage();
  const { sessions, kills, route, dialogs, link } = page;
  const chosen = (sessions.all.value ?? []).filter(({ id }) => selected.value.has(id));
  if (chosen.length === 0) return null;
  const ids = chosen.map(({ id }) => id);
  const running = chosen.filter(({ state }) => state === 'running');
  const mayChange = !link.isReadOnly.value;
  const ended = chosen.filter(({ state }) => state === 'exited');
  const clear = () => {
    selected.value = new Set();
  };
  return (
    <div class="selection" role="toolbar" aria-label="Selected sessions">
      <strong role="status">{chosen.length} selected</strong>
      {chosen.length > 1 && (
        <button
          type="button"
          class="button primary"
          disabled={chosen.length > MAX_SIDE_BY_SIDE}
          title={`Up to ${MAX_SIDE_BY_SIDE} sessions`}
          onClick={() => route.openSessions(ids)}
        >
          Open side by side
        </button>
      )}
      {mayChange && running.length > 0 && (
        <>
          <button
            type="button"
            class="button"
            onClick={() => dialogs.open({ kind: 'tag-many', sessions: running })}
          >
            Tag
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              for (const session of running) kills.plan(session);
              clear();
            }}
          >
            Kill {running.length}
          </button>
        </>
      )}
      {mayChange && ended.length > 0 && (
        <button
          type="button"
          class="button"
          onClick={() => {
            void dismiss(
              page,
              ended.map(({ id }) => id),
            );
            clear();
          }}
        >
          Dismiss {ended.length}
        </button>
      )}
      <button type="button" class="button quiet" onClick={clear}>
        Clear selection
      </button>
    </div>
  );
}
