/** The other sessions, beside the open ones: to look at, to change to, to put beside. */
import { IconButton } from '../look/icons.tsx';
import { Miniature } from '../miniatures/miniature.tsx';
import { ActivityLine } from '../overview/card.tsx';
import { usePage } from '../page.ts';
import { addressOf, MAX_SIDE_BY_SIDE } from '../route.ts';
import { LEVELS } from '../sessions/attention.ts';

export function Sidebar({ ids }: { ids: readonly string[] }) {
  const { sessions, waiting, route } = usePage();
  const urgency = (id: string) => LEVELS.indexOf(waiting.level(id));
  const running = (sessions.all.value ?? [])
    .filter(({ id, state }) => state === 'running' || urgency(id) < LEVELS.length - 1)
    .map((session, index) => ({ session, index }))
    .sort((one, other) => urgency(one.session.id) - urgency(other.session.id) || one.index - other.index);
  return (
    <nav class="sidebar" aria-label="Sessions">
      <ol>
        {running.map(({ session }) => {
          const { id, name } = session;
          const isShown = ids.includes(id);
          return (
            <li key={id} class="side" data-level={waiting.level(id)}>
              <a class="side-open" href={addressOf(id)} aria-current={isShown ? 'page' : undefined}>
                <Miniature id={id} />
                <span class="card-name">{name}</span>
                <ActivityLine session={session} />
              </a>
              <IconButton
                icon={isShown ? 'close' : 'plus'}
                label={isShown ? `Close ${name}` : `Open ${name} beside`}
                disabled={!isShown && ids.length >= MAX_SIDE_BY_SIDE}
                onClick={() =>
                  route.openSessions(isShown ? ids.filter((other) => other !== id) : [...ids, id])
                }
              />
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
