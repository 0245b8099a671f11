/**
 * One session in a terminal emulator, kept the same as the daemon's by the parts of `session.view`.
 *
 * The emulator draws later than it is written to, so what must happen between two parts goes through its
 * queue as well: a new screen is a reset, a resize and the screen, in this order, whatever is still undrawn.
 */
import type { StreamEvent } from '@pilotty/client/browser';
import { type Core, clusterWidths, protect, RepairedStream, resizeAsScreen } from '@pilotty/terminal/drawing';
import { signal } from '@preact/signals';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { type ITheme, Terminal } from '@xterm/xterm';
import type { TerminalTheme } from '../look/terminal-themes.ts';
import { muteReplies } from './mute-replies.ts';
import { TouchControl } from './touch.ts';

export interface TerminalViewOptions {
  theme: TerminalTheme;
  minimumContrast: number;
  isReadAloud: boolean;
  fontSize: number;
  typed(text: string): void;
  /** In base64: what is no text. */
  typedBytes(dataBase64: string): void;
  pasted(text: string): void;
  /** False where the key is the page's own. */
  isForProgram(event: KeyboardEvent): boolean;
  /** It has the keys now. */
  focused?(): void;
  /** It has another size. */
  resized?(): void;
}

export interface Size {
  cols: number;
  rows: number;
}

/** The smallest readable font size, and the largest sensible one. */
const MIN_FONT_SIZE = 5;
const MAX_FONT_SIZE = 32;
const SCROLLBACK = 5_000;
/** What xterm.js throws at is ten times as much. */
const MAX_UNDRAWN_BYTES = 4 * 1024 * 1024;
const RESET = '\x1bc';
/**
 * xterm.js draws no cursor until it has had the focus: of four side by side, three would have none, nor a recording. It
 * does once a program has left the alternate screen, also where it was not on it.
 */
const SHOW_CURSOR = '\x1b[?47l';
/** How drivers without a GPU call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
/**
 * What xterm.js sends when it gets or loses the focus, to a program that has set mode 1004. Whoever looks at a session has
 * typed nothing: sent on, it would be input, and waits count from the last input.
 */
const FOCUS_REPORTS: ReadonlySet<string> = new Set(['\x1b[I', '\x1b[O']);

export class TerminalView {
  /** Of the search: which match of how many. */
  readonly matches = signal<{ current: number; count: number } | undefined>(undefined);
  /** Where the link under the pointer leads. */
  readonly link = signal<string | undefined>(undefined);
  readonly hasSelection = signal(false);
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #place: HTMLElement;
  readonly #touch: TouchControl;
  #unparsedBytes = 0;
  #stream = new RepairedStream();
  #theme: TerminalTheme;

  constructor(place: HTMLElement, options: TerminalViewOptions) {
    this.#place = place;
    this.#theme = options.theme;
    const terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: false,
      fontFamily: getComputedStyle(place).getPropertyValue('--monospace'),
      fontSize: options.fontSize,
      minimumContrastRatio: options.minimumContrast,
      reflowCursorLine: true,
      screenReaderMode: options.isReadAloud,
      scrollback: SCROLLBACK,
      theme: themeOf(options.theme),
      linkHandler: {
        activate: (_, target) => openLink(target),
        hover: (_, target) => this.#hover(target),
        leave: () => this.#hover(undefined),
      },
    });
    this.#terminal = terminal;
    // An exception while it draws would be its last: xterm.js asks for no further piece then.
    protect(coreOf(terminal), () => {});
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(this.#search);
    terminal.loadAddon(
      new WebLinksAddon((_, target) => openLink(target), {
        hover: (_, target) => this.#hover(target),
        leave: () => this.#hover(undefined),
      }),
    );
    terminal.unicode.register(clusterWidths);
    terminal.unicode.activeVersion = clusterWidths.version;
    muteReplies(terminal);
    terminal.attachCustomKeyEventHandler(options.isForProgram);
    terminal.open(place);
    terminal.write(SHOW_CURSOR);
    terminal.onData((text) => {
      if (!FOCUS_REPORTS.has(text)) options.typed(text);
    });
    terminal.onBinary((text) => options.typedBytes(btoa(text)));
    terminal.textarea?.addEventListener('focus', () => options.focused?.());
    terminal.onResize(() => options.resized?.());
    this.#touch = new TouchControl(terminal, place);
    terminal.onSelectionChange(() => {
      this.hasSelection.value = terminal.hasSelection();
    });
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => {
      this.matches.value = { current: resultIndex + 1, count: resultCount };
    });
    // Before xterm.js sees it: it would type the text, in brackets or not by its own knowledge.
    place.addEventListener(
      'paste',
      (event) => {
        const text = event.clipboardData?.getData('text/plain') ?? '';
        event.preventDefault();
        event.stopPropagation();
        if (text !== '' && terminal.options.disableStdin !== true) options.pasted(text);
      },
      { capture: true },
    );
    void this.#drawByGpu();
  }

  /**
   * @param drawn is called when the part can be seen
   * @returns a promise when the emulator has enough to do, resolved once it can take more
   */
  show(part: StreamEvent<'session.view'>, drawn: () => void): Promise<void> | undefined {
    if (part.type === 'exited') return undefined;
    if (part.type === 'screen') this.restart(part.size);
    const done = this.write(bytesOf(part.data_base64), drawn);
    return this.isBehind ? done : undefined;
  }

  /** An empty screen of that size, for what is written from now on. */
  restart({ cols, rows }: Size): void {
    this.#stream = new RepairedStream();
    this.#terminal.write(RESET, () => this.#terminal.resize(cols, rows));
  }

  /** As the daemon's screen is resized, with what was written before on it. */
  resize({ cols, rows }: Size): void {
    const terminal = this.#terminal;
    terminal.write('', () =>
      resizeAsScreen(
        coreOf(terminal),
        () => terminal.resize(cols, rows),
        () => {
          terminal.reset();
          terminal.resize(cols, rows);
        },
      ),
    );
  }

  /** Resolves when it can be seen; `drawn` is called before anything that was written later is drawn. */
  write(bytes: Uint8Array, drawn: () => void = () => {}): Promise<void> {
    const data = this.#stream.next(bytes);
    this.#unparsedBytes += data.length;
    return new Promise<void>((resolve) => {
      this.#terminal.write(data, () => {
        this.#unparsedBytes -= data.length;
        drawn();
        resolve();
      });
    });
  }

  /** It has enough to draw, and should be written no more for a while. */
  get isBehind(): boolean {
    return this.#unparsedBytes > MAX_UNDRAWN_BYTES;
  }

  /** The size that would fill the place at the chosen size of letters; undefined while it is not shown. */
  sizeThatFits(fontSize: number): Size | undefined {
    this.#terminal.options.fontSize = fontSize;
    return this.#fit.proposeDimensions();
  }

  /** Chooses letters so that the whole screen can be seen, whatever its size. */
  scaleToFit(): void {
    const { cols, rows, options } = this.#terminal;
    const fitting = this.#fit.proposeDimensions();
    if (fitting === undefined || !Number.isFinite(fitting.cols)) return;
    const factor = Math.min(fitting.cols / cols, fitting.rows / rows);
    let size = Math.floor(clamp((options.fontSize ?? 14) * factor * 1.15) * 2) / 2;
    options.fontSize = size;
    // Cells are whole pixels, so half a point more may or may not make them larger.
    while (size > MIN_FONT_SIZE && !this.#fits()) {
      size -= 0.5;
      options.fontSize = size;
    }
  }

  find(text: string, direction: 'next' | 'previous', isIncremental = false): void {
    const { match, activeMatch } = this.#theme;
    const options = {
      incremental: isIncremental,
      decorations: {
        matchBackground: match,
        matchOverviewRuler: match,
        activeMatchBackground: activeMatch,
        activeMatchColorOverviewRuler: activeMatch,
      },
    };
    if (text === '') this.endSearch();
    else if (direction === 'next') this.#search.findNext(text, options);
    else this.#search.findPrevious(text, options);
  }

  endSearch(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
    this.matches.value = undefined;
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  scrollPages(count: number): void {
    this.#terminal.scrollPages(count);
  }

  setTheme(theme: TerminalTheme, minimumContrast: number): void {
    this.#theme = theme;
    this.#terminal.options.theme = themeOf(theme);
    this.#terminal.options.minimumContrastRatio = minimumContrast;
  }

  setReadAloud(isReadAloud: boolean): void {
    this.#terminal.options.screenReaderMode = isReadAloud;
  }

  focus(): void {
    this.#terminal.focus();
  }

  /** The program has ended: nobody reads what is typed. */
  end(): void {
    this.#terminal.options.disableStdin = true;
  }

  clearSelection(): void {
    this.#terminal.clearSelection();
  }

  close(): void {
    this.#touch.close();
    this.#terminal.dispose();
  }

  #fits(): boolean {
    const fitting = this.#fit.proposeDimensions();
    const { cols, rows } = this.#terminal;
    return fitting === undefined || (fitting.cols >= cols && fitting.rows >= rows);
  }

  #hover(target: string | undefined): void {
    this.link.value = target;
  }

  /** Where a GPU does it; else, and after that has gone away, xterm.js draws with elements. */
  async #drawByGpu(): Promise<void> {
    if (!hasGpu()) return;
    const { WebglAddon } = await import('@xterm/addon-webgl');
    if (!this.#place.isConnected) return;
    try {
      const addon = new WebglAddon();
      addon.onContextLoss(() => addon.dispose());
      this.#terminal.loadAddon(addon);
    } catch {
      // No WebGL here.
    }
  }
}

function coreOf(terminal: Terminal): Core {
  return (terminal as unknown as { _core: Core })._core;
}

function clamp(fontSize: number): number {
  return Math.min(Math.max(fontSize, MIN_FONT_SIZE), MAX_FONT_SIZE);
}

function themeOf({ foreground, background, cursor, palette }: TerminalTheme): ITheme {
  const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
  const bright = names.map((name) => `bright${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  const colors = [...names, ...bright].map((name, index) => [name, palette[index]] as const);
  return {
    foreground,
    background,
    cursor,
    cursorAccent: background,
    selectionBackground: '#3b82f680',
    ...Object.fromEntries(colors),
  };
}

/** Only what a browser opens as a page: a program may print any address. */
function openLink(target: string): void {
  if (/^https?:\/\//i.test(target)) open(target, '_blank', 'noopener,noreferrer');
}

function bytesOf(dataBase64: string): Uint8Array {
  return Uint8Array.from(atob(dataBase64), (character) => character.charCodeAt(0));
}

/** WebGL without a GPU is drawn by the processor: a busy terminal takes all of it, and elements a tenth. */
function hasGpu(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  if (context === null) return false;
  const details = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(details?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return !SOFTWARE.test(renderer);
}
