/** A recording, played in a terminal. */
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { CommandsButton } from '../look/bar-buttons.tsx';
import { Icon, IconButton } from '../look/icons.tsx';
import { minimumContrast, terminalTheme } from '../look/terminal-themes.ts';
import { usePage } from '../page.ts';
import { copyText } from '../session/copy-text.ts';
import { begunAt, clock, endInWords } from './facts.ts';
import { type OpenPlayer, openPlayer, type PlayerState } from './open-player.ts';
import type { Playback } from './playback.ts';
import { PlayerControls, Scrubber } from './player-controls.tsx';
import { listenForPlayerKeys } from './player-keys.ts';
import { isActive } from './recordings.ts';

export function Player({ file }: { file: string }) {
  const page = usePage();
  const { recordings, route } = page;
  const place = useRef<HTMLDivElement>(null);
  const state = useSignal<PlayerState>({ kind: 'loading' });
  const opened = useRef<OpenPlayer>(undefined);
  const recording = recordings.find(file);
  const name = recording?.session ?? file;

  useEffect(() => {
    if (place.current === null) return;
    const player = openPlayer(page, file, place.current, state);
    opened.current = player;
    return () => player.close();
  }, [page, file, state]);
  useEffect(() => listenForPlayerKeys(page, () => playbackOf(state)), [page, state]);
  useSignalEffect(() => {
    document.title = `Recording of ${recordings.find(file)?.session ?? file} · pilotty`;
  });
  useSignalEffect(() => {
    if (state.value.kind === 'ready') state.value.view.setTheme(terminalTheme.value, minimumContrast.value);
  });

  const found = state.value;
  return (
    <main class="player" aria-labelledby="player-name">
      <header class="bar">
        <IconButton icon="back" label="Recordings" onClick={() => route.openRecordings()} />
        <div class="session-facts" title={file}>
          <h1 id="player-name" class="session-name">
            {name}
          </h1>
          {recording !== undefined && (
            <span class="muted player-about">
              {begunAt(recording)} · {endInWords(recording)}
            </span>
          )}
          <span class="muted player-file">{file}</span>
        </div>
        <div class="bar-actions">
          {recording !== undefined && isActive(recording) && found.kind === 'ready' && (
            <button type="button" class="button" onClick={() => opened.current?.readOn()}>
              <Icon name="again" /> Read on
            </button>
          )}
          <CommandsButton shortcut="Ctrl+K" />
        </div>
      </header>
      {found.kind === 'failed' && (
        <div class="session-note" role="alert" data-failed="true">
          {found.reason} <a href="#/recordings">All recordings</a>
        </div>
      )}
      <div class="player-middle">
        <div class="terminal-frame">
          {/* Not drawn again by this page: what is in there belongs to the terminal. */}
          <div
            ref={place}
            class="terminal-place"
            data-seeking={found.kind === 'ready' && found.playback.isSeeking.value}
          />
          {found.kind === 'loading' && (
            <p class="terminal-loading muted" role="status">
              Loading the recording…
            </p>
          )}
          {found.kind === 'ready' && found.view.hasSelection.value && (
            <div class="touch-copy">
              <button
                type="button"
                class="button primary"
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => void copyText(found.view, page.notices)}
              >
                <Icon name="copy" /> Copy
              </button>
            </div>
          )}
        </div>
        {found.kind === 'ready' && <Markers playback={found.playback} />}
      </div>
      {found.kind === 'ready' && (
        <footer class="player-bar">
          <Scrubber playback={found.playback} />
          <PlayerControls playback={found.playback} />
        </footer>
      )}
    </main>
  );
}

function playbackOf(state: Signal<PlayerState>): Playback | undefined {
  const found = state.peek();
  return found.kind === 'ready' ? found.playback : undefined;
}

function Markers({ playback }: { playback: Playback }) {
  const { markers } = playback.film;
  if (markers.length === 0) return null;
  const times = playback.times.value;
  const timeOf = (index: number) => times[index] ?? 0;
  const at = playback.atMs.value;
  const current = markers.findLast(({ index }) => timeOf(index) <= at);
  return (
    <nav class="markers" aria-label="Markers">
      <h2 class="field-label">Markers</h2>
      <ol>
        {markers.map((marker) => (
          <li key={marker.index}>
            <button
              type="button"
              class="marker"
              aria-current={marker === current ? 'true' : undefined}
              // Who clicks it goes on with the keys of the player.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => void playback.seekToMarker(marker)}
            >
              <span class="muted">{clock(timeOf(marker.index))}</span> {marker.label || 'marker'}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
