/**
 * The keys a status bar or a header line offers: `F1Help F2Setup`, `^G Help`, `q:Quit  d:Del`, `O)ptions`,
 * `↑↓ navigate • space select`.
 *
 * Either keys and labels differ in style, or by a separator every hint of the line has. One hint
 * is prose; a line of them is a bar, and bars stand in the first or the last rows.
 */
import { boxAround } from './boxes.ts';
import type { DetectedElement } from './element.ts';
import { codeAt, columnAt, type Grid, groundAt, isBlankAt, penAt } from './grid.ts';
import type { Scene } from './scene.ts';

interface Hint {
  row: number;
  left: number;
  right: number;
  text: string;
  /** A key by its name cannot be mistaken for a word. */
  isNamed: boolean;
}

const TOP_ROWS = 2;
const BOTTOM_ROWS = 3;
const LONGEST_LABEL = 32;
const LONGEST_STYLED_LABEL = 20;
/** So much of a bar is hints. */
const BAR_SHARE = 0.5;

const NAMED = String.raw`(?:[A-Z]-)?F\d{1,2}|\^[!-~]|[CMSA]-(?:\w+|[!-~])|<[\w-]{2,10}>|(?:ctrl|alt|shift|meta|cmd)[-+]\S{1,8}|esc(?:ape)?|enter|return|tab|space|backspace|ins|del|home|end|pgup|pgdn|arrow keys|[↑↓←→⏎⇥⌫↵][/↑↓←→]*`;
const NAMED_KEY = new RegExp(`^(?:${NAMED})$`, 'i');
const STYLED_KEY = new RegExp(`^(?:${NAMED}|\\d{1,2}|[!-~])$`, 'i');
/** `q:Quit`, `C-T: Menu`, `<Space>:NextPg`. */
const COLON_HINT = new RegExp(`(?:^|(?<=\\s))(${NAMED}|[!-~])\\s?: ?(?=[\\p{L}(])`, 'giu');
/** `O)ptions`, `/=search`, `[delete]=history list`. */
const LYNX_HINT = /(?:^|(?<=\s))(?:\p{L}\)(?=\p{L})|(?:\S|\[\w+\])=(?=\p{L}))/gu;
const BULLET = / [•·|│] /u;
const BULLET_HINT = new RegExp(`^(${NAMED}|[!-~])(?:: | to | )(\\p{L}.*)$`, 'iu');

export function findKeyHints(scene: Scene): DetectedElement[] {
  const { grid } = scene;
  const inkedRows = grid.texts.flatMap((text, row) => (text === '' ? [] : [row]));
  const rows = new Set([...inkedRows.slice(-BOTTOM_ROWS), ...inkedRows.filter((row) => row < TOP_ROWS)]);
  const elements: DetectedElement[] = [];
  let pending: Hint[] = [];
  let lastRow = -1;
  const flush = () => {
    if (isBar(pending)) elements.push(...pending.map(element));
    pending = [];
  };
  for (const row of [...rows].sort((a, b) => a - b)) {
    const plain = [colonHints, lynxHints, bulletHints].map((find) => find(grid, row)).find(isBar);
    if (plain !== undefined) {
      elements.push(...plain.map(element));
      continue;
    }
    if (row !== lastRow + 1) flush();
    pending.push(...styledHints(scene, row));
    lastRow = row;
  }
  flush();
  return elements;
}

function isBar(hints: readonly Hint[]): boolean {
  return hints.length >= 3 || (hints.length === 2 && hints.every((hint) => hint.isNamed));
}

function element({ row, left, right, text }: Hint): DetectedElement {
  return { kind: 'key_hint', row, col: left, width: right - left + 1, height: 1, text };
}

interface Piece {
  left: number;
  right: number;
  text: string;
  ground: number;
  style: string;
}

/** Stretches of one style; blanks belong to the stretch before them unless the ground changes. */
function pieces(grid: Grid, row: number): Piece[] {
  const found: Piece[] = [];
  let last: Piece | undefined;
  for (let col = 0; col < grid.cols; col++) {
    const isBlank = isBlankAt(grid, row, col);
    const cellGround = groundAt(grid, row, col);
    const style = `${cellGround}/${penAt(grid, row, col)}`;
    // A blank has no visible pen: the first character behind it decides.
    const isOther = last !== undefined && !isBlank && last.style !== '' && last.style !== style;
    if (last === undefined || cellGround !== last.ground || isOther) {
      last = { left: col, right: col, text: '', ground: cellGround, style: isBlank ? '' : style };
      found.push(last);
    }
    if (last.style === '' && !isBlank) last.style = style;
    const code = codeAt(grid, row, col);
    if (code !== 0) last.text += String.fromCodePoint(code);
    last.right = col;
  }
  return found;
}

function styledHints({ grid, boxes, taken }: Scene, row: number): Hint[] {
  const styled = pieces(grid, row).filter((piece) => piece.text.trim() !== '');
  const hints: Hint[] = [];
  let covered = 0;
  for (let i = 0; i + 1 < styled.length; i++) {
    const key = styled[i] as Piece;
    const label = styled[i + 1] as Piece;
    if (!isStyledHint(key, label)) continue;
    const keyText = key.text.trim();
    const labelText = label.text.trim();
    const left = key.left + key.text.length - key.text.trimStart().length;
    const right = label.left + label.text.trimEnd().length - 1;
    covered += right - left + 1;
    hints.push({ row, left, right, text: `${keyText} ${labelText}`, isNamed: NAMED_KEY.test(keyText) });
    i++;
  }
  const whole = (grid.texts[row] ?? '').replace(/\s/g, '').length;
  // Dialogs and menus colour letters too, and meters alternate figures and words.
  const isFree = hints.every((hint) => {
    return boxAround(boxes, row, hint.left) === undefined && taken[row * grid.cols + hint.left] !== 1;
  });
  return isFree && covered >= whole * BAR_SHARE ? hints : [];
}

function isStyledHint(key: Piece, label: Piece): boolean {
  const keyText = key.text.trim();
  if (!STYLED_KEY.test(keyText) || key.style === label.style || label.left - key.right !== 1) return false;
  const isParted = key.ground !== label.ground || /\s$/.test(key.text) || /^\s/.test(label.text);
  if (/^\d/.test(keyText) ? key.ground === label.ground : !isParted) return false;
  // A label begins with its letter at once, or behind the one blank that separates it.
  return label.text.trim().length <= LONGEST_STYLED_LABEL && /^\s?\p{L}/u.test(label.text);
}

/** Hints that begin at each match and run to the next. */
function hintsAt(grid: Grid, row: number, matches: readonly RegExpMatchArray[]): Hint[] {
  const text = grid.texts[row] ?? '';
  const first = matches[0]?.index ?? 0;
  // A bar begins with a hint.
  if (text.slice(0, first).trim() !== '') return [];
  const hints = matches.map((match, i): Hint => {
    const start = match.index ?? 0;
    const whole = text.slice(start, matches[i + 1]?.index ?? text.length).trimEnd();
    return {
      row,
      left: columnAt(grid, row, start),
      right: columnAt(grid, row, start + whole.length) - 1,
      text: whole,
      isNamed: false,
    };
  });
  return hints.every((hint) => hint.text.length <= LONGEST_LABEL + 8) ? hints : [];
}

function colonHints(grid: Grid, row: number): Hint[] {
  const matches = [...(grid.texts[row] ?? '').matchAll(COLON_HINT)];
  return matches.length < 3 ? [] : hintsAt(grid, row, matches);
}

function lynxHints(grid: Grid, row: number): Hint[] {
  const matches = [...(grid.texts[row] ?? '').matchAll(LYNX_HINT)];
  return matches.length < 3 ? [] : hintsAt(grid, row, matches);
}

function bulletHints(grid: Grid, row: number): Hint[] {
  const text = (grid.texts[row] ?? '').replace(/^[\s│┃|]+/u, (lead) => ' '.repeat(lead.length));
  const hints: Hint[] = [];
  let index = 0;
  for (const part of text.split(BULLET)) {
    const start = index + part.length - part.trimStart().length;
    index += part.length + 3;
    const match = BULLET_HINT.exec(part.trim());
    if (match === null || part.length > LONGEST_LABEL) return [];
    const end = start + part.trim().length;
    const [, key = ''] = match;
    hints.push({
      row,
      left: columnAt(grid, row, start),
      right: columnAt(grid, row, end) - 1,
      text: part.trim(),
      isNamed: NAMED_KEY.test(key),
    });
  }
  return hints.some((hint) => hint.isNamed) ? hints : [];
}
