/** The time, once a second, for what is told in words like "3 s ago"; it stands still while nobody looks. */
import { signal } from '@preact/signals';

export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, 1000);
