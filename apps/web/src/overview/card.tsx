/** One session among many: its screen in miniature, what it is called, what it is doing. */

import { now } from '../look/clock.ts';
import { inWords } from '../look/durations.ts';
import { IconButton } from '../look/icons.tsx';
import { Miniature } from '../miniatures/miniature.tsx';
import { usePage } from '../page.ts';
import { addressOf } from '../route.ts';
import type { Session } from '../sessions/session.ts';
import { exitInWords, type State, stateOf } from '../sessions/state.ts';

export function Card({ session }: { session: Session }) {
  const { dialogs, kills } = usePage();
  const { id, name, command, title, tags } = session;
  const isDoomed = kills.isPlanned(id);
  const isRunning = session.state === 'running';
  return (
    <article class="card" data-session={name} data-doomed={isDoomed} aria-labelledby={`name-${id}`}>
      <a class="card-open" href={addressOf(id)} data-card={id} aria-label={`Open ${name}: ${command}`}>
        <Miniature id={id} />
      </a>
      <div class="card-text">
        <h3 id={`name-${id}`} class="card-name">
          {name}
        </h3>
        <ActivityLine session={session} />
        <p class="card-about">
          <span class="card-command" title={command}>
            {title === '' ? command : title}
          </span>
          {tags.slice(1).map((tag) => (
            <span class="tag" key={tag}>
              {tag}
            </span>
          ))}
        </p>
      </div>
      {isRunning && (
        <div class="card-actions">
          <IconButton
            icon="pencil"
            label={`Rename ${name}`}
            hint="r"
            onClick={() => dialogs.open({ kind: 'rename', session })}
          />
          <IconButton
            icon="tag"
            label={`Tags of ${name}`}
            hint="t"
            onClick={() => dialogs.open({ kind: 'tags', session })}
          />
          <IconButton
            icon="kill"
            label={`Kill ${name}`}
            hint="x"
            class="dangerous"
            disabled={isDoomed}
            onClick={() => kills.plan(session)}
          />
        </div>
      )}
    </article>
  );
}

const WORDS: Record<State, string> = {
  working: 'working',
  idle: 'idle',
  asks: 'waits for you',
  finished: 'finished',
  failed: 'failed',
  killed: 'killed',
  lost: 'ended',
};

/** A component of its own: it is drawn each second, and the card need not be. */
export function ActivityLine({ session }: { session: Session }) {
  const { activity, waiting } = usePage();
  const { id } = session;
  const quietMs = now.value - activity.lastActive(id).value;
  const level = waiting.level(id);
  const state = stateOf(session, { level, isStill: activity.isStill(id), quietMs });
  const words = session.state === 'exited' ? exitInWords(session.exit) : WORDS[state];
  return (
    <span class="activity" data-activity={state} data-level={level}>
      <span class="activity-dot" aria-hidden="true" />
      {words}
      {state !== 'working' && state !== 'lost' && <span class="activity-time"> · {inWords(quietMs)}</span>}
    </span>
  );
}
