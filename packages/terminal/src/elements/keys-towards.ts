/**
 * Which keys may bring the focus from one element to another, in the order worth trying.
 *
 * Programs differ: Tab goes through a dialog, arrows through a list, and some let arrows do both. The
 * caller checks the screen after each key, and takes the next of the list if the focus came no nearer.
 */
import type { DetectedElement } from './element.ts';

export type FocusKey = 'Tab' | 'Shift+Tab' | 'Up' | 'Down' | 'Left' | 'Right';

const ROWS: readonly DetectedElement['kind'][] = ['list_row', 'menu_item', 'checkbox', 'radio'];

/** The focused element to start from: one of the target's kind and column of them, else any. */
export function focusedNear<T extends DetectedElement>(
  elements: readonly T[],
  target: DetectedElement,
): T | undefined {
  const focused = elements.filter((element) => element.focused);
  const distance = (element: T) =>
    (element.kind === target.kind ? 0 : 1000) +
    Math.abs(element.col - target.col) +
    Math.abs(element.row - target.row);
  return focused.sort((a, b) => distance(a) - distance(b))[0];
}

export function keysTowards(from: DetectedElement | undefined, target: DetectedElement): FocusKey[] {
  if (from === undefined) return ['Tab', 'Down', 'Right', 'Shift+Tab', 'Up', 'Left'];
  const vertical: FocusKey = target.row < from.row ? 'Up' : 'Down';
  const horizontal: FocusKey = target.col < from.col ? 'Left' : 'Right';
  const isBack = target.row < from.row || (target.row === from.row && target.col < from.col);
  const tabs: FocusKey[] = isBack ? ['Shift+Tab', 'Tab'] : ['Tab', 'Shift+Tab'];
  const isSameKind = from.kind === target.kind;
  if (target.row === from.row) return isSameKind ? [horizontal, ...tabs] : [...tabs, horizontal];
  const isList = isSameKind && ROWS.includes(target.kind);
  // In one column arrows go along it; into another column, sideways comes after.
  const arrows: FocusKey[] = from.col === target.col ? [vertical] : [vertical, horizontal];
  return isList ? [...arrows, ...tabs] : [...tabs, ...arrows];
}

/** What chooses an element that has the focus. */
export function activationKey({ kind }: DetectedElement): 'Space' | 'Enter' {
  return kind === 'checkbox' || kind === 'radio' ? 'Space' : 'Enter';
}
