/** All sessions at a glance, by tag, with who waits beside them. */
import { useComputed } from '@preact/signals';
import { Icon } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import { groupsOf, matching } from '../sessions/groups.ts';
import { filter, isHistoryShown } from './arrangement.ts';
import { Card } from './card.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { WaitingPanel } from './waiting-panel.tsx';

export function Overview() {
  const { sessions, dialogs } = usePage();
  const shown = useComputed(() => matching(sessions.all.value ?? [], filter.value));
  const all = sessions.all.value;
  return (
    <div class="overview">
      <main class="groups" id="sessions" aria-busy={all === undefined}>
        <h1 class="for-screen-readers">Sessions</h1>
        {all?.length === 0 && (
          <div class="empty">
            <h2>No sessions yet</h2>
            <p>
              Start one here, or with <code>pilotty spawn</code> where the daemon runs.
            </p>
            <button type="button" class="button primary" onClick={() => dialogs.open({ kind: 'new' })}>
              <Icon name="plus" /> New session
            </button>
          </div>
        )}
        {all !== undefined && all.length > 0 && shown.value.length === 0 && (
          <p class="empty" role="status">
            No session fits “{filter.value}”.
          </p>
        )}
        {groupsOf(shown.value).map((group) => (
          <section class="group" key={group.tag ?? ''} aria-label={group.tag ?? 'No tag'}>
            <h2 class="group-name">
              {group.tag ?? 'No tag'} <span class="count">{group.sessions.length}</span>
            </h2>
            <div class="cards">
              {group.sessions.map((session) => (
                <Card key={session.id} session={session} />
              ))}
            </div>
          </section>
        ))}
      </main>
      <div class="panels">
        <WaitingPanel />
        {isHistoryShown.value && <HistoryPanel />}
      </div>
    </div>
  );
}
