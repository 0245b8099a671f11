/** How the overview is arranged. Outlives it: who comes back from a session finds it as it was. */
import { signal } from '@preact/signals';

export const filter = signal('');
export const isHistoryShown = signal(false);
