/** How the overview is arranged. Outlives it: who comes back from a session finds it as it was. */
import { signal } from '@preact/signals';
import { stored } from '../look/preferences.ts';

export type View = 'tiles' | 'list';
export type Sorting = 'tag' | 'urgency' | 'activity' | 'name' | 'started';

export const SORTINGS: Record<Sorting, string> = {
  tag: 'By tag',
  urgency: 'Most urgent first',
  activity: 'Last active first',
  name: 'By name',
  started: 'Newest first',
};
export const TILE_SIZES = { smallest: 180, largest: 620, step: 20 };

export const filter = signal('');
export const isHistoryShown = signal(false);
/** The card that has, or had, the focus. */
export const lastCard = signal<string | undefined>(undefined);
/** By id: what the next command is about. */
export const selected = signal<ReadonlySet<string>>(new Set());
export const view = stored<View>('pilotty.view', 'tiles');
export const sorting = stored<Sorting>('pilotty.sorting', 'tag');
/** The least width of a tile; they fill the page. */
export const tileSize = stored('pilotty.tile-size', 300);

export function toggleSelected(id: string): void {
  const next = new Set(selected.peek());
  if (!next.delete(id)) next.add(id);
  selected.value = next;
}
