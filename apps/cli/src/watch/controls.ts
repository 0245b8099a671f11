/** What a key does: a new state of the view, and what is to be done besides. Pure. */

import type { TypedKey } from '@pilotty/terminal/key-reader';
import { type Order, orders } from './chosen-sessions.ts';

export interface View {
  /** Tiles show a part of each screen, a list the last line. */
  mode: 'tiles' | 'list';
  /** The focused session has all of the room. */
  isEnlarged: boolean;
  /** Id of the session with the focus; it may be gone. */
  focus: string | undefined;
  /** Where it stood, for when it is gone. */
  focusIndex: number;
  filter: string;
  order: Order;
  /** What takes the keys before anything else. */
  dialog:
    | { kind: 'filter'; draft: string }
    | { kind: 'kill'; id: string; name: string }
    | { kind: 'help' }
    | undefined;
}

export const firstView: View = {
  mode: 'tiles',
  isEnlarged: false,
  focus: undefined,
  focusIndex: 0,
  filter: '',
  order: 'start',
  dialog: undefined,
};

/** What the keys are about. */
export interface Subject {
  id: string;
  name: string;
  hasEnded: boolean;
}

export interface Pressed {
  view: View;
  todo?:
    | { kind: 'quit' | 'suspend' | 'repaint' }
    | { kind: 'attach' | 'kill'; id: string; name: string }
    | undefined;
  /** For the user, on the last line. */
  notice?: string | undefined;
}

export interface Surroundings {
  /** Those that are shown, in their order. */
  subjects: readonly Subject[];
  /** Of tiles, side by side. */
  columns: number;
  /** Sessions on one page. */
  page: number;
}

export function pressed(view: View, key: TypedKey, around: Surroundings): Pressed {
  if ('name' in key && key.name === 'Ctrl+C') return { view, todo: { kind: 'quit' } };
  if ('name' in key && key.name === 'Ctrl+Z') return { view, todo: { kind: 'suspend' } };
  if ('name' in key && key.name === 'Ctrl+L') return { view, todo: { kind: 'repaint' } };
  switch (view.dialog?.kind) {
    case 'filter':
      return { view: filtering(view, view.dialog.draft, key) };
    case 'kill':
      return answered(view, view.dialog, key);
    case 'help':
      return { view: { ...view, dialog: undefined } };
  }
  // No character of a paste is meant as a key.
  if ('pasted' in key) return { view };
  return commanded(view, 'name' in key ? key.name : key.text, around);
}

/** The focus where it is, or where what had it stood. */
export function focused(view: View, subjects: readonly Subject[]): View {
  const index = subjects.findIndex(({ id }) => id === view.focus);
  const focusIndex = index === -1 ? Math.max(0, Math.min(view.focusIndex, subjects.length - 1)) : index;
  const focus = subjects[focusIndex]?.id;
  const isEnlarged = view.isEnlarged && index !== -1;
  if (focus === view.focus && focusIndex === view.focusIndex && isEnlarged === view.isEnlarged) return view;
  return { ...view, focus, focusIndex, isEnlarged };
}

function commanded(view: View, word: string, around: Surroundings): Pressed {
  const { columns, page, subjects } = around;
  const subject = subjects.find(({ id }) => id === view.focus);
  const isSideBySide = view.mode === 'tiles' && !view.isEnlarged;
  const step = isSideBySide ? columns : 1;
  switch (word) {
    case 'q':
      return { view, todo: { kind: 'quit' } };
    case 'Escape':
      if (view.isEnlarged) return { view: { ...view, isEnlarged: false } };
      return { view: { ...view, filter: '' } };
    case 'Left':
    case 'h':
    case 'Shift+Tab':
      return { view: moved(view, -1, subjects) };
    case 'Right':
    case 'l':
    case 'Tab':
      return { view: moved(view, 1, subjects) };
    case 'Up':
    case 'k':
      return { view: moved(view, -step, subjects) };
    case 'Down':
    case 'j':
      return { view: moved(view, step, subjects) };
    case 'PageUp':
      return { view: moved(view, -page, subjects) };
    case 'PageDown':
      return { view: moved(view, page, subjects) };
    case 'Home':
    case 'g':
      return { view: moved(view, -subjects.length, subjects) };
    case 'End':
    case 'G':
      return { view: moved(view, subjects.length, subjects) };
    case 'Enter':
    case 'z':
      return { view: { ...view, isEnlarged: !view.isEnlarged && subject !== undefined } };
    case 'v':
      return { view: { ...view, mode: view.mode === 'tiles' ? 'list' : 'tiles', isEnlarged: false } };
    case 's': {
      const order = orders[(orders.indexOf(view.order) + 1) % orders.length] as Order;
      return { view: { ...view, order } };
    }
    case '/':
      return { view: { ...view, isEnlarged: false, dialog: { kind: 'filter', draft: view.filter } } };
    case '?':
      return { view: { ...view, dialog: { kind: 'help' } } };
  }
  if (subject === undefined) return { view };
  return about(subject, view, word);
}

function about({ id, name, hasEnded }: Subject, view: View, word: string): Pressed {
  switch (word) {
    case 'a':
      return hasEnded
        ? { view, notice: `${name} has ended: there is nothing to attach to` }
        : { view, todo: { kind: 'attach', id, name } };
    case 'x':
      return hasEnded
        ? { view, notice: `${name} has already ended` }
        : { view: { ...view, dialog: { kind: 'kill', id, name } } };
  }
  return { view };
}

/** As far as there are sessions: from the last row of tiles down leads to the last one. */
function moved(view: View, by: number, subjects: readonly Subject[]): View {
  const index = Math.max(0, Math.min(view.focusIndex + by, subjects.length - 1));
  return { ...view, focusIndex: index, focus: subjects[index]?.id };
}

function filtering(view: View, draft: string, key: TypedKey): View {
  const changed = (filter: string): View => ({ ...view, filter, dialog: { kind: 'filter', draft: filter } });
  if ('text' in key) return changed(draft + key.text);
  if ('pasted' in key) return changed(draft + key.pasted.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' '));
  switch (key.name) {
    case 'Enter':
      return { ...view, dialog: undefined };
    case 'Escape':
      return { ...view, filter: '', dialog: undefined };
    case 'Backspace':
      return changed([...draft].slice(0, -1).join(''));
    case 'Ctrl+U':
      return changed('');
  }
  return view;
}

/** Anything but a yes leaves the session as it is. */
function answered(view: View, { id, name }: { id: string; name: string }, key: TypedKey): Pressed {
  const isYes = 'text' in key && (key.text === 'y' || key.text === 'Y');
  const closed = { ...view, dialog: undefined };
  return isYes ? { view: closed, todo: { kind: 'kill', id, name } } : { view: closed };
}
