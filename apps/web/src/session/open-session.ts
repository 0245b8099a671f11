/** Connects one session of the daemon with one terminal on the page, until it is closed. */
import { RequestError } from '@pilotty/client/browser';
import { isPageKey } from '../commands/keys.ts';
import { fontSize, isReadAloud } from '../look/preferences.ts';
import { minimumContrast, terminalTheme } from '../look/terminal-themes.ts';
import type { Page } from '../page.ts';
import { Fitting } from './fitting.ts';
import type { Size, TerminalView } from './terminal-view.ts';

/** Some sixty parts a second are as much as anybody sees; in between the daemon collects. */
const INTERVAL_MS = 16;
const SCROLLBACK = 5_000;

export interface OpenSessionListener {
  opened(view: TerminalView): void;
  resized(size: Size): void;
  /** The daemon does not know it any more. */
  gone(): void;
}

export function openSession(
  page: Page,
  id: string,
  place: HTMLElement,
  listener: OpenSessionListener,
): { close(): void } {
  const closing: (() => void)[] = [];
  let isClosed = false;
  page.open.begin(id);
  void start();
  return {
    close: () => {
      isClosed = true;
      for (const end of closing.reverse()) end();
    },
  };

  async function start(): Promise<void> {
    // Loaded when first needed: the overview does without a terminal emulator.
    const { TerminalView } = await import('./terminal-view.ts');
    await document.fonts.ready;
    if (isClosed) return;
    const { link, notices, open } = page;
    const complain = (error: unknown) => notices.tellError(error);
    const view = new TerminalView(place, {
      theme: terminalTheme.peek(),
      minimumContrast: minimumContrast.peek(),
      isReadAloud: isReadAloud.peek(),
      fontSize: fontSize.peek(),
      typed: (data_base64) => {
        link.request('session.type', { session: id, data_base64 }).catch(complain);
      },
      pasted: (text) => {
        link.request('session.paste', { session: id, text }).catch(complain);
      },
      isForProgram: (event) => !isPageKey(event),
    });
    open.view.value = view;
    closing.push(() => {
      open.view.value = undefined;
      view.close();
    });
    const fitting = new Fitting(page, id, view);
    closing.push(() => fitting.close());
    const observer = new ResizeObserver(() => fitting.placeChanged());
    observer.observe(place);
    closing.push(() => observer.disconnect());
    closing.push(
      link.whileOnline(async (lost) => {
        try {
          await link.request(
            'session.view',
            { session: id, scrollback: SCROLLBACK, interval_ms: INTERVAL_MS },
            {
              signal: lost,
              onEvent: (part) => {
                const shown = view.show(part, () => part.type === 'screen' && fitting.sessionHas(part.size));
                if (part.type === 'screen') listener.resized(part.size);
                else if (part.type === 'output') page.activity.printed(id);
                return shown;
              },
            },
          );
        } catch (error) {
          if (error instanceof RequestError && error.code === 'SESSION_NOT_FOUND') listener.gone();
          else throw error;
        }
      }),
    );
    listener.opened(view);
    view.focus();
  }
}
