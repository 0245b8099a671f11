/**
 * Where xterm.js does not do what xterm does, and a program can tell.
 *
 * Found by drawing the same bytes in tmux (tests/terminal/differential). Each function below is one of
 * them; all hook into sequences and leave the drawing to xterm.js.
 */
import type { Core, CsiParameters } from './emulator.ts';
import { repeatOnlyPrinted } from './lone-marks.ts';
import { unwrapBehindFullRow } from './wraps.ts';

export function correct(core: Core): void {
  keepScrolledLines(core);
  shareMarginsAndTabs(core);
  saveWholeCursor(core);
  readShortColors(core);
  alignInPlain(core);
  drawBlankOfGraphics(core);
  insertBetweenHalves(core);
  repeatOnlyPrinted(core);
}

/** SU scrolls like line feeds at the bottom: from the top of the main screen, lines go to the scrollback. */
function keepScrolledLines(core: Core): void {
  const { buffers, _inputHandler: handler, _bufferService: service } = core;
  handler._parser.registerCsiHandler({ final: 'S' }, ({ params }) => {
    const { active, normal } = buffers;
    if (active !== normal || active.scrollTop !== 0) return false;
    const bottom = active.scrollBottom + 1;
    const count = Math.min(params[0] || 1, Math.max(bottom, core.rows));
    for (let i = 0; i < count; i++) service.scroll(handler._eraseAttrData(), false);
    unwrapBehindFullRow(core);
    return true;
  });
}

/** Scroll region and tab stops belong to the terminal, and both screens have them. */
function shareMarginsAndTabs({ buffers }: Core): void {
  buffers.onBufferActivate(({ activeBuffer, inactiveBuffer }) => {
    activeBuffer.scrollTop = inactiveBuffer.scrollTop;
    activeBuffer.scrollBottom = inactiveBuffer.scrollBottom;
    activeBuffer.tabs = inactiveBuffer.tabs;
  });
}

/**
 * DECSC saves origin mode, the whole of the attributes and the character sets with the shift between them (VT510 manual,
 * "DECSC"; xterm's CursorSave); xterm.js saves colours and the set in use. Each screen has a saved cursor of its own.
 * All ways to save and restore go through these two methods: ESC 7, CSI s, and the modes 1048 and 1049.
 */
function saveWholeCursor({
  buffers,
  coreService,
  _charsetService: charsets,
  _inputHandler: handler,
}: Core): void {
  const save = handler.saveCursor.bind(handler);
  handler.saveCursor = (params) => {
    buffers.active.savedBesides = {
      origin: coreService.decPrivateModes.origin,
      underline: handler.getAttrData().extended._ext,
      charsets: [...charsets._charsets],
      shift: charsets.glevel,
    };
    return save(params);
  };
  const restore = handler.restoreCursor.bind(handler);
  handler.restoreCursor = (params) => {
    const saved = buffers.active.savedBesides;
    coreService.decPrivateModes.origin = saved?.origin ?? false;
    restore(params);
    if (saved === undefined) {
      // xterm.js moves the place with the lines, also where nothing was saved.
      buffers.active.x = 0;
      buffers.active.y = 0;
    }
    CHARSETS.forEach((which) => {
      charsets.setgCharset(which, saved?.charsets[which]);
    });
    charsets.setgLevel(saved?.shift ?? 0);
    const attributes = handler.getAttrData();
    // A link goes on: OSC 8 is not part of what is saved.
    attributes.extended = attributes.extended.clone();
    attributes.extended._ext = saved?.underline ?? 0;
    attributes.updateExtended();
    return true;
  };
  // DECSTR
  handler._parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => {
    delete buffers.active.savedBesides;
    return false;
  });
}

/** G0 to G3. */
const CHARSETS = [0, 1, 2, 3] as const;

/** SGR 38:2:R:G:B, without the colour space that ISO 8613-6 has before R; xterm and all others read it so. */
function readShortColors({ _inputHandler: handler }: Core): void {
  const isShort = (sub: unknown) => Array.isArray(sub) && sub.length === 4 && sub[0] === 2;
  handler._parser.registerCsiHandler({ final: 'm' }, (params) => {
    if (params._subParamsLength < 4) return false;
    const list = params.toArray();
    if (!list.some(isShort)) return false;
    const { fromArray } = params.constructor as unknown as {
      fromArray(list: (number | number[])[]): CsiParameters;
    };
    const NO_COLOR_SPACE = -1;
    handler.charAttributes(
      fromArray(
        list.map((sub) => (Array.isArray(sub) && isShort(sub) ? [2, NO_COLOR_SPACE, ...sub.slice(1)] : sub)),
      ),
    );
    return true;
  });
}

/** DECALN fills the screen with E in default colours. */
function alignInPlain({ _inputHandler: handler }: Core): void {
  handler._parser.registerEscHandler({ intermediates: '#', final: '8' }, () => {
    const attributes = handler.getAttrData();
    const { fg, bg } = attributes;
    attributes.fg = 0;
    attributes.bg = 0;
    handler.screenAlignmentPattern();
    attributes.fg = fg;
    attributes.bg = bg;
    return true;
  });
}

/** 0x5F of the DEC special graphics is a blank (VT100 manual, table 3-9), which the table of xterm.js leaves out. */
function drawBlankOfGraphics({ _charsetService: service, _inputHandler: handler }: Core): void {
  const bytes = (text: string) => new TextEncoder().encode(text);
  handler.parse(bytes('\x1b(0'));
  const graphics = service._charsets[0] as Record<string, string> | undefined;
  if (graphics !== undefined) graphics._ = ' ';
  handler.parse(bytes('\x1b(B'));
}

/**
 * ICH and DECIC inside of a wide character leave nothing of it (xterm); xterm.js erases its first half and moves the second one
 * along, which is then the half of none.
 */
function insertBetweenHalves(core: Core): void {
  const { buffers, _inputHandler: handler } = core;
  const eraseSecondHalf = (row: number) => {
    const { active } = buffers;
    const line = active.lines.get(active.ybase + row);
    const column = Math.min(active.x, core.cols - 1);
    if (line === undefined || column === 0 || line.getWidth(column - 1) !== 2) return;
    line.setCellFromCodepoint(column, 0, 1, handler._eraseAttrData());
  };
  handler._parser.registerCsiHandler({ final: '@' }, () => {
    eraseSecondHalf(buffers.active.y);
    return false;
  });
  handler._parser.registerCsiHandler({ intermediates: "'", final: '}' }, () => {
    const { y, scrollTop, scrollBottom } = buffers.active;
    if (y < scrollTop || y > scrollBottom) return false;
    for (let row = scrollTop; row <= scrollBottom; row++) eraseSecondHalf(row);
    return false;
  });
}

/** xterm.js gives memory of narrower rows back later, from timers, and complains on stderr when that is slow. */
export function cleanUp({ buffers }: Core): void {
  for (const buffer of [buffers.normal, buffers.alt]) {
    buffer._memoryCleanupQueue.clear();
    for (let y = 0; y < buffer.lines.length; y++) buffer.lines.get(y)?.cleanupMemory();
  }
}

/** xterm.js keeps the right of the alternate screen's rows when it gets narrower; that is never visible. */
export function cutToWidth({ buffers, cols }: Core): void {
  const { lines } = buffers.alt;
  for (let y = 0; y < lines.length; y++) {
    const line = lines.get(y);
    if (line === undefined || line.length <= cols) continue;
    line.resize(cols, buffers.alt.getNullCell());
    // Half of a wide character is none.
    if (line.getWidth(cols - 1) === 2) line.replaceCells(cols - 1, cols, buffers.alt.getNullCell());
  }
}
