/**
 * Mouse events as xterm reports them: ctlseqs, "Mouse Tracking".
 *
 * The program chooses twice: which events it hears of (tracking) and how they are written (encoding).
 */
export type MouseAction =
  | 'press'
  | 'release'
  | 'move'
  | 'wheel-up'
  | 'wheel-down'
  | 'wheel-left'
  | 'wheel-right';

export type MouseButton = 'left' | 'middle' | 'right' | 'none';

export interface MouseEvent {
  readonly action: MouseAction;
  /** The button pressed, released, or held while moving; ignored for the wheel. */
  readonly button: MouseButton;
  /** Counted from 0. */
  readonly row: number;
  readonly col: number;
  readonly shift?: boolean;
  readonly alt?: boolean;
  readonly ctrl?: boolean;
}

/** Modes 9, 1000, 1002 and 1003. */
export type MouseTracking = 'none' | 'x10' | 'press' | 'drag' | 'any';

/** No mode, and modes 1005, 1006, 1015 and 1016. */
export type MouseEncoding = 'default' | 'utf8' | 'sgr' | 'urxvt' | 'sgr-pixels';

export interface MouseModes {
  readonly mouse: MouseTracking;
  readonly mouseEncoding: MouseEncoding;
}

const BUTTONS: Readonly<Record<MouseButton, number>> = { left: 0, middle: 1, right: 2, none: 3 };
const WHEEL: Readonly<Partial<Record<MouseAction, number>>> = {
  'wheel-up': 64,
  'wheel-down': 65,
  'wheel-left': 66,
  'wheel-right': 67,
};
const MOTION = 32;
/** In all but the SGR encodings a release does not say of which button. */
const RELEASED = 3;

/** The cell that we claim to have when a program asks for pixels. */
const CELL_WIDTH_PX = 8;
const CELL_HEIGHT_PX = 16;

/**
 * Undefined: the program does not listen for this kind of event. A position that the encoding
 * cannot carry, or a press of no button, is a RangeError.
 */
export function encodeMouse(event: MouseEvent, modes: MouseModes): Uint8Array | undefined {
  if (!isHeard(event, modes.mouse)) return undefined;
  if (event.button === 'none' && (event.action === 'press' || event.action === 'release')) {
    throw new RangeError(`A mouse ${event.action} needs a button`);
  }
  if (!isPosition(event.row) || !isPosition(event.col)) {
    throw new RangeError(`The mouse cannot be at row ${event.row}, column ${event.col}`);
  }
  const code = buttonCode(event, modes);
  const { row, col } = event;
  switch (modes.mouseEncoding) {
    case 'sgr':
      return sgr(event, code, col + 1, row + 1);
    case 'sgr-pixels':
      return sgr(
        event,
        code,
        col * CELL_WIDTH_PX + CELL_WIDTH_PX / 2,
        row * CELL_HEIGHT_PX + CELL_HEIGHT_PX / 2,
      );
    case 'urxvt':
      return ascii(`\x1b[${code + 32};${col + 1};${row + 1}M`);
    case 'utf8':
      return new TextEncoder().encode(`\x1b[M${characters(event, code, 0x7ff)}`);
    case 'default':
      return Uint8Array.from(`\x1b[M${characters(event, code, 0xff)}`, (character) =>
        character.charCodeAt(0),
      );
  }
}

function isHeard({ action, button }: MouseEvent, tracking: MouseTracking): boolean {
  switch (tracking) {
    case 'none':
      return false;
    case 'x10':
      return action === 'press';
    case 'press':
      return action !== 'move';
    case 'drag':
      return action !== 'move' || button !== 'none';
    case 'any':
      return true;
  }
}

function buttonCode(event: MouseEvent, { mouse, mouseEncoding }: MouseModes): number {
  const isSgr = mouseEncoding === 'sgr' || mouseEncoding === 'sgr-pixels';
  const isAnonymous = event.action === 'release' && !isSgr;
  const button = WHEEL[event.action] ?? (isAnonymous ? RELEASED : BUTTONS[event.button]);
  // X10 compatibility mode knows no modifiers.
  if (mouse === 'x10') return button;
  const modifiers = (event.shift ? 4 : 0) + (event.alt ? 8 : 0) + (event.ctrl ? 16 : 0);
  return button + modifiers + (event.action === 'move' ? MOTION : 0);
}

function sgr(event: MouseEvent, code: number, x: number, y: number): Uint8Array {
  return ascii(`\x1b[<${code};${x};${y}${event.action === 'release' ? 'm' : 'M'}`);
}

/** Three characters, each its value + 32: up to 223 as bytes, up to 2015 as two bytes of UTF-8. */
function characters(event: MouseEvent, code: number, largest: number): string {
  const values = [code + 32, event.col + 33, event.row + 33];
  if (values.some((value) => value > largest)) {
    throw new RangeError(
      `The program's mouse encoding ends at row and column ${largest - 33}, counted from 0; ` +
        `it would have to turn on SGR mouse reports (CSI ? 1006 h) for row ${event.row}, column ${event.col}`,
    );
  }
  return String.fromCharCode(...values);
}

function isPosition(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
