/** Connects one session of the daemon with one terminal on the page, until it is closed. */
import { RequestError } from '@pilotty/client/browser';
import { computed } from '@preact/signals';
import { isPageKey } from '../commands/keys.ts';
import { READ_ONLY } from '../connection/read-only.tsx';
import { fontSize, isReadAloud } from '../look/preferences.ts';
import { minimumContrast, terminalTheme } from '../look/terminal-themes.ts';
import type { Page } from '../page.ts';
import { Fitting } from './fitting.ts';
import type { Pane } from './open-terminals.ts';
import { bePresent } from './presence.ts';

/** Some sixty parts a second are as much as anybody sees; in between the daemon collects. */
const INTERVAL_MS = 16;
const SCROLLBACK = 5_000;
const MOUSE = /^\x1b\[[<M]/;

/** A finger hides what it touches, and letters that show all of a screen are too small to read on a phone. */
const isTouched = matchMedia('(pointer: coarse)');

export function openSession(page: Page, pane: Pane, place: HTMLElement): { close(): void } {
  const closing: (() => void)[] = [];
  const { id } = pane;
  const { link, notices, open, activity, sessions } = page;
  let isClosed = false;
  closing.push(bePresent(page, pane));
  void start();
  return {
    close: () => {
      isClosed = true;
      for (const end of closing.reverse()) end();
    },
  };

  async function start(): Promise<void> {
    // Loaded when first needed: the overview does without a terminal emulator.
    const module = await import('./terminal-view.ts').catch(() => undefined);
    if (isClosed) return;
    if (module === undefined) {
      pane.problem.value = 'The terminal could not be loaded.';
      return;
    }
    await document.fonts.ready;
    if (isClosed) return;
    const view = new module.TerminalView(place, {
      theme: terminalTheme.peek(),
      minimumContrast: minimumContrast.peek(),
      isReadAloud: isReadAloud.peek(),
      fontSize: fontSize.peek(),
      typed,
      // The mouse in its oldest encoding.
      typedBytes: (data_base64) => {
        if (!link.isReadOnly.peek()) send(link.request('session.type', { session: id, data_base64 }));
      },
      pasted: (text) => {
        if (maySend()) send(link.request('session.paste', { session: id, text }));
      },
      isForProgram: (event) => !isPageKey(event),
      focused: () => open.focused(id),
    });
    pane.view.value = view;
    closing.push(() => {
      pane.view.value = undefined;
      view.close();
    });
    const fitting = new Fitting(page, pane, view);
    closing.push(() => fitting.close());
    const observer = new ResizeObserver(() => fitting.placeChanged());
    observer.observe(place);
    closing.push(() => observer.disconnect());
    // The view of a session that had ended is over.
    const restarts = computed(() => sessions.find(id)?.restarts ?? 0);
    closing.push(
      link.whileOnline(async (lost) => {
        void restarts.value;
        // Anew with other colours, because programs that ask are answered with what is seen here.
        const { foreground, background } = terminalTheme.value;
        const colors = { foreground, background };
        try {
          await link.request(
            'session.view',
            { session: id, scrollback: SCROLLBACK, interval_ms: INTERVAL_MS, colors },
            {
              signal: lost,
              onEvent: (part) => {
                const shown = view.show(part, () => part.type === 'screen' && fitting.sessionHas(part.size));
                if (part.type === 'screen') pane.size.value = part.size;
                else if (part.type === 'output') activity.printed(id);
                else view.end();
                return shown;
              },
            },
          );
        } catch (error) {
          if (error instanceof RequestError && error.code === 'SESSION_NOT_FOUND') {
            pane.isGone.value = true;
            view.end();
          } else throw error;
        }
      }),
    );
    if (open.current.peek() === pane) view.focus();
  }

  /** Says it where not. */
  function maySend(): boolean {
    if (link.isReadOnly.peek()) notices.show(READ_ONLY, 'error');
    return !link.isReadOnly.peek();
  }

  function typed(text: string): void {
    // A mouse that is moved over a program is nothing that a person wants to send.
    if (link.isReadOnly.peek() && MOUSE.test(text)) return;
    if (!maySend()) return;
    const isRunning = sessions.find(id)?.state === 'running';
    if (!pane.isTyped.peek()) {
      pane.isTyped.value = true;
      if (isTouched.matches && isRunning) pane.isFitted.value = true;
    }
    // Letters of a phone's keyboard, together with what its own keys hold.
    if (open.heldKeys.peek().size > 0 && /^[!-~]$/.test(text)) {
      send(link.request('session.key', { session: id, keys: open.withHeld(text) }));
    } else send(link.request('session.type', { session: id, text }));
  }

  function send(request: Promise<unknown>): void {
    request.catch((error: unknown) => notices.tellError(error));
  }
}
