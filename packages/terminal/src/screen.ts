/**
 * A terminal screen without a terminal: bytes of a program in; text, styles, cursor, modes and the answers
 * the program waits for out.
 *
 * Everything is synchronous. When write() returns, the bytes are on the screen and their answers can be
 * taken; nothing is pending, nothing happens later. Hostile bytes and sizes cost time in proportion, and
 * never throw. Only this file imports the emulator.
 */
import xterm from '@xterm/headless';
import { boundCounts } from './bounds.ts';
import type { Core, Emulator } from './emulator.ts';
import { ModeTracker, type ScreenModes } from './modes.ts';
import { oscReceiver } from './osc.ts';
import type { Line } from './read/cells.ts';
import { hashLook } from './read/hash.ts';
import { type LogicalLine, lineText, logicalLines } from './read/text.ts';
import { answerQueries, Replies } from './replies.ts';
import { WholeCharacters } from './whole-characters.ts';
import { clusterWidths } from './width.ts';

export interface ScreenOptions {
  cols: number;
  rows: number;
  scrollback: number;
  /** Told to programs that ask with XTVERSION. */
  version?: string;
}

/** Zero-based. After a character in the last column the cursor still stands on it. */
export interface Cursor {
  row: number;
  col: number;
  visible: boolean;
  shape: 'block' | 'underline' | 'bar';
}

/** xterm.js decodes at most 131072 bytes at once; a piece that fails loses no more than its rest. */
const PIECE_BYTES = 1 << 16;
/** xterm.js keeps two columns at least, so that a wide character always fits somewhere. */
const MINIMUM_COLS = 2;
/** A title is shown in a line; a program may send 10 MB. */
const TITLE_LIMIT = 4096;

export function openEmulator(options: { cols: number; rows: number; scrollback: number }): Emulator {
  const terminal = new xterm.Terminal({
    cols: Math.max(wholeSize(options.cols), MINIMUM_COLS),
    rows: wholeSize(options.rows),
    scrollback: options.scrollback,
    allowProposedApi: true,
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
  boundCounts(core);
  let isDisposed = false;
  let piecesParsed = 0;
  const characters = new WholeCharacters();

  const decoder = { piece: () => piecesParsed, buffer: () => core._inputHandler._parseBuffer };

  function parse(bytes: Uint8Array): void {
    if (isDisposed) return;
    for (const piece of characters.pieces(bytes, PIECE_BYTES)) {
      piecesParsed++;
      try {
        // Terminal.write() parses later, in slices of 12 ms between timers, and throws beyond 50 MB; its
        // writeSync() never parses again once a handler threw. Both only queue in front of this method.
        // It is synchronous as long as no handler returns a promise; none here does.
        core._inputHandler.parse(piece);
      } catch {
        // A fault in xterm.js leaves its parser inside the sequence that hit it: start afresh behind it.
        core._inputHandler._parser.reset();
      }
    }
  }

  function resize(cols: number, rows: number): void {
    if (isDisposed) return;
    const size = [Math.max(wholeSize(cols), MINIMUM_COLS), wholeSize(rows)] as const;
    try {
      terminal.resize(...size);
    } catch {
      // Reflow failed half way. An empty screen of the right size is one the program can draw on again.
      terminal.reset();
      terminal.resize(...size);
    }
  }

  return {
    core,
    parse,
    resize,
    onCsi: (id, handler) => void terminal.parser.registerCsiHandler(id, handler),
    onEsc: (id, handler) => void terminal.parser.registerEscHandler(id, handler),
    onDcs: (id, handler) => void terminal.parser.registerDcsHandler(id, handler),
    onOsc: (identifier, handler) => {
      core._inputHandler._parser.registerOscHandler(identifier, oscReceiver(decoder, handler));
    },
    onAnswer: (listener) => void terminal.onData(listener),
    onTitle: (listener) => void terminal.onTitleChange(listener),
    onBell: (listener) => void terminal.onBell(listener),
    setScrollback: (lines) => {
      terminal.options.scrollback = lines;
    },
    dispose: () => {
      isDisposed = true;
      terminal.dispose();
    },
  };
}

function wholeSize(size: number): number {
  return Math.max(1, Math.trunc(size) || 1);
}

export class Screen {
  readonly #emulator: Emulator;
  readonly #modes: ModeTracker;
  readonly #replies = new Replies();
  #cols: number;
  #rows: number;
  #title = '';
  #cwd: string | undefined;
  #bellCount = 0;

  constructor({ cols, rows, scrollback, version = '0' }: ScreenOptions) {
    this.#cols = wholeSize(cols);
    this.#rows = wholeSize(rows);
    this.#emulator = openEmulator({ cols, rows, scrollback });
    this.#modes = new ModeTracker(this.#emulator);
    answerQueries({
      emulator: this.#emulator,
      modes: this.#modes,
      replies: this.#replies,
      version,
      size: () => this.size,
    });
    this.#emulator.onTitle((title) => {
      this.#title = title.slice(0, TITLE_LIMIT);
    });
    this.#emulator.onBell(() => {
      this.#bellCount++;
    });
    this.#emulator.onOsc(7, (url) => {
      this.#cwd = pathOf(url) ?? this.#cwd;
      return true;
    });
  }

  /** Parses all of `bytes` before it returns, and never throws. A character or sequence may be split anywhere. */
  write(bytes: Uint8Array): void {
    this.#emulator.parse(bytes);
  }

  /** Answers to the program's questions since the last call. */
  takeReplies(): Uint8Array | undefined {
    return this.#replies.take();
  }

  resize(cols: number, rows: number): void {
    this.#cols = wholeSize(cols);
    this.#rows = wholeSize(rows);
    this.#emulator.resize(cols, rows);
  }

  /** As asked for. A screen of one column has two inside, and its rows show both. */
  get size(): { cols: number; rows: number } {
    return { cols: this.#cols, rows: this.#rows };
  }

  get cursor(): Cursor {
    const { buffers, coreService } = this.#emulator.core;
    const { x, y } = buffers.active;
    return {
      row: y,
      col: Math.min(x, this.#cols - 1),
      visible: !coreService.isCursorHidden,
      shape: coreService.decPrivateModes.cursorStyle ?? 'block',
    };
  }

  get modes(): ScreenModes {
    return this.#modes.modes;
  }

  get title(): string {
    return this.#title;
  }

  /** The path the program last announced with OSC 7. */
  get cwd(): string | undefined {
    return this.#cwd;
  }

  get alternateScreen(): boolean {
    const { active, alt } = this.#emulator.core.buffers;
    return active === alt;
  }

  get bellCount(): number {
    return this.#bellCount;
  }

  /** The cells of each row, top first; valid until the next write. */
  lines(): Line[] {
    const { lines, ybase } = this.#emulator.core.buffers.active;
    return Array.from({ length: this.#rows }, (_, row) => lines.get(ybase + row)).filter(
      (line) => line !== undefined,
    );
  }

  /** One string a row, without trailing blanks. */
  rowTexts(): string[] {
    return this.lines().map((line) => lineText(line));
  }

  /** The rows joined by newlines, without trailing empty rows. */
  text(): string {
    return this.rowTexts().join('\n').replace(/\n+$/, '');
  }

  /** The rows joined where they wrap, for searching. */
  logicalLines(): LogicalLine[] {
    return logicalLines(this.lines());
  }

  /** Equal for screens that look equal; an integer below 2^53. */
  hash(): number {
    return hashLook({ lines: this.lines(), cols: this.#cols, rows: this.#rows, cursor: this.cursor });
  }

  /** The last `count` rows that left the screen, oldest first. */
  scrollbackTexts(count: number): string[] {
    const { lines, ybase } = this.#emulator.core.buffers.active;
    const texts: string[] = [];
    for (let y = Math.max(0, ybase - Math.max(0, Math.trunc(count))); y < ybase; y++) {
      const line = lines.get(y);
      if (line !== undefined) texts.push(lineText(line));
    }
    return texts;
  }

  /** Idempotent; later writes are ignored. */
  dispose(): void {
    this.#emulator.dispose();
  }
}

/** `file://host/path` (also with kitty's scheme) or a plain path. */
function pathOf(url: string): string | undefined {
  const path = /^[a-z-]+:\/\/[^/]*(\/.*)$/i.exec(url)?.[1] ?? (url.startsWith('/') ? url : undefined);
  if (path === undefined) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    // A path with a bare per cent sign is meant as it stands.
    return path;
  }
}
