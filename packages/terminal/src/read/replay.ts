/**
 * Bytes that turn a fresh terminal of the same size into this one, for a viewer who comes late: what is
 * seen, what has scrolled by, and what the bytes to come rely on.
 *
 * The order is given by what undoes what. Rows are drawn first, with every mode at its default; margins
 * and origin mode send the cursor home, so it comes after them; a character waiting to be completed
 * comes last, because anything behind it would end it. What is not replayed: colours set with OSC 4, 10
 * and 11, the title stack, and whether the first line kept began in a row that no longer is.
 */
import type { Buffer, Charset, Core } from '../emulator.ts';
import { CELL_WORDS, cellText, cellWidth, HAS_EXTENDED, type Line } from '../lines/cells.ts';
import { hasNoWidth } from '../lone-marks.ts';
import { openEmulator } from '../open-emulator.ts';
import type { Screen } from '../screen.ts';
import { RowWriter } from './replay-rows.ts';

const CURSOR_STYLE = { block: 2, underline: 4, bar: 6 } as const;
const MOUSE_MODE = { none: 0, x10: 9, press: 1000, drag: 1002, any: 1003 } as const;
const MOUSE_ENCODING_MODE = { default: 0, utf8: 1005, sgr: 1006, urxvt: 1015, 'sgr-pixels': 1016 } as const;
const PROGRESS = { running: 1, error: 2, indeterminate: 3, paused: 4 } as const;
const CHARSET_NAMES = ['0', 'A', '4', 'C', 'R', 'Q', 'K', 'Y', 'E', 'Z', 'H', '='];
const DESIGNATE = ['(', ')', '*', '+'];
/** SO and SI, LS2, LS3. */
const SHIFT = ['\x0f', '\x0e', '\x1bn', '\x1bo'];
const TAB_WIDTH = 8;

/** `scrollback`: how many of the rows above the screen to replay at most. */
export function replayBytes(screen: Screen, { scrollback = Number.POSITIVE_INFINITY } = {}): Uint8Array {
  const { core, kittyStacks, unfinished } = screen.inside;
  const { normal, alt } = core.buffers;
  const writer = new RowWriter(core.cols, (line, col) => screen.linkIn(line, col));

  drawBuffer(writer, core, normal, scrollback);
  writer.add(kittyStack(kittyStacks.main));
  if (screen.alternateScreen) {
    // Not 1049, which would save the cursor once more, with the plain style this needs.
    writer.plainPen();
    writer.add('\x1b[?1047h\x1b[H');
    drawBuffer(writer, core, alt, 0);
    writer.add(kittyStack(kittyStacks.alternate));
  }
  if (screen.title !== '') writer.add(`\x1b]2;${screen.title}\x1b\\`);
  if (screen.cwd !== undefined) writer.add(`\x1b]7;file://${encodeURI(screen.cwd)}\x1b\\`);
  if (screen.progress !== undefined) {
    const { state, percent = 0 } = screen.progress;
    writer.add(`\x1b]9;4;${PROGRESS[state]};${percent}\x1b\\`);
  }
  const isPlainBefore = wouldBeDrawnOtherwise(core);
  const { _charsets, glevel } = core._charsetService;
  const charsets = designations(_charsets, glevel);
  writer.add(marginsAndTabs(core) + (isPlainBefore ? '' : charsets) + modes(screen));
  putCursor(writer, screen);
  if (isPlainBefore) writer.add(charsets);

  const text = new TextEncoder().encode(writer.take());
  const bytes = new Uint8Array(text.length + unfinished.length);
  bytes.set(text);
  bytes.set(unfinished, text.length);
  return bytes;
}

/** Rows, and the cursor that the program has saved. */
function drawBuffer(writer: RowWriter, core: Core, buffer: Buffer, scrollback: number): void {
  const { rows } = core;
  const { lines, ybase } = buffer;
  const drawn: Line[] = [];
  for (let y = Math.max(0, ybase - scrollback); y < ybase + rows; y++) {
    const line = lines.get(y);
    if (line !== undefined) drawn.push(line);
  }
  writer.rows(drawn);
  drawSavedCursor(writer, core, buffer);
}

function drawSavedCursor(writer: RowWriter, { cols, rows }: Core, buffer: Buffer): void {
  const { savedX, savedY, ybase, savedCurAttrData, savedBesides } = buffer;
  // One that was never saved is that of a new terminal.
  if (savedBesides === undefined) return;
  const { origin, underline, charsets, shift } = savedBesides;
  const row = Math.min(Math.max(savedY - ybase, 0), rows - 1);
  const col = Math.min(savedX, cols - 1);
  // Without the link, which goes on whatever was saved.
  writer.pen({ ...savedCurAttrData, ext: underline }, undefined);
  // Origin mode sends the cursor home as it comes and goes; there are no margins yet.
  writer.add(origin ? '\x1b[?6h' : '');
  writer.add(designations(charsets, shift));
  writer.add(`\x1b[${row + 1};${col + 1}H\x1b7`);
  writer.add(charsets.map((charset, which) => (charset ? `\x1b${DESIGNATE[which]}B` : '')).join(''));
  writer.add(shift === 0 ? '' : '\x0f');
  writer.add(origin ? '\x1b[?6l' : '');
}

/** Scroll region and tab stops, which both screens share. */
function marginsAndTabs({ buffers, cols, rows }: Core): string {
  const { scrollTop, scrollBottom } = buffers.active;
  const isWhole = scrollTop === 0 && scrollBottom === rows - 1;
  return (isWhole ? '' : `\x1b[${scrollTop + 1};${scrollBottom + 1}r`) + tabStops(buffers.active, cols);
}

function tabStops({ tabs }: Buffer, cols: number): string {
  const stops = Array.from({ length: cols }, (_, col) => col).filter((col) => tabs[col]);
  const isDefault = Array.from({ length: cols }, (_, col) => col).every(
    (col) => Boolean(tabs[col]) === (col % TAB_WIDTH === 0),
  );
  if (isDefault) return '';
  return `\x1b[3g${stops.map((col) => `\x1b[${col + 1}G\x1bH`).join('')}`;
}

function kittyStack(flags: readonly number[]): string {
  const [first = 0, ...pushed] = flags;
  return (first ? `\x1b[=${first};1u` : '') + pushed.map((each) => `\x1b[>${each}u`).join('');
}

function designations(charsets: readonly Charset[], shift: number): string {
  const designated = DESIGNATE.map((which, index) => {
    const name = charsetName(charsets[index]);
    return name === 'B' ? '' : `\x1b${which}${name}`;
  });
  return designated.join('') + (shift === 0 ? '' : SHIFT[shift]);
}

/** The character before the cursor, which may be drawn once more, came before the character set in force. */
function wouldBeDrawnOtherwise({ buffers: { active }, _charsetService: { charset } }: Core): boolean {
  const line = active.lines.get(active.ybase + active.y);
  if (charset === undefined || line === undefined || active.x === 0) return false;
  return Object.hasOwn(charset, cellText(line, active.x - 1));
}

let charsetNames: Map<Charset, string> | undefined;

/** xterm.js keeps tables, not names; another emulator is asked for the tables of all names. */
function charsetName(charset: Charset): string {
  if (charset === undefined) return 'B';
  if (charsetNames === undefined) {
    charsetNames = new Map();
    const emulator = openEmulator({ cols: 2, rows: 1, scrollback: 0 });
    for (const name of CHARSET_NAMES) {
      emulator.parse(new TextEncoder().encode(`\x1b(${name}`));
      charsetNames.set(emulator.core._charsetService.charset, name);
    }
    emulator.dispose();
  }
  return charsetNames.get(charset) ?? 'B';
}

function modes(screen: Screen): string {
  const { coreService, optionsService } = screen.inside.core;
  const { cursorStyle, cursorBlink } = coreService.decPrivateModes;
  const now = screen.modes;
  const set = [
    now.applicationCursor && 1,
    now.originMode && 6,
    now.reverseWraparound && 45,
    MOUSE_MODE[now.mouse],
    now.focusEvents && 1004,
    MOUSE_ENCODING_MODE[now.mouseEncoding],
    now.alternateScroll && 1007,
    now.bracketedPaste && 2004,
    now.synchronizedOutput && 2026,
  ].filter(Boolean);
  return [
    set.map((mode) => `\x1b[?${mode}h`).join(''),
    now.wraparound ? '' : '\x1b[?7l',
    now.applicationKeypad ? '\x1b=' : '',
    now.modifyOtherKeys ? `\x1b[>4;${now.modifyOtherKeys}m` : '',
    optionsService.rawOptions.convertEol ? '\x1b[20h' : '',
    coreService.isCursorHidden ? '\x1b[?25l' : '',
    cursorStyle ? `\x1b[${CURSOR_STYLE[cursorStyle] - (cursorBlink ? 1 : 0)} q` : '',
  ].join('');
}

/** What a terminal must be told so that it sends keys, mouse and pastes as the program takes them. */
export function inputModes(screen: Screen): string {
  const now = screen.modes;
  const { cursorStyle, cursorBlink } = screen.inside.core.coreService.decPrivateModes;
  const set = [
    now.applicationCursor && 1,
    MOUSE_MODE[now.mouse],
    now.focusEvents && 1004,
    MOUSE_ENCODING_MODE[now.mouseEncoding],
    now.alternateScroll && 1007,
    now.bracketedPaste && 2004,
  ].filter(Boolean);
  return [
    set.map((mode) => `\x1b[?${mode}h`).join(''),
    now.applicationKeypad ? '\x1b=' : '',
    now.modifyOtherKeys ? `\x1b[>4;${now.modifyOtherKeys}m` : '',
    now.kittyFlags ? `\x1b[=${now.kittyFlags};1u` : '',
    cursorStyle ? `\x1b[${CURSOR_STYLE[cursorStyle] - (cursorBlink ? 1 : 0)} q` : '',
    screen.title === '' ? '' : `\x1b]2;${screen.title}\x1b\\`,
  ].join('');
}

/** The cursor, what it draws with, and the character before it if the next may still join that. */
function putCursor(writer: RowWriter, screen: Screen): void {
  const { core } = screen.inside;
  const { lines, ybase, x, y, scrollTop } = core.buffers.active;
  const { precedingJoinState } = core._inputHandler._parser;
  const attributes = core._inputHandler.getAttrData();
  const { insert, originMode } = screen.modes;
  const line = lines.get(ybase + y);
  const drawsWith = () => {
    const { fg, bg, extended } = attributes;
    const link = bg & HAS_EXTENDED ? extended.urlId : 0;
    writer.pen({ fg, bg, ext: extended.ext }, screen.linkAddress(link));
  };
  const moveTo = (col: number) => writer.add(`\x1b[${y - (originMode ? scrollTop : 0) + 1};${col + 1}H`);

  const before = Math.max(0, x > 1 && line !== undefined && cellWidth(line, x - 1) === 0 ? x - 2 : x - 1);
  const isPending = x === core.cols;
  // Without wraparound, or after a resize, the cursor may stand in the middle of a wide character.
  const isBehind = line !== undefined && before + Math.max(1, cellWidth(line, before)) === x;
  const mayJoin =
    !hasNoWidth(precedingJoinState) && isBehind && !insert && isDrawnWith(line, before, attributes);
  if (line !== undefined && (isPending || mayJoin)) {
    if (mayJoin) drawsWith();
    moveTo(before);
    if (!mayJoin) writer.penOf(line, before);
    writer.character(line, before);
    if (!mayJoin) {
      drawsWith();
      // What comes next neither joins nor repeats it.
      writer.add('\0');
    }
  } else {
    drawsWith();
    moveTo(x);
  }
  // Before it a character would be inserted.
  if (insert) writer.add('\x1b[4h');
}

type Pen = Pick<ReturnType<Core['_inputHandler']['getAttrData']>, 'fg' | 'bg' | 'extended'>;

function isDrawnWith(line: Line | undefined, col: number, { fg, bg, extended }: Pen): boolean {
  // The first bit of a word is a sign here and none there.
  const isSame = (word: number | undefined, other: number) => word !== undefined && (word ^ other) === 0;
  const at = col * CELL_WORDS;
  if (!isSame(line?._data[at + 1], fg) || !isSame(line?._data[at + 2], bg)) return false;
  if ((bg & HAS_EXTENDED) === 0) return true;
  const own = line?._extendedAttrs[col];
  return own?.ext === extended.ext && own.urlId === extended.urlId;
}
