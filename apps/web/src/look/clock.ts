/** The time, updated once a second, for words such as "3 s ago"; it stops while no component uses it. */
import { signal } from '@preact/signals';

export const now = signal(Date.now());
/** Whether this page is in front in its window. */
export const isVisible = signal(document.visibilityState === 'visible');

setInterval(() => {
  if (isVisible.peek()) now.value = Date.now();
}, 1000);

addEventListener('visibilitychange', () => {
  isVisible.value = document.visibilityState === 'visible';
  now.value = Date.now();
});
