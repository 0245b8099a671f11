/**
 * Style words of a cell as the parameters of SGR (CSI … m), first a reset.
 */
import {
  BLINK,
  BOLD,
  COLOR_MASK,
  COLOR_MODE_16,
  COLOR_MODE_256,
  COLOR_MODE_MASK,
  DIM,
  HAS_EXTENDED,
  INVERSE,
  INVISIBLE,
  ITALIC,
  OVERLINE,
  STRIKETHROUGH,
  UNDERLINE,
} from './lines/cells.ts';

export interface StyleWords {
  fg: number;
  bg: number;
  /** Underline style and colour; of the cells with HAS_EXTENDED. */
  ext: number;
}

/** `base` is 30 for the foreground, 40 for the background, 50 for the underline; T.416 colons as xterm's DECRQSS has them. */
function colorParameter(word: number, base: 30 | 40 | 50): string | undefined {
  const index = word & 0xff;
  switch (word & COLOR_MODE_MASK) {
    case 0:
      return undefined;
    case COLOR_MODE_16:
      if (base === 50) return `58:5:${index}`;
      return String(index < 8 ? base + index : base + 60 + index - 8);
    case COLOR_MODE_256:
      return `${base + 8}:5:${index}`;
    default:
      return `${base + 8}:2::${(word >> 16) & 0xff}:${(word >> 8) & 0xff}:${index}`;
  }
}

export function sgrParameters({ fg, bg, ext }: StyleWords): string {
  const underlineStyle = bg & HAS_EXTENDED ? (ext >>> 26) & 7 : 0;
  return [
    '0',
    fg & BOLD && '1',
    bg & DIM && '2',
    bg & ITALIC && '3',
    fg & UNDERLINE && (underlineStyle > 1 ? `4:${underlineStyle}` : '4'),
    fg & BLINK && '5',
    fg & INVERSE && '7',
    fg & INVISIBLE && '8',
    fg & STRIKETHROUGH && '9',
    bg & OVERLINE && '53',
    colorParameter(fg, 30),
    colorParameter(bg, 40),
    colorParameter(ext & COLOR_MASK, 50),
  ]
    .filter(Boolean)
    .join(';');
}
