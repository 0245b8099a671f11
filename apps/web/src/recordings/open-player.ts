/** Reads a recording and connects it with a terminal on the page, until it is closed. */
import type { Signal } from '@preact/signals';
import { isReadAloud } from '../look/preferences.ts';
import { minimumContrast, terminalTheme } from '../look/terminal-themes.ts';
import { messageOf } from '../notices/messages.ts';
import type { Page } from '../page.ts';
import type { TerminalView } from '../session/terminal-view.ts';
import { type Film, FilmReader } from './film.ts';
import { Playback } from './playback.ts';

const FONT_SIZE = 14;

export type PlayerState =
  | { kind: 'loading' }
  | { kind: 'failed'; reason: string }
  | { kind: 'ready'; playback: Playback; view: TerminalView };

export interface OpenPlayer {
  /** What has been recorded since; the moment that is shown stays. */
  readOn(): void;
  close(): void;
}

export function openPlayer(
  { link }: Page,
  file: string,
  place: HTMLElement,
  state: Signal<PlayerState>,
): OpenPlayer {
  let closing: (() => void)[] = [];
  let opening = 0;
  const close = () => {
    opening += 1;
    for (const end of closing.reverse()) end();
    closing = [];
  };
  const open = (fromMs: number, isPlaying: boolean) => {
    close();
    const mine = opening;
    const isMine = () => mine === opening;
    state.value = { kind: 'loading' };
    closing.push(
      link.whileOnline(async (lost) => {
        if (state.peek().kind !== 'loading') return;
        try {
          const [film, module] = await Promise.all([
            readFilm(lost, isMine),
            import('../session/terminal-view.ts'),
            document.fonts.ready,
          ]);
          if (isMine()) await show(film, module, fromMs, isPlaying);
        } catch (error) {
          // Over the next connection it is read again.
          if (isMine() && !lost.aborted) state.value = { kind: 'failed', reason: messageOf(error) };
        }
      }),
    );
  };
  open(0, true);
  return {
    readOn: () => {
      const found = state.peek();
      if (found.kind === 'ready') open(found.playback.atMs.peek(), found.playback.isPlaying.peek());
    },
    close,
  };

  async function readFilm(lost: AbortSignal, isWanted: () => boolean): Promise<Film> {
    const reader = new FilmReader();
    const ended = new AbortController();
    const signal = AbortSignal.any([lost, ended.signal]);
    closing.push(() => ended.abort());
    await link.request(
      'recording.read',
      { file },
      {
        signal,
        onEvent: ({ text }) => {
          if (isWanted()) reader.read(text);
        },
      },
    );
    return reader.end();
  }

  async function show(
    film: Film,
    { TerminalView }: typeof import('../session/terminal-view.ts'),
    fromMs: number,
    isPlaying: boolean,
  ): Promise<void> {
    let isScaled = true;
    const view = new TerminalView(place, {
      theme: terminalTheme.peek(),
      minimumContrast: minimumContrast.peek(),
      isReadAloud: isReadAloud.peek(),
      fontSize: FONT_SIZE,
      typed: () => {},
      typedBytes: () => {},
      pasted: () => {},
      // All of them are the player's or the browser's.
      isForProgram: () => false,
      resized: () => {
        isScaled = false;
      },
    });
    view.end();
    closing.push(() => view.close());
    const playback = new Playback(film, view);
    const observer = new ResizeObserver(() => {
      isScaled = false;
    });
    observer.observe(place);
    closing.push(() => observer.disconnect());
    const onFrame = (nowMs: number) => {
      request = requestAnimationFrame(onFrame);
      // Once a frame, however often a recording changes its size.
      if (!isScaled) view.scaleToFit();
      isScaled = true;
      playback.frame(nowMs);
    };
    let request = requestAnimationFrame(onFrame);
    closing.push(() => cancelAnimationFrame(request));
    playback.isPlaying.value = isPlaying;
    if (fromMs > 0) await playback.seek(fromMs);
    state.value = { kind: 'ready', playback, view };
  }
}
