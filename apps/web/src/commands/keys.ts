/**
 * Which key is whose. On a terminal every key is the program's but a few with Ctrl+Shift (on a Mac also
 * with Command), which terminals keep for themselves: Ctrl+K is "kill line" in a shell.
 */
export const isApple: boolean = /Mac|iPhone|iPad/.test(navigator.platform);

/** 'palette', 'search' and so on; undefined when the key means nothing to the page. */
export type PageKey = 'palette' | 'search' | 'copy' | 'overview' | 'next-waiting';

const WITH_CTRL_SHIFT: Readonly<Record<string, PageKey>> = {
  k: 'palette',
  f: 'search',
  c: 'copy',
  e: 'overview',
  x: 'next-waiting',
};
const WITH_COMMAND: Readonly<Record<string, PageKey>> = { k: 'palette', f: 'search', c: 'copy' };

export function pageKeyOf(event: KeyboardEvent): PageKey | undefined {
  if (event.altKey) return undefined;
  const key = event.key.toLowerCase();
  if (event.ctrlKey && event.shiftKey && !event.metaKey) return WITH_CTRL_SHIFT[key];
  if (isApple && event.metaKey && !event.ctrlKey) return WITH_COMMAND[key];
  return undefined;
}

export function isPageKey(event: KeyboardEvent): boolean {
  // Left to the browser, which pastes: a paste event follows.
  const isPaste = event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'v';
  return isPaste || pageKeyOf(event) !== undefined;
}

/** As it is written on this platform's keyboards. */
export function keyInWords(key: string): string {
  return isApple ? key.replace('Ctrl+K', '⌘K').replace('Ctrl+Shift+', '⌃⇧') : key;
}
