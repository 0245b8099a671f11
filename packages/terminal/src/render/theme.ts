/**
 * Which colours a picture has: the palette of a theme, and what is left of a style once they are looked up.
 */
import { paletteColor } from '../colors.ts';
import type { Color, Style } from '../lines/runs.ts';

export type ThemeName = 'dark' | 'light';

export interface Theme {
  foreground: string;
  background: string;
  cursor: string;
  /** Colours 0 to 15; the rest is the same everywhere. */
  palette: readonly string[];
}

export const themes: Readonly<Record<ThemeName, Theme>> = {
  // As in xterm, and as reported to programs that query it.
  dark: {
    foreground: '#e5e5e5',
    background: '#000000',
    cursor: '#e5e5e5',
    palette: Array.from({ length: 16 }, (_, index) => hexadecimal(paletteColor(index))),
  },
  // Every colour but the whites can be read on white; the bright ones are no longer bright.
  light: {
    foreground: '#24292f',
    background: '#ffffff',
    cursor: '#24292f',
    palette: [
      ...['#24292f', '#cf222e', '#116329', '#8a6100', '#0550ae', '#8250df', '#1b7c83', '#d0d7de'],
      ...['#6e7781', '#a40e26', '#1a7f37', '#9a6700', '#0969da', '#a475f9', '#3192aa', '#ffffff'],
    ],
  },
};

/** A style with its colours looked up: inverse, dim and invisible are done. */
export interface Paint {
  foreground: string;
  /** Nothing where the background of the theme is. */
  background: string | undefined;
}

const BRIGHT = 8;

export function paintOf(style: Style, theme: Theme): Paint {
  const { fg, bg, bold, dim, inverse, invisible } = style;
  // xterm's resource boldColors, true by default.
  const shown = bold && typeof fg === 'number' && fg < BRIGHT ? fg + BRIGHT : fg;
  let foreground = hexadecimalOf(shown, theme) ?? theme.foreground;
  let background = hexadecimalOf(bg, theme);
  if (inverse) [foreground, background] = [background ?? theme.background, foreground];
  if (dim) foreground = mix(foreground, background ?? theme.background);
  if (invisible) foreground = background ?? theme.background;
  return { foreground, background };
}

export function hexadecimalOf(color: Color | undefined, theme: Theme): string | undefined {
  return typeof color === 'number' ? (theme.palette[color] ?? hexadecimal(paletteColor(color))) : color;
}

function hexadecimal(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The colour half way between two. */
function mix(one: string, other: string): string {
  const [a, b] = [one, other].map((color) => Number.parseInt(color.slice(1), 16)) as [number, number];
  return hexadecimal([16, 8, 0].map((shift) => (((a >> shift) & 0xff) + ((b >> shift) & 0xff)) >> 1));
}
