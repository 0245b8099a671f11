/** One session among many: its screen in miniature, what it is called, what it is doing. */
import type { ComponentChildren } from 'preact';
import { now } from '../look/clock.ts';
import { inWords } from '../look/durations.ts';
import { IconButton } from '../look/icons.tsx';
import { Miniature } from '../miniatures/miniature.tsx';
import { usePage } from '../page.ts';
import { RecordingSign } from '../recordings/recording-sign.tsx';
import { addressOf } from '../route.ts';
import { AttachedSign } from '../sessions/attached-sign.tsx';
import { dismiss, runAgain } from '../sessions/ending.ts';
import type { Session } from '../sessions/session.ts';
import { exitInWords, type State, stateOf } from '../sessions/state.ts';
import { lastCard, selected, sorting, toggleSelected } from './arrangement.ts';

export function Card({ session }: { session: Session }) {
  const { kills } = usePage();
  const { id, name, command, title, tags } = session;
  return (
    <article
      class="card"
      data-session={name}
      data-doomed={kills.isPlanned(id)}
      data-selected={selected.value.has(id)}
      aria-labelledby={`name-${id}`}
    >
      <Opener session={session}>
        <Miniature id={id} />
      </Opener>
      <div class="card-text">
        <h3 id={`name-${id}`} class="card-name">
          {name}
        </h3>
        <ActivityLine session={session} />
        <p class="card-about">
          <RecordingSign id={id} />
          <AttachedSign id={id} />
          <span class="card-command" title={command}>
            {title || command}
          </span>
          {furtherTags(tags).map((tag) => (
            <span class="tag" key={tag}>
              {tag}
            </span>
          ))}
        </p>
      </div>
      <Selector session={session} />
      <div class="card-actions">
        <SessionActions session={session} />
      </div>
    </article>
  );
}

/** The same in one line. */
export function Row({ session }: { session: Session }) {
  const { kills, waiting } = usePage();
  const { id, name, command, title, tags, size } = session;
  return (
    <li
      class="row"
      data-session={name}
      data-doomed={kills.isPlanned(id)}
      data-selected={selected.value.has(id)}
    >
      <Selector session={session} />
      <Opener session={session}>
        <span class="card-name">{name}</span>
      </Opener>
      <ActivityLine session={session} />
      <span class="row-tags">
        <RecordingSign id={id} />
        <AttachedSign id={id} />
        {furtherTags(tags).map((tag) => (
          <span class="tag" key={tag}>
            {tag}
          </span>
        ))}
      </span>
      <span class="card-command" title={command}>
        {waiting.attention(id).lines.at(-1) ?? (title || command)}
      </span>
      <span class="muted row-size">
        {size.cols} × {size.rows}
      </span>
      <div class="row-actions">
        <SessionActions session={session} />
      </div>
    </li>
  );
}

/** The first one is the name of its group, where there are groups. */
function furtherTags(tags: readonly string[]): readonly string[] {
  return sorting.value === 'tag' ? tags.slice(1) : tags;
}

function Opener({ session, children }: { session: Session; children: ComponentChildren }) {
  const { id, name, command } = session;
  return (
    <a
      class="card-open"
      href={addressOf(id)}
      data-card={id}
      aria-label={`Open ${name}: ${command}`}
      onFocus={() => {
        lastCard.value = id;
      }}
    >
      {children}
    </a>
  );
}

function Selector({ session: { id, name } }: { session: Session }) {
  return (
    <input
      type="checkbox"
      class="selector"
      aria-label={`Select ${name}`}
      checked={selected.value.has(id)}
      onChange={() => toggleSelected(id)}
    />
  );
}

function SessionActions({ session }: { session: Session }) {
  const page = usePage();
  const { dialogs, kills, link } = page;
  const { id, name } = session;
  if (link.isReadOnly.value) return null;
  if (session.state === 'exited') {
    return (
      <>
        <IconButton icon="again" label={`Run ${name} again`} onClick={() => void runAgain(page, session)} />
        <IconButton
          icon="check"
          label={`Dismiss ${name}`}
          hint="x"
          onClick={() => void dismiss(page, [id])}
        />
      </>
    );
  }
  return (
    <>
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
        disabled={kills.isPlanned(id)}
        onClick={() => kills.plan(session)}
      />
    </>
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
