/** All sessions at a glance, and what needs a person beside them. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../look/icons.tsx';
import { usePage } from '../page.ts';
import { dismiss } from '../sessions/ending.ts';
import { type ArrangedGroup, arranged } from './arranged.ts';
import { filter, isHistoryShown, lastCard, tileSize, view } from './arrangement.ts';
import { ArrangementBar } from './arrangement-bar.tsx';
import { Card, Row } from './card.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { WaitingPanel } from './waiting-panel.tsx';

const GAP = 14;

export function Overview() {
  const page = usePage();
  const { sessions, dialogs, link } = page;
  const groups = useComputed(() => arranged(page));
  const all = sessions.all.value;
  useFocusKept();
  return (
    <div class="overview">
      <main class="groups" id="sessions" aria-busy={all === undefined}>
        <h1 class="for-screen-readers">Sessions</h1>
        {all === undefined && (
          <p class="empty muted" role="status">
            Loading…
          </p>
        )}
        {all?.length === 0 && (
          <div class="empty">
            <h2>
              {sessions.unreachable.value.length > 0
                ? 'No session on a host that answers'
                : 'No sessions yet'}
            </h2>
            {link.isReadOnly.value ? (
              <p>Those that this login may see are shown here.</p>
            ) : (
              <>
                <p>
                  Start one here, or with <code>pilotty spawn</code> where the daemon runs.
                </p>
                <button type="button" class="button primary" onClick={() => dialogs.open({ kind: 'new' })}>
                  <Icon name="plus" /> New session
                </button>
              </>
            )}
          </div>
        )}
        {all !== undefined && all.length > 0 && <ArrangementBar />}
        {all !== undefined && all.length > 0 && groups.value.length === 0 && (
          <p class="empty" role="status">
            No session fits “{filter.value}”.
          </p>
        )}
        {view.value === 'tiles' ? <Tiles groups={groups.value} /> : <List groups={groups.value} />}
        <SelectionBar />
      </main>
      <div class="panels">
        <WaitingPanel />
        {isHistoryShown.value && <HistoryPanel />}
      </div>
    </div>
  );
}

/** All on one grid, without a gap: a group goes on in the row where the one before has ended. */
function Tiles({ groups }: { groups: readonly ArrangedGroup[] }) {
  const place = useRef<HTMLDivElement>(null);
  const columns = useSignal(1);
  const width = useSignal(0);
  useLayoutEffect(() => {
    if (place.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      width.value = entry?.contentRect.width ?? 0;
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [width]);
  // A phone has two in a row, whatever was chosen on a larger one.
  const tile = Math.min(tileSize.value, Math.max(150, (width.value - GAP) / 2));
  columns.value = Math.max(1, Math.floor((width.value + GAP) / (tile + GAP)));
  const style = { gridTemplateColumns: `repeat(${columns.value}, minmax(0, 1fr))`, columnGap: `${GAP}px` };
  return (
    <div class="tiles" ref={place} style={style}>
      {groups.map((group) => (
        <section class="group" key={group.key} aria-label={group.title ?? 'Sessions'}>
          {group.isEnded && <GroupHead group={group} />}
          {group.sessions.map((session, index) => (
            <div
              class="cell"
              key={session.id}
              // Only a row in which a group begins has room for its name: tiles stand at the bottom of theirs.
              data-headed={index === 0 && group.title !== undefined && !group.isEnded}
            >
              {index === 0 && !group.isEnded && <GroupHead group={group} />}
              <Card session={session} />
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function List({ groups }: { groups: readonly ArrangedGroup[] }) {
  return (
    <>
      {groups.map((group) => (
        <section class="list" key={group.key} aria-label={group.title ?? 'Sessions'}>
          <GroupHead group={group} />
          <ol class="rows">
            {group.sessions.map((session) => (
              <Row key={session.id} session={session} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

function GroupHead({ group: { title, sessions, isEnded } }: { group: ArrangedGroup }) {
  const page = usePage();
  if (title === undefined) return null;
  return (
    <div class="group-head">
      <h2 class="group-name">
        {title} <span class="count">{sessions.length}</span>
      </h2>
      {isEnded && !page.link.isReadOnly.value && (
        <button
          type="button"
          class="button quiet"
          onClick={() =>
            void dismiss(
              page,
              sessions.map(({ id }) => id),
            )
          }
        >
          Dismiss all
        </button>
      )}
    </div>
  );
}

/** Who comes back from a session is on the card that led to it. */
function useFocusKept(): void {
  useEffect(() => {
    const id = lastCard.peek();
    if (id === undefined || document.activeElement !== document.body) return;
    const card = document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: 'nearest' });
  }, []);
}
