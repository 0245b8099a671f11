/** One session full size, or up to six side by side or behind tabs: to watch, and to take over. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ReadOnly } from '../connection/read-only.tsx';
import { AllSessionsButton, CommandsButton } from '../look/bar-buttons.tsx';
import { Icon, IconButton } from '../look/icons.tsx';
import { isSidebarShown, isTabbed } from '../look/preferences.ts';
import { ActivityLine } from '../overview/card.tsx';
import { usePage } from '../page.ts';
import { RecordingSign } from '../recordings/recording-sign.tsx';
import { AttachedSign } from '../sessions/attached-sign.tsx';
import type { Session } from '../sessions/session.ts';
import { KeyBar } from './key-bar.tsx';
import { Pane } from './pane.tsx';
import { Sidebar } from './sidebar.tsx';

export function SessionPage({ ids }: { ids: readonly string[] }) {
  const page = usePage();
  const { sessions, waiting, route, link, notices, open } = page;
  const current = open.current.value;
  const id = current?.id ?? ids[0] ?? '';
  const session = sessions.find(id);
  const isAlone = ids.length === 1;

  useSignalEffect(() => {
    const shown = open.current.value?.id ?? ids[0] ?? '';
    const found = sessions.find(shown);
    const title = found?.title === undefined ? '' : ` · ${found.title}`;
    const count = waiting.urgentCount.value;
    document.title = `${count === 0 ? '' : `(${count}) `}${sessions.nameOf(shown)}${title} · pilotty`;
  });
  useLeavingAsked();

  const press = (keys: string) => {
    const view = open.view.peek();
    link.request('session.key', { session: id, keys }).catch((error) => notices.tellError(error));
    view?.focus();
  };
  const others = waiting.queue.value.filter((waiter) => !ids.includes(waiter.session.id));
  return (
    <div class="session-layout">
      {isSidebarShown.value && <Sidebar ids={ids} />}
      <main class="session" aria-labelledby="session-name">
        <header class="bar">
          <AllSessionsButton />
          <IconButton
            icon="sidebar"
            label="Sessions beside"
            aria-pressed={isSidebarShown.value}
            onClick={() => {
              isSidebarShown.value = !isSidebarShown.value;
            }}
          />
          <Facts id={id} session={session} isShort={!isAlone} />
          <div class="bar-actions">
            {others[0] !== undefined && (
              <button
                type="button"
                class="button waiting-button"
                data-level={others[0].attention.level}
                title={`Next session that needs you: ${others[0].session.name} (Ctrl+Shift+X)`}
                onClick={() => route.openSession(others[0]?.session.id ?? id)}
              >
                {others.length} more <Icon name="next" />
              </button>
            )}
            {!isAlone && (
              <IconButton
                icon={isTabbed.value ? 'tiles' : 'rows'}
                label={isTabbed.value ? 'Show side by side' : 'Show as tabs'}
                onClick={() => {
                  isTabbed.value = !isTabbed.value;
                }}
              />
            )}
            <SessionTools id={id} session={session} />
          </div>
        </header>
        {!isAlone && <Tabs ids={ids} />}
        <div class="panes" data-count={ids.length} data-tabbed={isTabbed.value && !isAlone}>
          {ids.map((each) => (
            <Pane
              key={each}
              id={each}
              isAlone={isAlone}
              close={() => route.openSessions(ids.filter((other) => other !== each))}
            />
          ))}
        </div>
        {session?.state === 'running' && !link.isReadOnly.value && <KeyBar press={press} />}
      </main>
    </div>
  );
}

function Facts({ id, session, isShort }: { id: string; session: Session | undefined; isShort: boolean }) {
  const { sessions } = usePage();
  const { tags = [], cwd, pid, created_at: since } = session ?? {};
  const about = [
    cwd,
    pid !== undefined && `pid ${pid}`,
    since && `since ${new Date(since).toLocaleString()}`,
  ];
  return (
    <div class="session-facts" title={about.filter(Boolean).join('\n')}>
      <h1 id="session-name" class="session-name">
        {sessions.nameOf(id)}
      </h1>
      {session !== undefined && <ActivityLine session={session} />}
      {!isShort && (
        <>
          <RecordingSign id={id} />
          <AttachedSign id={id} />
          {tags.map((tag) => (
            <span class="tag" key={tag}>
              {tag}
            </span>
          ))}
          <span class="muted session-command">{session?.title || session?.command}</span>
          <span class="muted session-directory">{cwd}</span>
        </>
      )}
    </div>
  );
}

/** What can be done with the session that has the keys. */
function SessionTools({ id, session }: { id: string; session: Session | undefined }) {
  const { open, dialogs, kills, link } = usePage();
  const isReadOnly = link.isReadOnly.value;
  const pane = open.pane(id);
  const view = pane?.view.value;
  const { cols, rows } = pane?.size.value ?? {};
  const isRunning = session?.state === 'running';
  const sizeInWords = cols === undefined ? '' : `${cols} × ${rows}`;
  return (
    <>
      <button
        type="button"
        class="button fit"
        aria-pressed={pane?.isFitted.value ?? false}
        aria-label={`${sizeInWords}: give the terminal the size of this window`}
        title="Give the terminal the size of this window"
        disabled={!isRunning || isReadOnly}
        onClick={() => {
          if (pane !== undefined) pane.isFitted.value = !pane.isFitted.value;
          view?.focus();
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
        disabled={view?.hasSelection.value !== true}
        onClick={() => void open.copySelection()}
      />
      <IconButton
        icon="record"
        label="Recordings"
        onClick={() => dialogs.open({ kind: 'recordings', session: { id, name: session?.name ?? id } })}
      />
      {isReadOnly && <ReadOnly />}
      {session !== undefined && isRunning && !isReadOnly && (
        <>
          <IconButton
            icon="pencil"
            label="Rename"
            onClick={() => dialogs.open({ kind: 'rename', session })}
          />
          <IconButton icon="tag" label="Tags" onClick={() => dialogs.open({ kind: 'tags', session })} />
          <IconButton
            icon="kill"
            label={`Kill ${session.name}`}
            class="dangerous"
            disabled={kills.isPlanned(id)}
            onClick={() => kills.plan(session)}
          />
        </>
      )}
      <CommandsButton shortcut="Ctrl+Shift+K" />
    </>
  );
}

function Tabs({ ids }: { ids: readonly string[] }) {
  const { sessions, waiting, open } = usePage();
  return (
    <nav class="tabs" aria-label="Open sessions">
      {ids.map((id) => (
        <button
          type="button"
          class="tab"
          key={id}
          data-level={waiting.level(id)}
          aria-current={open.current.value?.id === id ? 'true' : undefined}
          onClick={() => open.focus(id)}
        >
          {sessions.nameOf(id)}
        </button>
      ))}
    </nav>
  );
}

/** Ctrl+W is "delete a word" in what runs here, and closes the tab in a browser: it asks first. */
function useLeavingAsked(): void {
  const { open, sessions } = usePage();
  const isTyped = useSignal(false);
  useSignalEffect(() => {
    const { current } = open;
    const isRunning = sessions.find(current.value?.id ?? '')?.state === 'running';
    isTyped.value = isRunning && (current.value?.isTyped.value ?? false);
  });
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isTyped.peek()) event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isTyped]);
}
