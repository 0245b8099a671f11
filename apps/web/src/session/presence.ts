/**
 * Lists this page as attached to an open session, as `pilotty attach` is: as one that looks only until it types. Not
 * while the page is hidden, because nobody looks then. It has no window there, so the session's size stays as it is.
 */
import { RequestError } from '@pilotty/client/browser';
import { computed } from '@preact/signals';
import { isVisible } from '../look/clock.ts';
import type { Page } from '../page.ts';
import type { Pane } from './open-terminals.ts';

export function bePresent({ link, sessions, keyboards }: Page, { id, isTyped }: Pane): () => void {
  const isRunning = computed(() => sessions.find(id)?.state === 'running');
  return link.whileOnline(async (lost) => {
    const mayOnlyLook = link.isReadOnly.value || !isTyped.value;
    if (!isVisible.value || !isRunning.value) return;
    try {
      await link.request(
        'session.attach',
        { session: id, read_only: mayOnlyLook },
        {
          signal: lost,
          onEvent: (event) => {
            if (event.type === 'attached') keyboards.isCalled(event.client);
          },
        },
      );
    } catch (error) {
      // It ended in this moment: nobody is at it.
      if (!(error instanceof RequestError && error.code === 'SESSION_EXITED')) throw error;
    }
  });
}
