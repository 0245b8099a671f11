/**
 * The colours a program can ask for and set: OSC 4 and 104, OSC 10 to 19 and 110 to 119.
 *
 * Text and background are answered as a person sees them, where one looks on and that is known. Else what counts is that
 * every query is answered: xterm's palette, light grey on black, and a program that asks learns that it is dark.
 */
import type { Emulator } from './emulator.ts';

/** What a person has before their eyes: '#rrggbb'. */
export interface ShownColors {
  foreground: string;
  background: string;
}

type Rgb = readonly [number, number, number];

/** XTerm-col.ad, colours 0 to 15. */
const ANSI: readonly number[] = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
  0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];
const CUBE: readonly number[] = [0, 95, 135, 175, 215, 255];

const FOREGROUND: Rgb = [0xe5, 0xe5, 0xe5];
const BACKGROUND: Rgb = [0, 0, 0];
/** Text, background, cursor, mouse, Tektronix and highlight colours, in the order of OSC 10 to 19. */
const DYNAMIC: readonly Rgb[] = [
  FOREGROUND,
  BACKGROUND,
  FOREGROUND,
  FOREGROUND,
  BACKGROUND,
  FOREGROUND,
  BACKGROUND,
  FOREGROUND,
  FOREGROUND,
  BACKGROUND,
];

export function paletteColor(index: number): Rgb {
  if (index < 16) {
    const color = ANSI[index] as number;
    return [color >> 16, (color >> 8) & 0xff, color & 0xff];
  }
  if (index < 232) {
    const cube = index - 16;
    return [
      CUBE[Math.floor(cube / 36)] as number,
      CUBE[Math.floor(cube / 6) % 6] as number,
      CUBE[cube % 6] as number,
    ];
  }
  const grey = 8 + (index - 232) * 10;
  return [grey, grey, grey];
}

/** XParseColor's `rgb:r/g/b` with one to four digits each, and `#rgb` to `#rrrrggggbbbb`. Names are not known. */
function parseColor(specification: string): Rgb | undefined {
  const parts = /^rgb:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})$/i.exec(specification);
  if (parts) {
    const [red, green, blue] = parts.slice(1).map((digits) => {
      return Math.round((Number.parseInt(digits, 16) / (16 ** digits.length - 1)) * 255);
    });
    return [red ?? 0, green ?? 0, blue ?? 0];
  }
  const digits = /^#((?:[\da-f]{3}){1,4})$/i.exec(specification)?.[1];
  if (digits === undefined) return undefined;
  const each = digits.length / 3;
  // "#" values are the most significant digits: #f00 is #f00000, not #ff0000.
  const channel = (at: number) =>
    Number.parseInt(
      digits
        .slice(at * each, (at + 1) * each)
        .padEnd(2, '0')
        .slice(0, 2),
      16,
    );
  return [channel(0), channel(1), channel(2)];
}

function format(color: Rgb): string {
  return `rgb:${color.map((channel) => channel.toString(16).padStart(2, '0').repeat(2)).join('/')}`;
}

/** @param shown is asked at each query */
export function answerColors(
  emulator: Emulator,
  answer: (text: string) => void,
  shown: () => ShownColors | undefined,
): void {
  const indexed = new Map<number, Rgb>();
  const dynamic = new Map<number, Rgb>();

  emulator.onOsc(4, (data, terminator) => {
    const fields = data.split(';');
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const index = Number(fields[i]);
      if (!Number.isInteger(index) || index < 0 || index > 255) continue;
      const wanted = fields[i + 1] ?? '';
      if (wanted === '?') {
        answer(`\x1b]4;${index};${format(indexed.get(index) ?? paletteColor(index))}${terminator}`);
      } else {
        const color = parseColor(wanted);
        if (color) indexed.set(index, color);
      }
    }
    return true;
  });
  emulator.onOsc(104, (data) => {
    if (data === '') indexed.clear();
    else for (const index of data.split(';')) indexed.delete(Number(index));
    return true;
  });

  DYNAMIC.forEach((_, first) => {
    // "If more than one color is given, each goes to the next dynamic color."
    emulator.onOsc(10 + first, (data, terminator) => {
      data.split(';').forEach((wanted, offset) => {
        const which = first + offset;
        const initial = DYNAMIC[which];
        if (initial === undefined) return;
        if (wanted === '?') {
          answer(
            `\x1b]${10 + which};${format(dynamic.get(which) ?? shownAs(which, shown()) ?? initial)}${terminator}`,
          );
        } else {
          const color = parseColor(wanted);
          if (color) dynamic.set(which, color);
        }
      });
      return true;
    });
    emulator.onOsc(110 + first, () => {
      dynamic.delete(first);
      return true;
    });
  });

  emulator.onEsc({ final: 'c' }, () => {
    indexed.clear();
    dynamic.clear();
    return false;
  });
}

/** OSC 10 is the text, OSC 11 its background, and OSC 12 the cursor, which has the colour of text. */
function shownAs(which: number, shown: ShownColors | undefined): Rgb | undefined {
  if (shown === undefined || which > 2) return undefined;
  return parseColor(which === 1 ? shown.background : shown.foreground);
}
