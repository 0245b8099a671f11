/**
 * What the program has switched on, as far as input and waits must know.
 *
 * xterm keeps most of it. Kept here is what it does not: kitty keyboard flags, modifyOtherKeys, all mouse
 * encodings, alternate scroll. RIS and DECSTR take them back to their defaults.
 */
import type { Core, Emulator, Parameters } from './emulator.ts';

export interface ScreenModes {
  applicationCursor: boolean;
  applicationKeypad: boolean;
  bracketedPaste: boolean;
  focusEvents: boolean;
  mouse: 'none' | 'x10' | 'press' | 'drag' | 'any';
  mouseEncoding: 'default' | 'utf8' | 'sgr' | 'urxvt' | 'sgr-pixels';
  alternateScroll: boolean;
  kittyFlags: number;
  modifyOtherKeys: 0 | 1 | 2;
  synchronizedOutput: boolean;
  insert: boolean;
  wraparound: boolean;
  reverseWraparound: boolean;
  originMode: boolean;
}

/** Keyboard flags of the kitty protocol for each screen: those pushed, oldest first, then those in force. */
export interface KittyStacks {
  main: readonly number[];
  alternate: readonly number[];
}

const MOUSE: Readonly<Record<string, ScreenModes['mouse']>> = {
  NONE: 'none',
  X10: 'x10',
  VT200: 'press',
  DRAG: 'drag',
  ANY: 'any',
};

const MOUSE_ENCODING: Readonly<Record<number, ScreenModes['mouseEncoding']>> = {
  1005: 'utf8',
  1006: 'sgr',
  1015: 'urxvt',
  1016: 'sgr-pixels',
};

const ALTERNATE_SCROLL = 1007;
/** The five progressive enhancements of the kitty keyboard protocol. */
const KITTY_FLAGS = 0b11111;
/** "Terminals should limit the size of the stack" and drop the oldest entry. */
const KITTY_STACK_LIMIT = 32;

class KittyStack {
  flags = 0;
  readonly #pushed: number[] = [];

  push(flags: number): void {
    this.#pushed.push(this.flags);
    if (this.#pushed.length > KITTY_STACK_LIMIT) this.#pushed.shift();
    this.flags = flags & KITTY_FLAGS;
  }

  /** Popping more than was pushed resets all flags. */
  pop(count: number): void {
    for (let i = 0; i < count; i++) {
      const previous = this.#pushed.pop();
      this.flags = previous ?? 0;
      if (previous === undefined) break;
    }
  }

  /** 1 sets all flags as given, 2 adds the given ones, 3 removes them. */
  set(flags: number, how: number): void {
    const wanted = flags & KITTY_FLAGS;
    if (how === 1) this.flags = wanted;
    if (how === 2) this.flags |= wanted;
    if (how === 3) this.flags &= ~wanted;
  }

  get all(): readonly number[] {
    return [...this.#pushed, this.flags];
  }

  clear(): void {
    this.flags = 0;
    this.#pushed.length = 0;
  }
}

/** The value of one parameter; sub-parameters count as none. */
export function parameter(parameters: Parameters, index: number, ifMissing: number): number {
  const value = parameters[index];
  return typeof value === 'number' ? value : ifMissing;
}

export class ModeTracker {
  readonly #core: Core;
  /** "The main and alternate screens must maintain their own, independent, keyboard mode stacks." */
  readonly #kittyMain = new KittyStack();
  readonly #kittyAlternate = new KittyStack();
  #modifyOtherKeys: 0 | 1 | 2 = 0;
  #mouseEncoding: ScreenModes['mouseEncoding'] = 'default';
  #alternateScroll = false;

  constructor(emulator: Emulator) {
    this.#core = emulator.core;
    emulator.onCsi({ prefix: '?', final: 'h' }, (modes) => this.#switch(modes, true));
    emulator.onCsi({ prefix: '?', final: 'l' }, (modes) => this.#switch(modes, false));
    emulator.onCsi({ prefix: '>', final: 'u' }, (flags) => {
      this.#kitty.push(parameter(flags, 0, 0));
      return true;
    });
    emulator.onCsi({ prefix: '<', final: 'u' }, (count) => {
      this.#kitty.pop(parameter(count, 0, 1) || 1);
      return true;
    });
    emulator.onCsi({ prefix: '=', final: 'u' }, (flags) => {
      this.#kitty.set(parameter(flags, 0, 0), parameter(flags, 1, 1) || 1);
      return true;
    });
    // XTMODKEYS: resource 4 is modifyOtherKeys; without a value, or without anything, the default.
    emulator.onCsi({ prefix: '>', final: 'm' }, (keys) => {
      const resource = parameter(keys, 0, 0);
      if (resource !== 4 && !(resource === 0 && keys.length === 1)) return false;
      const level = parameter(keys, 1, 0);
      this.#modifyOtherKeys = level >= 2 ? 2 : level === 1 ? 1 : 0;
      return true;
    });
    emulator.onCsi({ prefix: '>', final: 'n' }, (keys) => {
      if (parameter(keys, 0, 0) === 4) this.#modifyOtherKeys = 0;
      return true;
    });
    emulator.onEsc({ final: 'c' }, () => this.#reset());
    emulator.onCsi({ intermediates: '!', final: 'p' }, () => this.#reset());
  }

  get modes(): ScreenModes {
    const { coreService, coreMouseService } = this.#core;
    const { decPrivateModes } = coreService;
    return {
      applicationCursor: decPrivateModes.applicationCursorKeys,
      applicationKeypad: decPrivateModes.applicationKeypad,
      bracketedPaste: decPrivateModes.bracketedPasteMode,
      focusEvents: decPrivateModes.sendFocus,
      mouse: MOUSE[coreMouseService.activeProtocol] ?? 'none',
      mouseEncoding: this.#mouseEncoding,
      alternateScroll: this.#alternateScroll,
      kittyFlags: this.#kitty.flags,
      modifyOtherKeys: this.#modifyOtherKeys,
      synchronizedOutput: decPrivateModes.synchronizedOutput,
      insert: coreService.modes.insertMode,
      wraparound: decPrivateModes.wraparound,
      reverseWraparound: decPrivateModes.reverseWraparound,
      originMode: decPrivateModes.origin,
    };
  }

  get kittyStacks(): KittyStacks {
    return { main: this.#kittyMain.all, alternate: this.#kittyAlternate.all };
  }

  get #kitty(): KittyStack {
    const { active, alt } = this.#core.buffers;
    return active === alt ? this.#kittyAlternate : this.#kittyMain;
  }

  #switch(modes: Parameters, on: boolean): boolean {
    for (const mode of modes) {
      if (mode === ALTERNATE_SCROLL) this.#alternateScroll = on;
      const encoding = typeof mode === 'number' ? MOUSE_ENCODING[mode] : undefined;
      if (encoding === undefined) continue;
      if (on) this.#mouseEncoding = encoding;
      else if (this.#mouseEncoding === encoding) this.#mouseEncoding = 'default';
    }
    return false;
  }

  #reset(): boolean {
    this.#kittyMain.clear();
    this.#kittyAlternate.clear();
    this.#modifyOtherKeys = 0;
    this.#mouseEncoding = 'default';
    this.#alternateScroll = false;
    this.#core.coreMouseService.activeProtocol = 'NONE';
    // xterm's own RIS leaves a hidden cursor hidden.
    this.#core.coreService.isCursorHidden = false;
    return false;
  }
}
