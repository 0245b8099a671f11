/** How the page looks and listens: chosen here, else as the system has it; kept in the browser. */
import { computed, effect, type Signal, signal } from '@preact/signals';

export type ThemeChoice = 'system' | 'light' | 'dark';
export type ContrastChoice = 'system' | 'more';

const isLightSystem = media('(prefers-color-scheme: light)');
const isContrastSystem = media('(prefers-contrast: more)');

export const themeChoice = stored<ThemeChoice>('pilotty.theme', 'system');
export const contrastChoice = stored<ContrastChoice>('pilotty.contrast', 'system');
/** Keys without a modifier can be switched off, as WCAG 2.1.4 asks. */
export const hasSingleKeys = stored('pilotty.single-keys', true);
export const fontSize = stored('pilotty.font-size', 14);
/** Reads the terminal to a screen reader; too expensive to be on by default. */
export const isReadAloud = stored('pilotty.read-aloud', false);

/** Whether this browser may show notifications is its own matter; this is whether it should. */
export const isNotifying = stored('pilotty.notify', false);
/** Of the sessions beside an open one. */
export const isSidebarShown = stored('pilotty.sidebar', false);
/** Of several open sessions one is shown, instead of all side by side. */
export const isTabbed = stored('pilotty.tabs', false);

export const theme = computed<'light' | 'dark'>(() => {
  if (themeChoice.value !== 'system') return themeChoice.value;
  return isLightSystem.value ? 'light' : 'dark';
});
export const isHighContrast = computed(() => contrastChoice.value === 'more' || isContrastSystem.value);

effect(() => {
  const { dataset } = document.documentElement;
  dataset.theme = theme.value;
  dataset.contrast = isHighContrast.value ? 'more' : 'normal';
});

function media(query: string): Signal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}

export function stored<T>(key: string, initial: T): Signal<T> {
  const value = signal(read(key, initial));
  effect(() => localStorage.setItem(key, JSON.stringify(value.value)));
  return value;
}

function read<T>(key: string, initial: T): T {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof kept === typeof initial ? (kept as T) : initial;
  } catch {
    return initial;
  }
}
