/** One session's terminal, alone or beside others, with what there is to say about it. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { isVisible } from '../look/clock.ts';
import { Icon, IconButton } from '../look/icons.tsx';
import { isReadAloud } from '../look/preferences.ts';
import { minimumContrast, terminalTheme } from '../look/terminal-themes.ts';
import { ActivityLine } from '../overview/card.tsx';
import { usePage } from '../page.ts';
import { RecordingSign } from '../recordings/recording-sign.tsx';
import { AttachedSign } from '../sessions/attached-sign.tsx';
import { dismiss, runAgain } from '../sessions/ending.ts';
import { exitInWords } from '../sessions/state.ts';
import { KeyboardNote } from './keyboard-note.tsx';
import { openSession } from './open-session.ts';
import { QuestionNote } from './question-note.tsx';
import { SearchBar } from './search-bar.tsx';

export function Pane({ id, isAlone, close }: { id: string; isAlone: boolean; close(): void }) {
  const page = usePage();
  const { sessions, waiting, open, route, link } = page;
  const isReadOnly = link.isReadOnly.value;
  const place = useRef<HTMLDivElement>(null);
  const pane = useMemo(() => open.begin(id), [open, id]);
  const session = sessions.find(id);
  const name = sessions.nameOf(id);
  const view = pane.view.value;
  const isRunning = session?.state === 'running';
  const isFocused = open.current.value === pane;

  useEffect(() => {
    if (place.current === null) return;
    const opened = openSession(page, pane, place.current);
    return () => {
      opened.close();
      open.end(id);
    };
  }, [page, pane, open, id]);
  useSignalEffect(() => pane.view.value?.setTheme(terminalTheme.value, minimumContrast.value));
  useSignalEffect(() => pane.view.value?.setReadAloud(isReadAloud.value));
  // An open session counts as seen, while somebody may be looking.
  useSignalEffect(() => {
    waiting.attention(id);
    if (isVisible.value) waiting.saw(id);
  });

  const { cols, rows } = pane.size.value ?? {};
  const offersFit = isRunning && pane.isTyped.value && !pane.isFitted.value && isFocused;
  return (
    <section class="pane" data-focused={isFocused && !isAlone} aria-label={name}>
      {!isAlone && (
        <header class="pane-head">
          <button type="button" class="pane-name" onClick={() => open.focus(id)}>
            {name}
          </button>
          {session !== undefined && <ActivityLine session={session} />}
          <RecordingSign id={id} />
          <AttachedSign id={id} />
          <IconButton icon="fit" label={`Only ${name}`} onClick={() => route.openSession(id)} />
          <IconButton icon="close" label={`Close ${name}`} onClick={close} />
        </header>
      )}
      {pane.isGone.value && (
        <div class="session-note" role="status">
          This session is no more. <a href="#/">All sessions</a>
        </div>
      )}
      {pane.problem.value !== undefined && (
        <div class="session-note" role="alert" data-failed="true">
          {pane.problem.value}{' '}
          <button type="button" class="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      )}
      {session?.state === 'exited' && (
        <div class="session-note" role="status" data-failed={session.exit?.success === false}>
          <span>
            The program has {exitInWords(session.exit).replace(/^(ended|killed)/, 'been $1')}. This is its
            last screen.
          </span>
          {!isReadOnly && (
            <>
              <button type="button" class="button" onClick={() => void runAgain(page, session)}>
                <Icon name="again" /> Run again
              </button>
              <button
                type="button"
                class="button quiet"
                onClick={() => {
                  close();
                  void dismiss(page, [id]);
                }}
              >
                Dismiss
              </button>
            </>
          )}
        </div>
      )}
      {isRunning && <KeyboardNote id={id} />}
      {session?.questions?.map((question) => (
        <QuestionNote key={question.question} id={id} question={question} />
      ))}
      {/* Not drawn again by this page: what is in there belongs to the terminal. */}
      <div class="terminal-frame">
        <div ref={place} class="terminal-place" data-session={name} />
        {view === undefined && !pane.isGone.value && pane.problem.value === undefined && (
          <p class="terminal-loading muted" role="status">
            Loading the terminal…
          </p>
        )}
        {open.isSearched.value && isFocused && view !== undefined && (
          <SearchBar
            view={view}
            close={() => {
              open.isSearched.value = false;
              view.focus();
            }}
          />
        )}
        {view?.hasSelection.value === true && (
          <div class="touch-copy">
            <button
              type="button"
              class="button primary"
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => void open.copySelection().then(() => view.clearSelection())}
            >
              <Icon name="copy" /> Copy
            </button>
          </div>
        )}
        {offersFit && (
          <div class="fit-offer">
            <button
              type="button"
              class="button"
              onClick={() => {
                pane.isFitted.value = true;
                view?.focus();
              }}
            >
              <Icon name="fit" /> {cols} × {rows}: fit to this window
            </button>
          </div>
        )}
      </div>
      <p class="link-target" aria-live="off">
        {view?.link.value}
      </p>
    </section>
  );
}
