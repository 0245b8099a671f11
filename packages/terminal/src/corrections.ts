/**
 * Where xterm.js does not do what xterm does, and a program can tell.
 *
 * Found by drawing the same bytes in tmux (tests/terminal/differential). Each function below is one of
 * them; all hook into sequences and leave the drawing to xterm.js.
 */
import type { Core, CsiParameters } from './emulator.ts';

export function correct(core: Core): void {
  keepScrolledLines(core);
  shareMarginsAndTabs(core);
  saveWholeCursor(core);
  readShortColors(core);
  alignInPlain(core);
  drawBlankOfGraphics(core);
}

/** SU scrolls like line feeds at the bottom: from the top of the main screen, lines go to the scrollback. */
function keepScrolledLines({ buffers, rows, _inputHandler: handler, _bufferService: service }: Core): void {
  handler._parser.registerCsiHandler({ final: 'S' }, ({ params }) => {
    const { active, normal } = buffers;
    if (active !== normal || active.scrollTop !== 0) return false;
    const bottom = active.scrollBottom + 1;
    const count = Math.min(params[0] || 1, Math.max(bottom, rows));
    for (let i = 0; i < count; i++) service.scroll(handler._eraseAttrData(), false);
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
 * DECSC saves origin mode and the whole of the attributes (VT510 manual, "DECSC"); xterm.js forgets the
 * former and the underline's style and colour. Each screen has a saved cursor of its own.
 */
function saveWholeCursor({ buffers, coreService, _inputHandler: handler }: Core): void {
  const save = () => {
    buffers.active.savedOrigin = coreService.decPrivateModes.origin;
    buffers.active.savedExtended = handler.getAttrData().extended;
    return false;
  };
  // Position, colours and the flag that there are extended attributes follow from xterm.js.
  const restore = () => {
    const { savedOrigin = false, savedExtended } = buffers.active;
    coreService.decPrivateModes.origin = savedOrigin;
    const attributes = handler.getAttrData();
    // A link goes on: OSC 8 is not part of what is saved.
    const { urlId } = attributes.extended;
    if (savedExtended !== undefined) attributes.extended = savedExtended.clone();
    attributes.extended.urlId = urlId;
    return false;
  };
  const parser = handler._parser;
  parser.registerEscHandler({ final: '7' }, save);
  parser.registerEscHandler({ final: '8' }, restore);
  parser.registerCsiHandler({ final: 's' }, save);
  parser.registerCsiHandler({ final: 'u' }, restore);
}

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
