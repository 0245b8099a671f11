/** Keys that the page takes: a few everywhere, single ones where nothing is typed, arrows among the cards. */
import { READ_ONLY } from '../connection/read-only.tsx';
import { hasSingleKeys } from '../look/preferences.ts';
import { toggleSelected } from '../overview/arrangement.ts';
import { toggleView } from '../overview/arrangement-bar.tsx';
import type { Page } from '../page.ts';
import { dismiss } from '../sessions/ending.ts';
import { openNextWaiting, toggleHistory } from './commands.ts';
import { isApple, type PageKey, pageKeyOf } from './keys.ts';

export function listenForShortcuts(page: Page): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (page.dialogs.shown.peek() !== undefined) return;
    if (onPageKey(page, event) || onSingleKey(page, event) || moveAmongCards(event)) event.preventDefault();
  });
}

function onPageKey(page: Page, event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const isOnTerminal = target.closest('.terminal-place') !== null;
  const isCtrlK = event.ctrlKey && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k';
  const key = isCtrlK && !isApple && !isOnTerminal ? 'palette' : pageKeyOf(event);
  if (key === undefined) return false;
  const isAboutTerminal = key === 'search' || key === 'copy';
  if (isAboutTerminal && !page.open.isThere.peek()) return false;
  run(page, key);
  return true;
}

function run(page: Page, key: PageKey): void {
  if (key === 'palette') page.dialogs.open({ kind: 'palette' });
  else if (key === 'search') page.open.isSearched.value = true;
  else if (key === 'copy') void page.open.copySelection();
  else if (key === 'overview') page.route.openOverview();
  else openNextWaiting(page);
}

function onSingleKey(page: Page, event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  const isTyping = target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
  if (!hasSingleKeys.peek() || isTyping || event.ctrlKey || event.metaKey || event.altKey) return false;
  const id = target.closest('.card, .row')?.querySelector<HTMLElement>('[data-card]')?.dataset.card;
  const session = id === undefined ? undefined : page.sessions.find(id);
  const isRunning = session?.state === 'running';
  if (page.link.isReadOnly.peek() && /^[nrtx]$/.test(event.key)) {
    page.notices.show(READ_ONLY);
    return true;
  }
  switch (event.key) {
    case '/':
      document.querySelector<HTMLElement>('#filter')?.focus();
      return true;
    case '?':
      page.dialogs.open({ kind: 'help' });
      return true;
    case 'n':
      page.dialogs.open({ kind: 'new' });
      return true;
    case 'w':
      openNextWaiting(page);
      return true;
    case 'e':
      toggleHistory(page);
      return true;
    case 'v':
      toggleView();
      return true;
    case 's':
      if (session) toggleSelected(session.id);
      return session !== undefined;
    case 'u':
      page.kills.undoLast();
      return true;
    case 'r':
      if (session && isRunning) page.dialogs.open({ kind: 'rename', session });
      return isRunning;
    case 't':
      if (session && isRunning) page.dialogs.open({ kind: 'tags', session });
      return isRunning;
    case 'x':
      if (session && isRunning) page.kills.plan(session);
      else if (session) void dismiss(page, [session.id]);
      return session !== undefined;
    default:
      return false;
  }
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** To the nearest card in that direction; from nowhere, to the first. */
function moveAmongCards(event: KeyboardEvent): boolean {
  const direction = DIRECTIONS[event.key];
  const target = event.target as HTMLElement;
  const own = target.closest('.card, .row')?.querySelector<HTMLElement>('[data-card]') ?? undefined;
  const isElsewhere = target !== document.body && own === undefined;
  if (direction === undefined || isElsewhere || event.ctrlKey || event.metaKey || event.altKey) return false;
  const cards = [...document.querySelectorAll<HTMLElement>('[data-card]')];
  const others = cards.filter((card) => card !== own);
  const next = own === undefined ? cards[0] : nearest(others, own.getBoundingClientRect(), direction);
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}

/** Of cards measured as `from` was: rows and columns are told apart by their middles. */
function nearest(
  cards: readonly HTMLElement[],
  from: DOMRect,
  [x, y]: readonly [number, number],
): HTMLElement | undefined {
  let best: { card: HTMLElement; distance: number } | undefined;
  for (const card of cards) {
    const to = card.getBoundingClientRect();
    const across = to.x + to.width / 2 - from.x - from.width / 2;
    const down = to.y + to.height / 2 - from.y - from.height / 2;
    const along = across * x + down * y;
    const aside = Math.abs(x === 0 ? across : down);
    // Half a card away at least, or it stands beside this one in the other direction.
    if (along < (x === 0 ? from.height : from.width) / 2) continue;
    // What lies aside counts more than what lies far.
    const distance = along + 4 * aside;
    if (best === undefined || distance < best.distance) best = { card, distance };
  }
  return best?.card;
}
