/**
 * The private parts of @xterm/headless this package relies on, and nothing else of it.
 *
 * The version is pinned exactly because of this file. open-emulator.ts is the only importer of the package;
 * modes, replies and readers see it through these shapes.
 */
import type { Line } from './lines/cells.ts';

export interface FunctionIdentifier {
  prefix?: string;
  intermediates?: string;
  final: string;
}

export type Parameters = readonly (number | number[])[];

/** From its introducer to behind its terminator, in bytes since the first ever parsed. */
export interface Place {
  start: number;
  end: number;
}

/** `terminator` is the BEL or ST that ended the string. */
export type OscListener = (data: string, terminator: string, place: Place) => boolean;

/** Called last registered first; `true` ends the search, `false` lets xterm's own handler follow. */
export interface SequenceHooks {
  onCsi(id: FunctionIdentifier, handler: (parameters: Parameters) => boolean): void;
  onEsc(id: FunctionIdentifier, handler: () => boolean): void;
  onDcs(id: FunctionIdentifier, handler: (data: string) => boolean): void;
  /** See strings.ts for strings that are too long. */
  onOsc(identifier: number, handler: OscListener): void;
}

export interface CsiParameters {
  params: Int32Array;
  /** Of all parameters together. */
  readonly _subParamsLength: number;
  /** Sub-parameters follow theirs as a list. */
  toArray(): (number | number[])[];
}

/** A row as its owner sees it. */
export interface OwnLine extends Line {
  isWrapped: boolean;
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, ExtendedAttributes | undefined>;
  /** A width of 0 leaves the cell's. */
  addCodepointToCell(column: number, codepoint: number, width: number): void;
  setCellFromCodepoint(column: number, codepoint: number, width: number, attributes: Attributes): void;
  getWidth(column: number): number;
  hasContent(column: number): boolean | number;
  resize(cols: number, fill: unknown): boolean;
  clone(): OwnLine;
  cleanupMemory(): unknown;
  replaceCells(start: number, end: number, fill: unknown): void;
}

export interface Lines {
  readonly length: number;
  maxLength: number;
  readonly isFull: boolean;
  /** Of a full list: the first element becomes the last, and is returned. */
  recycle(): OwnLine;
  get(index: number): OwnLine | undefined;
  set(index: number, line: OwnLine): void;
  push(line: OwnLine): void;
  onTrim(listener: (amount: number) => void): unknown;
  readonly onTrimEmitter: { fire(amount: number): void };
}

export interface Buffer {
  readonly lines: Lines;
  x: number;
  y: number;
  /** How many lines are above the screen. */
  ybase: number;
  /** The first line a viewer sees, who may have scrolled. */
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  /** Columns with a tab stop are true. */
  tabs: Readonly<Record<number, boolean | undefined>>;
  readonly savedX: number;
  /** Counted from the first line kept, as ybase is. */
  readonly savedY: number;
  readonly savedCurAttrData: { readonly fg: number; readonly bg: number };
  /** What xterm.js does not save, see corrections.ts; none before the first DECSC. */
  savedBesides?: SavedBesides;
  getNullCell(): unknown;
  getBlankLine(attributes: Pick<Attributes, 'fg' | 'bg'> & { extended: unknown }): OwnLine;
  readonly _memoryCleanupQueue: { clear(): void };
  /** A line to be found again; -1 when it is gone. */
  addMarker(line: number): { readonly line: number; dispose(): void };
}

export interface SavedBesides {
  readonly origin: boolean;
  /** Its style and colour packed. */
  readonly underline: number;
  /** G0 to G3. */
  readonly charsets: readonly Charset[];
  readonly shift: number;
}

/** What printable ASCII is replaced with; nothing for ASCII itself. */
export type Charset = object | undefined;

/** Underline style and colour, and the link; shared by cells, so replaced instead of changed. */
export interface ExtendedAttributes {
  /** Style and colour packed. */
  ext: number;
  _ext: number;
  underlineStyle: number;
  urlId: number;
  clone(): ExtendedAttributes;
}

/** What the next character is drawn with. */
export interface Attributes {
  fg: number;
  bg: number;
  extended: ExtendedAttributes;
  /** Sets HAS_EXTENDED to whether there is something. */
  updateExtended(): void;
}

/** `terminal._core`, with the names it has in 6.0.0. */
export interface Core {
  readonly cols: number;
  readonly rows: number;
  readonly buffers: {
    readonly active: Buffer;
    readonly normal: Buffer;
    readonly alt: Buffer;
    resize(cols: number, rows: number): void;
    onBufferActivate(listener: (change: { activeBuffer: Buffer; inactiveBuffer: Buffer }) => void): unknown;
  };
  readonly coreService: {
    isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
      readonly cursorBlink: boolean | undefined;
      origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly synchronizedOutput: boolean;
      readonly wraparound: boolean;
    };
  };
  readonly coreMouseService: { activeProtocol: string };
  readonly _bufferService: { scroll(eraseAttributes: Attributes, isWrapped?: boolean): void };
  readonly _charsetService: {
    readonly charset: Charset;
    /** G0 to G3. */
    readonly _charsets: readonly Charset[];
    readonly glevel: number;
    setgCharset(which: number, charset: Charset): void;
    setgLevel(which: number): void;
  };
  readonly optionsService: { readonly rawOptions: { readonly convertEol: boolean } };
  readonly _inputHandler: {
    parse(bytes: Uint8Array): unknown;
    getAttrData(): Attributes;
    /** What erased cells get: the background colour. */
    _eraseAttrData(): Attributes;
    print(data: Uint32Array, start: number, end: number): void;
    saveCursor(params?: CsiParameters): boolean;
    restoreCursor(params?: CsiParameters): boolean;
    /** DECALN */
    screenAlignmentPattern(): boolean;
    _restrictCursor(beforeCol: number): void;
    _eraseInBufferLine(
      row: number,
      start: number,
      end: number,
      isUnwrapped: boolean,
      respectsProtection: boolean,
    ): void;
    _resetBufferLine(row: number, respectsProtection: boolean): void;
    /** Which rows a viewer has to draw anew. */
    readonly _dirtyRowTracker: { markDirty(row: number): void };
    /** SGR */
    charAttributes(params: CsiParameters): boolean;
    /** The code points of the piece being parsed. */
    _parseBuffer: Uint32Array;
    /** SCS, by its sequence without the ESC. */
    selectCharset(designation: string): boolean;
    readonly _parser: {
      /** 0 outside of any sequence. */
      readonly currentState: number;
      /** Of the character just printed (see width.ts); 0 after anything else. */
      precedingJoinState: number;
      reset(): void;
      setPrintHandler(handler: (data: Uint32Array, start: number, end: number) => void): void;
      registerCsiHandler(id: FunctionIdentifier, handler: (params: CsiParameters) => boolean): unknown;
      registerEscHandler(id: FunctionIdentifier, handler: () => boolean): unknown;
      setEscHandlerFallback(fallback: (identifier: number) => void): void;
      identToString(identifier: number): string;
      registerOscHandler(identifier: number, handler: OscReceiver): unknown;
      /** Handlers by packed identifier, those called first last. */
      readonly _csiHandlers: Record<number, ((params: CsiParameters) => boolean)[]>;
      readonly _escHandlers: Record<number, (() => boolean)[]>;
      readonly _executeHandlers: Record<number, () => boolean>;
      readonly _oscParser: StringParser & {
        readonly _id: number;
        _handlers: Record<number, unknown[]>;
        start(): void;
        end(success: boolean): unknown;
      };
      readonly _dcsParser: StringParser & {
        hook(identifier: number, parameters: unknown): void;
        unhook(success: boolean): unknown;
      };
    };
  };
}

/** Of OSC or DCS: hands a string on to the handlers of its identifier as it comes. */
interface StringParser {
  _active: unknown[];
  put(data: Uint32Array, start: number, end: number): void;
  reset(): void;
}

export interface OscReceiver {
  start(): void;
  put(data: Uint32Array, start: number, end: number): void;
  end(success: boolean): boolean;
}

export interface Emulator extends SequenceHooks {
  /** With all that was parsed or postponed. */
  readonly core: Core;
  /** Parses all of `bytes` before it returns; never throws. */
  parse(bytes: Uint8Array): void;
  /**
   * Takes bytes that need not be drawn before somebody looks (undrawn-lines.ts).
   * @returns false where it has taken none: they have to be parsed
   */
  postpone(bytes: Uint8Array): boolean;
  /** What is postponed changes nothing but the lines of the main screen, the style, and the cursor's place. */
  readonly postponed: { readonly isEmpty: boolean; readonly rows: number; readonly core: Core };
  /** Nothing follows: the beginning of a character is no more than that. */
  end(): void;
  /** The last bytes parsed, if they begin a character or sequence whose end is still to come. */
  unfinished(): Uint8Array;
  /** As a new one, whatever state it is in. */
  startOver(): void;
  /** Never throws. */
  resize(cols: number, rows: number): void;
  onAnswer(listener: (text: string) => void): void;
  onBell(listener: () => void): void;
  setScrollback(lines: number): void;
  /** No more hooks are registered: their tables need no room for others. */
  fitHandlers(): void;
  dispose(): void;
}
