/**
 * How a screen looks, in words that both emulators have: what the comparison is about.
 */

export interface Look {
  /** Rows of text, blanks to the right left out. */
  text: string[];
  /** The same rows with a mark where the style changes, as in `⟨bold fg1⟩red⟨⟩ plain`. */
  styles: string[];
  cursor: string;
  modes: string;
  /** Texts of the rows above the screen. */
  scrollback: string[];
}

/** So much of the scrollback is compared; tmux drops a tenth of its own at once. */
export const SCROLLBACK = 300;

export type Aspect = keyof Look;

export interface Style {
  /** SGR's numbers: 0 to 7, 8 to 15 for bright ones, `p17` of the palette, `#102030`. */
  fg: string;
  bg: string;
  underlineColor: string;
  /** 'bold', 'underline2' and so on. */
  flags: Set<string>;
}

export interface StyledText {
  text: string;
  style: Style;
}

/** Without these a blank shows its background alone. */
const SHOWS_ON_BLANK = ['reverse', 'strike', 'overline'];

export function plainStyle(): Style {
  return { fg: '', bg: '', underlineColor: '', flags: new Set() };
}

function nameOf({ fg, bg, underlineColor, flags }: Style, isBlank: boolean): string {
  const names = [...flags].sort();
  const isUnderlined = names.some((name) => name.startsWith('underline'));
  const shows = !isBlank || isUnderlined || names.some((name) => SHOWS_ON_BLANK.includes(name));
  return [
    ...(shows ? names : []),
    shows && fg && `fg${fg}`,
    bg && `bg${bg}`,
    isUnderlined && underlineColor && `underline-colour${underlineColor}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** One row of `styles`. */
export function styledRow(pieces: readonly StyledText[]): string {
  let row = '';
  let current = '';
  for (const { text, style } of pieces) {
    for (const character of text) {
      const name = nameOf(style, character === ' ');
      if (name !== current) row += `⟨${name}⟩`;
      current = name;
      row += character;
    }
  }
  return current === '' ? row.replace(/ +$/, '').replace(/⟨⟩$/, '') : row;
}

export function withoutTrailing(rows: readonly string[]): string[] {
  const trimmed = rows.map((row) => row.replace(/ +$/, ''));
  while (trimmed.at(-1) === '') trimmed.pop();
  return trimmed;
}
