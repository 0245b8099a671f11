/** The colours of terminals on the page, in miniature and full size alike. */
import type { Theme } from '@pilotty/terminal/drawing';
import { computed } from '@preact/signals';
import { isHighContrast, theme } from './preferences.ts';

export interface TerminalTheme extends Theme {
  /** Behind what a search has found, and behind the one of them it is at; '#rrggbb'. */
  match: string;
  activeMatch: string;
}

const dark: TerminalTheme = {
  match: '#6b5200',
  activeMatch: '#a85400',
  foreground: '#d7dce2',
  background: '#0b0d10',
  cursor: '#7cc4ff',
  palette: [
    ...['#1d2229', '#f4716a', '#57c46b', '#e2b13c', '#3f74e0', '#c98bf0', '#45c4cc', '#c3c9d1'],
    ...['#6b7480', '#ff9a94', '#86e096', '#f5cf6d', '#9bc7ff', '#debbff', '#7fe3e8', '#ffffff'],
  ],
};

/** Every colour but the whites can be read on white. */
const light: TerminalTheme = {
  match: '#ffe9a8',
  activeMatch: '#ffc04d',
  foreground: '#1f2328',
  background: '#ffffff',
  cursor: '#0a58ca',
  palette: [
    ...['#24292f', '#b91c26', '#136c2e', '#825a00', '#0a50b4', '#7a3fc4', '#13727a', '#cfd5dc'],
    ...['#5f6873', '#9c0f23', '#1a7a36', '#8f6400', '#0a62d0', '#8d56d6', '#1f7f88', '#f3f5f7'],
  ],
};

const darkContrast = { ...dark, foreground: '#ffffff', background: '#000000', cursor: '#ffe14d' };
const lightContrast = { ...light, foreground: '#000000', background: '#ffffff', cursor: '#000000' };

export const terminalTheme = computed<TerminalTheme>(() => {
  if (isHighContrast.value) return theme.value === 'light' ? lightContrast : darkContrast;
  return theme.value === 'light' ? light : dark;
});

/** Of text on its ground, in terminals and miniatures: WCAG's AA, and AAA where more is asked for. */
export const minimumContrast = computed(() => (isHighContrast.value ? 7 : 4.5));
