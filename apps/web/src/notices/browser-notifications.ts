/**
 * Tells a person who is not looking: by a notification of the system while this page is hidden, by a toast while they
 * look at another session. Only what begins to need them while the page is open, and each thing once. And what a rule is to tell.
 */
import { computed, effect, signal } from '@preact/signals';
import { isVisible } from '../look/clock.ts';
import { isNotifying } from '../look/preferences.ts';
import type { Route } from '../route.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Waiter, Waiting } from '../sessions/waiting.ts';
import type { Notices } from './notices.ts';

const permission = signal(typeof Notification === 'undefined' ? 'denied' : Notification.permission);

/** Chosen, and allowed by the browser. */
export const isNotifyingHere = computed(() => isNotifying.value && permission.value === 'granted');

export async function setNotifying(isOn: boolean, notices: Notices): Promise<void> {
  isNotifying.value = isOn;
  if (!isOn) return;
  if (typeof Notification !== 'undefined') permission.value = await Notification.requestPermission();
  if (permission.value === 'granted') return;
  isNotifying.value = false;
  notices.show('This browser does not let the page notify you.', 'error');
}

export function notifyOf(waiting: Waiting, route: Route, notices: Notices, isSettled: () => boolean): void {
  const told = new Map<string, number>();
  effect(() => {
    for (const waiter of waiting.queue.value) {
      const { session, attention } = waiter;
      const before = told.get(session.id);
      told.set(session.id, attention.since);
      // What was there when the page was opened is in the list already.
      if (before === attention.since || attention.level === 'finished' || !isSettled()) continue;
      tell(waiter, route, notices);
    }
  });
}

function tell({ session: { id, name }, attention }: Waiter, route: Route, notices: Notices): void {
  const title = attention.level === 'asks' ? `${name} waits for you` : `${name} failed`;
  const body = attention.lines.join('\n');
  if (!isVisible.peek()) showOnDesktop({ title, body, tag: id }, () => route.openSession(id));
  else if (route.place.peek().kind === 'sessions' && !route.isShown(id))
    notices.show(`${title}${body === '' ? '' : `: ${attention.lines.at(-1)}`}`);
}

/** What rules tell that were made with `--notify`, while the page is open, whatever a person looks at in it. */
export function notifyOfRules(sessions: Sessions, route: Route, notices: Notices): void {
  sessions.onEvent(({ type, rule, session_id: id, title, body = '' }, isPast) => {
    if (type !== 'rule' || title === undefined || isPast) return;
    if (isVisible.peek()) notices.show(title);
    // One that fires again and again is one notification, anew.
    else
      showOnDesktop({ title, body, tag: `${rule} ${id}` }, () => id !== undefined && route.openSession(id));
  });
}

function showOnDesktop(
  { title, ...shown }: { title: string; body: string; tag: string },
  open: () => void,
): void {
  if (!isNotifyingHere.peek()) return;
  try {
    const notification = new Notification(title, { ...shown, icon: './icon.svg' });
    notification.onclick = () => {
      window.focus();
      open();
      notification.close();
    };
  } catch {
    // Chrome on Android has them only for service workers, which this page has none of.
  }
}
