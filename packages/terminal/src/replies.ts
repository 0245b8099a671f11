/**
 * What the terminal owes a program that asks: every question a program may wait for gets one answer, in
 * the order of the questions, whether or not anybody is attached.
 *
 * xterm.js answers DSR 5, most of DECRQM and some of DECRQSS; here are the questions it leaves
 * open or answers wrongly. Names and forms as in xterm's ctlseqs unless said otherwise.
 */
import { answerColors, type ShownColors } from './colors.ts';
import type { Emulator } from './emulator.ts';
import { type ModeTracker, parameter, type ScreenModes } from './modes.ts';
import { sgrParameters } from './sgr.ts';

/** Answers that are not fetched are dropped beyond this; a program that floods with questions reads none of them. */
const PENDING_LIMIT = 1 << 20;

export class Replies {
  #pending: string[] = [];
  #length = 0;

  add(text: string): void {
    if (this.#length + text.length > PENDING_LIMIT) return;
    this.#pending.push(text);
    this.#length += text.length;
  }

  take(): Uint8Array | undefined {
    if (this.#pending.length === 0) return undefined;
    const bytes = new TextEncoder().encode(this.#pending.join(''));
    this.#pending = [];
    this.#length = 0;
    return bytes;
  }
}

/** The cell size reported to a program that asks for pixels; images are not drawn, so only the ratio matters. */
const CELL_WIDTH_PX = 8;
const CELL_HEIGHT_PX = 16;

/** CSI ? Ps n beside the cursor position; 996 is the colour-scheme query of Contour, 1 means dark. */
const DEVICE_STATUS: Readonly<Record<number, string>> = {
  15: '?13n', // no printer
  25: '?21n', // user-defined keys locked
  26: '?27;1;0;0n', // North American keyboard
  53: '?50n', // no locator
  55: '?50n',
  56: '?57;0n',
  75: '?70n', // no data errors
  85: '?83n', // no sessions
  996: '?997;1n',
};

/** Terminfo capabilities reported through XTGETTCAP, beside TN, the name. */
const CAPABILITIES: Readonly<Record<string, string>> = {
  Co: '256',
  colors: '256',
  RGB: '8/8/8',
};

/** DECRPM: 1 set, 2 reset, 3 permanently set; for the modes xterm does not keep. */
const REPORTED_MODES: Readonly<Record<number, (modes: ScreenModes) => 1 | 2 | 3>> = {
  1005: ({ mouseEncoding }) => (mouseEncoding === 'utf8' ? 1 : 2),
  1006: ({ mouseEncoding }) => (mouseEncoding === 'sgr' ? 1 : 2),
  1007: ({ alternateScroll }) => (alternateScroll ? 1 : 2),
  1015: ({ mouseEncoding }) => (mouseEncoding === 'urxvt' ? 1 : 2),
  1016: ({ mouseEncoding }) => (mouseEncoding === 'sgr-pixels' ? 1 : 2),
  2027: () => 3, // grapheme clusters share a cell, see width.ts
};

const CURSOR_STYLE = { block: 2, underline: 4, bar: 6 } as const;

export interface Answerer {
  emulator: Emulator;
  modes: ModeTracker;
  replies: Replies;
  version: string;
  term: string;
  /** The size that was reported to the program. */
  size(): { cols: number; rows: number };
  shownColors(): ShownColors | undefined;
}

export function answerQueries(answerer: Answerer): void {
  const { emulator, replies } = answerer;
  const answer = (text: string) => replies.add(text);
  emulator.onAnswer(answer);
  answerStatus(answerer, answer);
  answerIdentity(answerer, answer);
  answerKeyboard(answerer, answer);
  answerWindow(answerer, answer);
  answerSettings(answerer, answer);
  answerColors(emulator, answer, () => answerer.shownColors());
}

type Answer = (text: string) => void;

function answerStatus({ emulator, size }: Answerer, answer: Answer): void {
  // xterm.js reports one column too many after a character in the last one, and ignores DECOM.
  function position(): string {
    const { buffers, coreService } = emulator.core;
    const { x, y, scrollTop } = buffers.active;
    const row = coreService.decPrivateModes.origin ? y - scrollTop : y;
    return `${row + 1};${Math.min(x, size().cols - 1) + 1}R`;
  }
  emulator.onCsi({ final: 'n' }, (which) => {
    if (parameter(which, 0, 0) !== 6) return false;
    answer(`\x1b[${position()}`);
    return true;
  });
  emulator.onCsi({ prefix: '?', final: 'n' }, (which) => {
    const status = parameter(which, 0, 0);
    const known = status === 6 ? `?${position()}` : DEVICE_STATUS[status];
    if (known !== undefined) answer(`\x1b[${known}`);
    return true;
  });
}

function answerIdentity({ emulator, version, term }: Answerer, answer: Answer): void {
  // DA1: a VT220 with ANSI colours. xterm.js says VT100, of which no program expects a colour.
  emulator.onCsi({ final: 'c' }, (which) => {
    if (parameter(which, 0, 0) === 0) answer('\x1b[?62;22c');
    return true;
  });
  // DA2. xterm.js says 276; vim sends a mouse that goes on beyond column 223 (SGR, 1006) from xterm 277 on,
  // and takes an xterm before 95 for one without a mouse. This is xterm's own answer, of its patch 379.
  emulator.onCsi({ prefix: '>', final: 'c' }, (which) => {
    if (parameter(which, 0, 0) === 0) answer('\x1b[>41;379;0c');
    return true;
  });
  // DA3: unit id, site 00 and number 000000.
  emulator.onCsi({ prefix: '=', final: 'c' }, (which) => {
    if (parameter(which, 0, 0) === 0) answer('\x1bP!|00000000\x1b\\');
    return true;
  });
  // XTVERSION
  emulator.onCsi({ prefix: '>', final: 'q' }, (which) => {
    if (parameter(which, 0, 0) === 0) answer(`\x1bP>|pilotty(${version})\x1b\\`);
    return true;
  });
  // DECREQTPARM: no parity, eight bits, 38400 baud both ways.
  emulator.onCsi({ final: 'x' }, (which) => {
    const solicited = parameter(which, 0, 0);
    if (solicited <= 1) answer(`\x1b[${solicited + 2};1;1;128;128;1;0x`);
    return true;
  });
  // XTSMGRAPHICS: neither Sixel nor ReGIS; status 3 is failure.
  emulator.onCsi({ prefix: '?', final: 'S' }, (which) => {
    answer(`\x1b[?${parameter(which, 0, 0)};3;0S`);
    return true;
  });
  // XTGETTCAP
  emulator.onDcs({ intermediates: '+', final: 'q' }, (names) => {
    for (const hex of names.split(';')) {
      const name = /^(?:[\da-f]{2})+$/i.test(hex) ? Buffer.from(hex, 'hex').toString('latin1') : '';
      const known = Object.hasOwn(CAPABILITIES, name) ? CAPABILITIES[name] : undefined;
      const value = name === 'TN' ? term : known;
      if (value === undefined) answer('\x1bP0+r\x1b\\');
      else answer(`\x1bP1+r${hex}=${Buffer.from(value, 'latin1').toString('hex')}\x1b\\`);
    }
    return true;
  });
}

function answerKeyboard({ emulator, modes }: Answerer, answer: Answer): void {
  emulator.onCsi({ prefix: '?', final: 'u' }, () => {
    answer(`\x1b[?${modes.modes.kittyFlags}u`);
    return true;
  });
  // XTQMODKEYS
  emulator.onCsi({ prefix: '?', final: 'm' }, (which) => {
    const resource = parameter(which, 0, 0);
    if (resource === 4) answer(`\x1b[>4;${modes.modes.modifyOtherKeys}m`);
    return true;
  });
}

function answerWindow({ emulator, size }: Answerer, answer: Answer): void {
  emulator.onCsi({ final: 't' }, (which) => {
    const { cols, rows } = size();
    const height = rows * CELL_HEIGHT_PX;
    const width = cols * CELL_WIDTH_PX;
    switch (parameter(which, 0, 0)) {
      case 11:
        answer('\x1b[1t'); // not iconified
        return true;
      case 13:
        answer('\x1b[3;0;0t');
        return true;
      case 14:
        answer(`\x1b[4;${height};${width}t`);
        return true;
      case 15:
        answer(`\x1b[5;${height};${width}t`);
        return true;
      case 16:
        answer(`\x1b[6;${CELL_HEIGHT_PX};${CELL_WIDTH_PX}t`);
        return true;
      case 18:
        answer(`\x1b[8;${rows};${cols}t`);
        return true;
      case 19:
        answer(`\x1b[9;${rows};${cols}t`);
        return true;
      // A title comes back as typed input; an attacker who can set it could type. Always empty, as in xterm.js.
      case 20:
        answer('\x1b]L\x1b\\');
        return true;
      case 21:
        answer('\x1b]l\x1b\\');
        return true;
      default:
        return false;
    }
  });
}

function answerSettings({ emulator, modes }: Answerer, answer: Answer): void {
  // DECRQM
  emulator.onCsi({ prefix: '?', intermediates: '$', final: 'p' }, (which) => {
    const mode = parameter(which, 0, 0);
    const state = REPORTED_MODES[mode];
    if (state === undefined) return false;
    answer(`\x1b[?${mode};${state(modes.modes)}$y`);
    return true;
  });
  // DECRQSS: xterm.js says "0m" whatever the attributes are, and the configured cursor, not the current one.
  emulator.onDcs({ intermediates: '$', final: 'q' }, (setting) => {
    if (setting === 'm') {
      const { fg, bg, extended } = emulator.core._inputHandler.getAttrData();
      answer(`\x1bP1$r${sgrParameters({ fg, bg, ext: extended.ext })}m\x1b\\`);
      return true;
    }
    if (setting === ' q') {
      const { cursorStyle, cursorBlink } = emulator.core.coreService.decPrivateModes;
      answer(`\x1bP1$r${CURSOR_STYLE[cursorStyle ?? 'block'] - (cursorBlink ? 1 : 0)} q\x1b\\`);
      return true;
    }
    return false;
  });
}
