/** One session full size: to watch, and to take over. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { isVisible } from '../look/clock.ts';
import { Icon, IconButton } from '../look/icons.tsx';
import { isReadAloud } from '../look/preferences.ts';
import { minimumContrast, terminalTheme } from '../look/terminal-themes.ts';
import { ActivityLine } from '../overview/card.tsx';
import { usePage } from '../page.ts';
import { exitInWords } from '../sessions/state.ts';
import { KeyBar } from './key-bar.tsx';
import { openSession } from './open-session.ts';
import { SearchBar } from './search-bar.tsx';
import type { Size, TerminalView } from './terminal-view.ts';

export function SessionPage({ id }: { id: string }) {
  const page = usePage();
  const { sessions, waiting, dialogs, kills, route, link, notices, open } = page;
  const place = useRef<HTMLDivElement>(null);
  const view = useSignal<TerminalView | undefined>(undefined);
  const size = useSignal<Size | undefined>(undefined);
  const isGone = useSignal(false);
  const session = sessions.find(id);
  const name = sessions.nameOf(id);

  useEffect(() => {
    if (place.current === null) return;
    const opened = openSession(page, id, place.current, {
      opened: (it) => {
        view.value = it;
      },
      resized: (it) => {
        size.value = it;
      },
      gone: () => {
        isGone.value = true;
      },
    });
    return () => opened.close();
  }, [page, id, view, size, isGone]);

  useSignalEffect(() => view.value?.setTheme(terminalTheme.value, minimumContrast.value));
  useSignalEffect(() => view.value?.setReadAloud(isReadAloud.value));
  // An open session counts as seen, while somebody may be looking.
  useSignalEffect(() => {
    waiting.attention(id);
    if (isVisible.value) waiting.saw(id);
  });
  useSignalEffect(() => {
    document.title = `${sessions.nameOf(id)} · pilotty`;
  });

  const press = (keys: string) => {
    link.request('session.key', { session: id, keys }).catch((error) => notices.tellError(error));
    view.value?.focus();
  };
  const others = waiting.queue.value.filter(({ session: other }) => other.id !== id);
  const sizeInWords = size.value === undefined ? '' : `${size.value.cols} × ${size.value.rows}`;
  const isRunning = session?.state === 'running';

  return (
    <main class="session" aria-labelledby="session-name">
      <header class="bar">
        <IconButton
          icon="back"
          label="All sessions"
          hint="Ctrl+Shift+E"
          onClick={() => route.openOverview()}
        />
        <div class="session-facts">
          <h1 id="session-name" class="session-name">
            {name}
          </h1>
          {session !== undefined && <ActivityLine session={session} />}
          <span class="muted session-command">{session?.title || session?.command}</span>
        </div>
        <div class="bar-actions">
          {others.length > 0 && (
            <button
              type="button"
              class="button waiting-button"
              title="Next session that needs you (Ctrl+Shift+X)"
              onClick={() => route.openSession(others[0]?.session.id ?? id)}
            >
              {others.length} more <Icon name="next" />
            </button>
          )}
          <button
            type="button"
            class="button fit"
            aria-pressed={open.isFitted.value}
            aria-label={`${sizeInWords}: give the terminal the size of this window`}
            title="Give the terminal the size of this window"
            disabled={!isRunning}
            onClick={() => {
              open.isFitted.value = !open.isFitted.value;
              view.value?.focus();
            }}
          >
            <Icon name="fit" />
            <span class="muted">{sizeInWords}</span>
          </button>
          <IconButton
            icon="search"
            label="Search"
            hint="Ctrl+Shift+F"
            aria-pressed={open.isSearched.value}
            onClick={() => {
              open.isSearched.value = !open.isSearched.value;
            }}
          />
          <IconButton
            icon="copy"
            label="Copy selection"
            hint="Ctrl+Shift+C"
            disabled={view.value?.hasSelection.value !== true}
            onClick={() => void open.copySelection()}
          />
          {session !== undefined && isRunning && (
            <>
              <IconButton
                icon="pencil"
                label="Rename"
                onClick={() => dialogs.open({ kind: 'rename', session })}
              />
              <IconButton icon="tag" label="Tags" onClick={() => dialogs.open({ kind: 'tags', session })} />
              <IconButton
                icon="kill"
                label={`Kill ${name}`}
                class="dangerous"
                disabled={kills.isPlanned(id)}
                onClick={() => kills.plan(session)}
              />
            </>
          )}
          <IconButton
            icon="command"
            label="Commands"
            hint="Ctrl+Shift+K"
            onClick={() => dialogs.open({ kind: 'palette' })}
          />
        </div>
      </header>
      {open.isSearched.value && view.value !== undefined && (
        <SearchBar
          view={view.value}
          close={() => {
            open.isSearched.value = false;
            view.value?.focus();
          }}
        />
      )}
      {isGone.value && (
        <div class="session-note" role="status">
          This session is no more. <a href="#/">All sessions</a>
        </div>
      )}
      {session?.state === 'exited' && (
        <div class="session-note" role="status" data-failed={session.exit?.success === false}>
          The program has {exitInWords(session.exit).replace(/^ended/, 'been ended')}. This is its last
          screen.
        </div>
      )}
      {/* Not drawn again by this page: what is in there belongs to the terminal. */}
      <div class="terminal-frame">
        <div ref={place} class="terminal-place" data-session={name} />
      </div>
      <p class="link-target" aria-live="off">
        {view.value?.link.value}
      </p>
      {isRunning && <KeyBar press={press} />}
    </main>
  );
}
