/**
 * Makes text readable on its ground, as the terminal full size does it (xterm.js's minimumContrastRatio): the hue
 * stays, the text becomes lighter or darker until the contrast is enough. By WCAG 2.2, "contrast ratio".
 */
type Rgb = readonly [number, number, number];

/** Of the way to white or black; finer ones cannot be told apart. */
const STEP = 0.1;
/** A screen has some dozen pairs of colours; more are true-colour pictures, which are not kept for ever. */
const MAX_KNOWN = 4_096;

const known = new Map<string, string>();

/** @param colours are '#rrggbb' */
export function legible(foreground: string, background: string, minimum: number): string {
  const key = foreground + background + minimum;
  let found = known.get(key);
  if (found === undefined) {
    found = adjusted(rgbOf(foreground), rgbOf(background), minimum);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, found);
  }
  return found;
}

export function contrast(one: string, other: string): number {
  return contrastOf(rgbOf(one), rgbOf(other));
}

function adjusted(foreground: Rgb, background: Rgb, minimum: number): string {
  if (contrastOf(foreground, background) >= minimum) return hexadecimal(foreground);
  const isLighter = luminance(foreground) >= luminance(background);
  const ends: Rgb[] = isLighter ? [WHITE, BLACK] : [BLACK, WHITE];
  let best = foreground;
  for (const end of ends) {
    for (let share = STEP; share <= 1 + STEP / 2; share += STEP) {
      const mixed = mix(foreground, end, Math.min(share, 1));
      if (contrastOf(mixed, background) >= minimum) return hexadecimal(mixed);
      if (contrastOf(mixed, background) > contrastOf(best, background)) best = mixed;
    }
  }
  return hexadecimal(best);
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

function contrastOf(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(one[index] + (other[index] - one[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

function rgbOf(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

function hexadecimal(channels: Rgb): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
