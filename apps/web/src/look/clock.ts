/** The time, updated once a second, for words such as "3 s ago"; it stops while no component uses it. */
import { signal } from '@preact/signals';

export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, 1000);
