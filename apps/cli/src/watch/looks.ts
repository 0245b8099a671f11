/** How a span of a program's screen is said to another terminal: as SGR parameters, in the colors that it has. */
import type { Result } from '@pilotty/client';

export type ColorDepth = 'none' | '256' | 'all';
export type Span = NonNullable<Result<'session.snapshot'>['lines']>[number][number];

/** https://no-color.org; and the variable by which terminals say that they take 24 bits. */
export function colorDepth(env: Readonly<Record<string, string | undefined>>): ColorDepth {
  if (env.NO_COLOR) return 'none';
  return /^(?:truecolor|24bit)$/i.test(env.COLORTERM ?? '') || /-direct/.test(env.TERM ?? '') ? 'all' : '256';
}

export function lookOf(span: Span, depth: ColorDepth): string {
  const { bold, dim, italic, underline, inverse, strikethrough, overline, fg, bg } = span;
  const parameters = [
    bold && '1',
    dim && '2',
    italic && '3',
    underline && '4',
    inverse && '7',
    strikethrough && '9',
    overline && '53',
    color(fg, 38, depth),
    color(bg, 48, depth),
  ];
  return parameters.filter(Boolean).join(';');
}

/** Shown in the other way round, as a cursor is. */
export function inverted(look: string): string {
  const parameters = look === '' ? [] : look.split(';');
  // A 7 that is part of a color has a 5 or another number of a color before it.
  const at = parameters.findIndex((parameter, index) => parameter === '7' && !isOfColor(parameters, index));
  if (at === -1) return ['7', ...parameters].join(';');
  return parameters.toSpliced(at, 1).join(';');
}

function isOfColor(parameters: readonly string[], index: number): boolean {
  return parameters.slice(0, index).some((parameter) => parameter === '38' || parameter === '48');
}

function color(given: Span['fg'], base: 38 | 48, depth: ColorDepth): string | undefined {
  if (given === undefined || depth === 'none') return undefined;
  if (typeof given === 'number') {
    // The sixteen of the user's own palette, in the words that every terminal knows.
    if (given < 8) return String(base - 8 + given);
    return given < 16 ? String(base + 52 + given - 8) : `${base};5;${given}`;
  }
  const [red, green, blue] = componentsOf(given);
  return depth === 'all' ? `${base};2;${red};${green};${blue}` : `${base};5;${nearest(red, green, blue)}`;
}

function componentsOf(hex: string): [number, number, number] {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 0xff, number & 0xff];
}

/** The steps of the cube of 6×6×6 colors, and of the grays between, as xterm has them. */
const STEPS = [0, 95, 135, 175, 215, 255];

function nearest(red: number, green: number, blue: number): number {
  const [r, g, b] = [red, green, blue].map(nearestStep) as [number, number, number];
  const gray = Math.min(23, Math.max(0, Math.round(((red + green + blue) / 3 - 8) / 10)));
  const level = 8 + 10 * gray;
  const distance = (one: number, other: number, another: number) =>
    (one - red) ** 2 + (other - green) ** 2 + (another - blue) ** 2;
  const ofCube = distance(STEPS[r] as number, STEPS[g] as number, STEPS[b] as number);
  return distance(level, level, level) < ofCube ? 232 + gray : 16 + 36 * r + 6 * g + b;
}

function nearestStep(component: number): number {
  const distances = STEPS.map((step) => Math.abs(step - component));
  return distances.indexOf(Math.min(...distances));
}
