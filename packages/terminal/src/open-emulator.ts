/**
 * Opens xterm.js as a computation: synchronous, without a throw, without its limits on what is answered.
 * Only this file imports it.
 */
import xterm from '@xterm/headless';
import { BytePlaces } from './byte-places.ts';
import type { Core, Emulator } from './emulator.ts';
import { takeShortCuts } from './fast-paths.ts';
import type { Fault } from './faults.ts';
import { oscReceiver } from './osc.ts';
import { plainOutput } from './plain-output.ts';
import { protect } from './protect.ts';
import { repairUtf8 } from './repair-utf8.ts';
import { resizeAsScreen } from './resize.ts';
import { fitHandlers, shareWhatIsAlike } from './spare-memory.ts';
import { UndrawnLines } from './undrawn-lines.ts';
import { UnfinishedSequence } from './unfinished-sequence.ts';
import { concatenate, WholeCharacters } from './whole-characters.ts';
import { clusterWidths } from './width.ts';

/** xterm.js decodes at most 131072 bytes at once; one that is not UTF-8 becomes three. */
const PIECE_BYTES = 1 << 15;
/** What is not plain is left to xterm.js up to the end of a line this far on: handing over costs as much as to parse this. */
const UNPLAIN_BYTES = 128;
const LF = 0x0a;
/** RIS */
const FULL_RESET = new TextEncoder().encode('\x1bc');
/** xterm.js keeps two columns at least, so that a wide character always fits somewhere. */
const MINIMUM_COLS = 2;

export function openEmulator(options: {
  cols: number;
  rows: number;
  scrollback: number;
  /** Receives what xterm.js could not do. */
  onFault?: ((fault: Fault) => void) | undefined;
}): Emulator {
  const terminal = new xterm.Terminal({
    cols: Math.max(wholeSize(options.cols), MINIMUM_COLS),
    rows: wholeSize(options.rows),
    scrollback: options.scrollback,
    allowProposedApi: true,
    // What a program wrote stays on the screen that gets narrower, the cursor's line included.
    reflowCursorLine: true,
    logLevel: 'off',
    // xterm.js drops window reports before any hook sees them unless they are allowed here.
    windowOptions: {
      getWinState: true,
      getWinPosition: true,
      getWinSizePixels: true,
      getScreenSizePixels: true,
      getCellSizePixels: true,
      getWinSizeChars: true,
      getScreenSizeChars: true,
      getIconTitle: true,
      getWinTitle: true,
      pushTitle: true,
      popTitle: true,
    },
  });
  terminal.unicode.register(clusterWidths);
  terminal.unicode.activeVersion = clusterWidths.version;
  const { _core: core } = terminal as unknown as { _core: Core };
  const faulted = (fault: Fault) => options.onFault?.(fault);
  shareWhatIsAlike(core);
  protect(core, faulted);
  takeShortCuts(core);
  const drawPlain = plainOutput(core);
  let isDisposed = false;
  let piecesParsed = 0;
  const characters = new WholeCharacters();
  const sequence = new UnfinishedSequence();

  const places = new BytePlaces();
  const decoder = {
    piece: () => piecesParsed,
    buffer: () => core._inputHandler._parseBuffer,
    offsetOf: (index: number) => places.offsetOf(index, core._inputHandler._parseBuffer),
  };

  function parse(bytes: Uint8Array): void {
    undrawn.draw();
    parseNow(bytes);
  }

  function parseNow(bytes: Uint8Array): void {
    try {
      for (const piece of characters.pieces(bytes, PIECE_BYTES)) parsePiece(piece);
    } catch (error) {
      faulted({ sequence: 'output', error, isOfScreen: true });
    }
  }

  function startOver(): void {
    undrawn.draw();
    characters.end();
    sequence.end();
    core._inputHandler._parser.reset();
    parseNow(FULL_RESET);
  }

  const undrawn = new UndrawnLines(core, parseNow, (bytes) => places.pass(bytes));

  function postpone(bytes: Uint8Array): boolean {
    return !isDisposed && characters.begun.length === 0 && undrawn.take(bytes);
  }

  function parsePiece(piece: Uint8Array): void {
    if (isDisposed) return;
    for (let at = 0; at < piece.length; ) {
      const drawn = drawPlain(piece, at);
      places.pass(drawn - at);
      at = drawn;
      if (at === piece.length) break;
      const end = isOutsideOfSequences() ? endOfUnplain(piece, at) : piece.length;
      parseUnplain(piece.subarray(at, end));
      at = end;
    }
  }

  function isOutsideOfSequences(): boolean {
    return core._inputHandler._parser.currentState === 0;
  }

  function parseUnplain(original: Uint8Array): void {
    const repaired = repairUtf8(original);
    // Three times as long at most, so that xterm.js decodes it in one go: see PIECE_BYTES.
    const piece = repaired.bytes;
    piecesParsed++;
    places.begin(repaired, original.length);
    try {
      // Terminal.write() parses later, in slices of 12 ms between timers, and throws beyond 50 MB; its
      // writeSync() never parses again once a handler threw. Both only queue in front of this method.
      // It is synchronous as long as no handler returns a promise; none here does.
      core._inputHandler.parse(piece);
    } catch (error) {
      // Outside of any sequence; the parser may be inside of one: start afresh behind it.
      core._inputHandler._parser.reset();
      faulted({ sequence: 'parser', error, isOfScreen: true });
    }
    if (isOutsideOfSequences()) sequence.end();
    else sequence.goOn(piece);
  }

  function resize(cols: number, rows: number): void {
    if (isDisposed) return;
    undrawn.draw();
    const size = [Math.max(wholeSize(cols), MINIMUM_COLS), wholeSize(rows)] as const;
    const resizeTerminal = () => terminal.resize(...size);
    resizeAsScreen(core, resizeTerminal, (error) => {
      faulted({ sequence: 'resize', error, isOfScreen: true });
      terminal.reset();
      resizeTerminal();
    });
  }

  return {
    get core() {
      undrawn.draw();
      return core;
    },
    parse,
    postpone,
    postponed: {
      core,
      get isEmpty() {
        return undrawn.isEmpty;
      },
      get rows() {
        return undrawn.rows;
      },
    },
    end: () => {
      undrawn.draw();
      const rest = characters.end();
      if (rest.length > 0) parsePiece(rest);
    },
    unfinished: () => {
      undrawn.draw();
      return concatenate(sequence.bytes, characters.begun);
    },
    resize,
    startOver,
    onCsi: (id, handler) => void terminal.parser.registerCsiHandler(id, handler),
    onEsc: (id, handler) => void terminal.parser.registerEscHandler(id, handler),
    onDcs: (id, handler) => void terminal.parser.registerDcsHandler(id, handler),
    onOsc: (identifier, handler) => {
      core._inputHandler._parser.registerOscHandler(identifier, oscReceiver(identifier, decoder, handler));
    },
    onAnswer: (listener) => void terminal.onData(listener),
    onBell: (listener) => void terminal.onBell(listener),
    setScrollback: (lines) => {
      undrawn.draw();
      terminal.options.scrollback = lines;
    },
    fitHandlers: () => fitHandlers(core),
    dispose: () => {
      isDisposed = true;
      terminal.dispose();
    },
  };
}

function endOfUnplain(bytes: Uint8Array, start: number): number {
  const lineEnd = bytes.indexOf(LF, start + UNPLAIN_BYTES);
  return lineEnd === -1 ? bytes.length : lineEnd + 1;
}

/** Whatever is asked for, a screen has a row and a column. */
export function wholeSize(size: number): number {
  return Math.max(1, Math.trunc(size) || 1);
}
