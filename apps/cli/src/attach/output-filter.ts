/**
 * What a program writes, as a real terminal may be given it: everything that draws, and the modes that decide what keys
 * and the mouse send. Left out is what a terminal would answer, because the daemon has answered it; what reaches beyond
 * the screen we borrowed (scrollback, window, palette, images, shell marks); and every change of screen, for which a new
 * screen has to be asked.
 *
 * It is given pieces as they come: a sequence that is not whole waits for its rest.
 */
import { ALTERNATE_SCROLL_RESET, CURSOR_RESET, LEAVE, PROGRESS_RESET, RESET } from '../terminal/sequences.ts';

const ESC = 0x1b;
const ENQ = 0x05;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
/** The first byte of a C1 control in UTF-8: U+0080 to U+009F. */
const C1_LEAD = 0xc2;
const C1_FIRST = 0x80;
const C1_LAST = 0x9f;

/** Longer ones no program writes that means them. */
const MAX_CSI_BYTES = 256;
const MAX_OSC_BYTES = 128 * 1024;

/** Without an answer, an effect on more than the screen, or a meaning that terminals disagree on. */
const PLAIN_CSI: ReadonlySet<string> = new Set('@ABCDEFGHIJKLMPSTXZ`abdefgmrsu');
const OTHER_CSI: ReadonlySet<string> = new Set([' q', '"q', '?J', '?K', '>m', '=u', '>u', '<u', '?W', '!p']);
const ANSI_MODES: ReadonlySet<string> = new Set(['4', '20']);
const PRIVATE_MODES: ReadonlySet<string> = new Set(
  '1 6 7 9 12 25 45 66 1000 1002 1003 1004 1005 1006 1007 1015 1016 1048 2004 2026'.split(' '),
);
const SCREEN_MODES: ReadonlySet<string> = new Set(['47', '1047', '1049', '3']);
const PLAIN_ESC: ReadonlySet<string> = new Set('78=>DEHMNOno|}~');
/** Titles, links, notifications, progress, the clipboard, the pointer's shape. */
const OSC: ReadonlySet<string> = new Set(['0', '1', '2', '8', '9', '22', '52', '99', '777']);
/** More are an endless loop of the program's. */
const MAX_TITLES = 8;
const MAX_KEYBOARD_ENTRIES = 32;

interface Filtered {
  bytes: Buffer;
  /** What follows cannot be shown: a new screen has to be asked for. */
  needsScreen: boolean;
}

/** What is made of a sequence: itself, something else, nothing, or a new screen. */
type Verdict = string | true | 'screen';
const DROP = '';
const NEW_SCREEN = 'screen';

export class OutputFilter {
  readonly #isReadOnly: boolean;
  #held: Buffer = Buffer.alloc(0);
  /** Inside a string that is left out; the bytes that end it. */
  #skipping: 'osc' | 'string' | undefined;
  #isScreen = false;
  #titles = 0;
  #keyboardEntries = 0;
  readonly #touched = { tabs: false, cursor: false, alternateScroll: false, progress: false };

  /** @param isReadOnly the clipboard of one who only looks is left alone */
  constructor({ isReadOnly }: { isReadOnly: boolean }) {
    this.#isReadOnly = isReadOnly;
  }

  /** A screen from the daemon, on a terminal that is reset for it. */
  screen(bytes: Uint8Array, size: { cols: number }): Buffer {
    this.#held = Buffer.alloc(0);
    this.#skipping = undefined;
    this.#isScreen = true;
    const begin = `${this.#reset(size)}\x1b[2J\x1b[H`;
    const { bytes: drawn } = this.output(bytes);
    this.#isScreen = false;
    return Buffer.concat([Buffer.from(begin), drawn]);
  }

  output(chunk: Uint8Array): Filtered {
    const data =
      this.#held.length > 0
        ? Buffer.concat([this.#held, chunk])
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#held = Buffer.alloc(0);
    const parts: Buffer[] = [];
    const next = new NextControl(data);
    let from = 0;
    let at = 0;
    while (at < data.length) {
      if (this.#skipping !== undefined) {
        at = from = this.#skip(data, at);
        if (this.#skipping !== undefined) break;
        continue;
      }
      at = next.after(at);
      if (at === data.length) break;
      const sequence = this.#read(data, at);
      if (sequence === undefined) {
        this.#held = Buffer.from(data.subarray(at));
        break;
      }
      const { end, verdict } = sequence;
      if (verdict !== true) {
        if (at > from) parts.push(data.subarray(from, at));
        if (verdict === NEW_SCREEN) return { bytes: Buffer.concat(parts), needsScreen: true };
        if (verdict !== DROP) parts.push(Buffer.from(verdict, 'latin1'));
        from = end;
      }
      at = end;
    }
    const until = this.#held.length > 0 ? data.length - this.#held.length : data.length;
    if (until > from && this.#skipping === undefined) parts.push(data.subarray(from, until));
    return { bytes: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), needsScreen: false };
  }

  /** What leaves the terminal as it was before `ENTER`. */
  farewell(): string {
    const { cursor, alternateScroll, progress, tabs } = this.#touched;
    const [entries, titles] = [this.#keyboardEntries, this.#titles];
    Object.assign(this.#touched, { tabs: false, cursor: false, alternateScroll: false, progress: false });
    this.#keyboardEntries = this.#titles = 0;
    return (
      RESET +
      (entries > 0 ? `\x1b[<${entries}u` : '') +
      '\x1b[23;0t'.repeat(titles) +
      (cursor ? CURSOR_RESET : '') +
      (alternateScroll ? ALTERNATE_SCROLL_RESET : '') +
      (progress ? PROGRESS_RESET : '') +
      (tabs ? defaultTabs(500) : '') +
      LEAVE
    );
  }

  #reset({ cols }: { cols: number }): string {
    const { cursor, alternateScroll, progress, tabs } = this.#touched;
    this.#touched.tabs = this.#touched.cursor = this.#touched.progress = false;
    const entries = this.#keyboardEntries;
    this.#keyboardEntries = 0;
    return (
      RESET +
      (entries > 0 ? `\x1b[<${entries}u` : '') +
      '\x1b[=0;1u' +
      (cursor ? CURSOR_RESET : '') +
      (alternateScroll ? ALTERNATE_SCROLL_RESET : '') +
      (progress ? PROGRESS_RESET : '') +
      (tabs ? defaultTabs(cols) : '')
    );
  }

  /** The sequence that begins at `at`; undefined when its end has not come yet. */
  #read(data: Buffer, at: number): { end: number; verdict: Verdict } | undefined {
    const first = data[at] as number;
    if (first === ENQ) return { end: at + 1, verdict: DROP };
    const second = data[at + 1];
    if (second === undefined) return undefined;
    if (first === C1_LEAD) {
      if (second < C1_FIRST || second > C1_LAST) return { end: at + 2, verdict: true };
      // What ESC and a letter is, which terminals agree on.
      const end = at + 2;
      const kind = String.fromCharCode(second - 0x40);
      const rest = this.#body(data, end, kind);
      if (rest?.verdict !== true) return rest;
      return { end: rest.end, verdict: `\x1b${kind}${data.toString('latin1', end, rest.end)}` };
    }
    if (second === ESC) return { end: at + 1, verdict: DROP };
    return this.#body(data, at + 2, String.fromCharCode(second));
  }

  /** What follows ESC and `kind`. */
  #body(data: Buffer, at: number, kind: string): { end: number; verdict: Verdict } | undefined {
    if (kind === '[') return this.#csi(data, at);
    if (kind === ']') return this.#osc(data, at);
    if ('PX^_'.includes(kind)) {
      this.#skipping = 'string';
      return { end: at, verdict: DROP };
    }
    if (kind === 'c') return { end: at, verdict: this.#isScreen ? DROP : NEW_SCREEN };
    if (kind >= ' ' && kind <= '/') {
      let end = at;
      while (end < data.length && (data[end] as number) >= 0x20 && (data[end] as number) <= 0x2f) end++;
      if (end === data.length) return undefined;
      // Character sets, and the screen full of E.
      return {
        end: end + 1,
        verdict: '()*+'.includes(kind) || (kind === '#' && data[end] === 0x38) ? true : DROP,
      };
    }
    if (kind === 'H') this.#touched.tabs = true;
    return { end: at, verdict: PLAIN_ESC.has(kind) ? true : DROP };
  }

  #csi(data: Buffer, from: number): { end: number; verdict: Verdict } | undefined {
    let end = from;
    let hasControls = false;
    for (; end < data.length; end++) {
      const byte = data[end] as number;
      if (byte >= 0x40 && byte <= 0x7e) break;
      if (byte === CAN || byte === SUB) return { end: end + 1, verdict: DROP };
      if (byte === ESC || byte > 0x7e) return { end, verdict: DROP };
      if (byte < 0x20) hasControls = true;
      if (end - from > MAX_CSI_BYTES) return { end, verdict: DROP };
    }
    if (end === data.length) return undefined;
    const body = data.toString('latin1', from, end + 1);
    if (!hasControls) return { end: end + 1, verdict: this.#csiVerdict(body, true) };
    // A terminal obeys controls inside a sequence as if they had come before it.
    const controls = body.replace(/[^\0-\x1f]/g, '').replace(/\x05/g, '');
    const verdict = this.#csiVerdict(body.replace(/[\0-\x1f]/g, ''), false);
    return { end: end + 1, verdict: verdict === NEW_SCREEN ? verdict : controls + verdict };
  }

  /** @param isWhole `true` is an answer; else it has to be the sequence itself */
  #csiVerdict(body: string, isWhole: boolean): Verdict {
    const verdict = this.#judge(body);
    return verdict === true && !isWhole ? `\x1b[${body}` : verdict;
  }

  #judge(body: string): Verdict {
    const final = body.slice(-1);
    const [, prefix = '', parameters = '', intermediates = ''] =
      /^([<=>?]?)([0-9:;]*)([ -/]*)[@-~]$/.exec(body) ?? [];
    const kind = prefix + intermediates + final;
    if (kind === 'h' || kind === 'l') return this.#modes('', parameters, final, ANSI_MODES);
    if (kind === '?h' || kind === '?l') return this.#modes('?', parameters, final, PRIVATE_MODES);
    if (kind === 't') return this.#title(parameters);
    if (kind === '!p') return this.#isScreen ? DROP : NEW_SCREEN;
    // Scrollback is the user's own; a mouse that is tracked by highlighting waits for an answer of the program.
    if (kind === 'J' && parameters === '3') return DROP;
    if (kind === 'T' && parameters.includes(';')) return DROP;
    if (kind === '>m' && !parameters.startsWith('4')) return DROP;
    if (kind === '>u' || kind === '<u') return this.#keyboard(kind, parameters);
    if (kind === 'g' || kind === '?W') this.#touched.tabs = true;
    if (kind === ' q') this.#touched.cursor = true;
    const isPlain = prefix === '' && intermediates === '' && PLAIN_CSI.has(final);
    return isPlain || OTHER_CSI.has(kind) ? true : DROP;
  }

  #modes(prefix: string, parameters: string, final: string, passed: ReadonlySet<string>): Verdict {
    const all = parameters.split(';').map((mode) => mode.replace(/^0+(?=\d)/, ''));
    if (prefix === '?' && all.some((mode) => SCREEN_MODES.has(mode))) {
      if (!this.#isScreen) return NEW_SCREEN;
      // The one screen that we have shows the other now, whose keyboard entries are its own.
      const entries = this.#keyboardEntries;
      this.#keyboardEntries = 0;
      return `${entries > 0 ? `\x1b[<${entries}u` : ''}\x1b[=0;1u\x1b[0m\x1b[2J`;
    }
    if (prefix === '?' && all.includes('1007')) this.#touched.alternateScroll = true;
    const kept = all.filter((mode) => passed.has(mode));
    if (kept.length === all.length) return true;
    return kept.length === 0 ? DROP : `\x1b[${prefix}${kept.join(';')}${final}`;
  }

  /** Titles that are put aside and taken back: never one of before us. */
  #title(parameters: string): Verdict {
    if (/^22(?:;|$)/.test(parameters)) {
      if (this.#titles >= MAX_TITLES) return DROP;
      this.#titles += 1;
      return true;
    }
    if (!/^23(?:;|$)/.test(parameters) || this.#titles === 0) return DROP;
    this.#titles -= 1;
    return true;
  }

  /** The same for entries of the keyboard protocol. */
  #keyboard(kind: string, parameters: string): Verdict {
    if (kind === '>u') {
      this.#keyboardEntries = Math.min(this.#keyboardEntries + 1, MAX_KEYBOARD_ENTRIES);
      return true;
    }
    const count = Math.min(Number(parameters || '1'), this.#keyboardEntries);
    this.#keyboardEntries -= count;
    return count === 0 ? '\x1b[=0;1u' : `\x1b[<${count}u`;
  }

  #osc(data: Buffer, from: number): { end: number; verdict: Verdict } | undefined {
    let digits = from;
    while (digits < data.length && (data[digits] as number) >= 0x30 && (data[digits] as number) <= 0x39)
      digits++;
    if (digits === data.length) return digits - from > 8 ? this.#leaveOut(digits) : undefined;
    const code = data.toString('latin1', from, digits);
    if (!OSC.has(code) || (code === '52' && this.#isReadOnly)) return this.#leaveOut(digits);
    const end = endOfString(data, digits);
    if (end === undefined) return data.length - from > MAX_OSC_BYTES ? this.#leaveOut(digits) : undefined;
    const text = data.toString('latin1', digits, end.from);
    const isAborted = end.to === end.from;
    if (isAborted || asks(code, text)) return { end: end.to, verdict: DROP };
    if (code === '9' && text.startsWith(';4')) this.#touched.progress = true;
    return { end: end.to, verdict: true };
  }

  #leaveOut(end: number): { end: number; verdict: Verdict } {
    this.#skipping = 'osc';
    return { end, verdict: DROP };
  }

  /** @returns where the string has ended, or the end of what there is */
  #skip(data: Buffer, at: number): number {
    const isOsc = this.#skipping === 'osc';
    for (let index = at; index < data.length; index++) {
      const byte = data[index] as number;
      if ((byte === BEL && isOsc) || byte === CAN || byte === SUB) return this.#skipped(index + 1);
      if (byte === ESC) {
        if (index + 1 === data.length) {
          this.#held = Buffer.from(data.subarray(index));
          return data.length;
        }
        return this.#skipped(data[index + 1] === 0x5c ? index + 2 : index);
      }
      if (byte === C1_LEAD && data[index + 1] === 0x9c) return this.#skipped(index + 2);
    }
    return data.length;
  }

  #skipped(end: number): number {
    this.#skipping = undefined;
    return end;
  }
}

/** Where the string that has begun ends: before its terminator, and behind it; both the same where it is aborted. */
function endOfString(data: Buffer, from: number): { from: number; to: number } | undefined {
  for (let index = from; index < data.length; index++) {
    const byte = data[index] as number;
    if (byte === BEL) return { from: index, to: index + 1 };
    if (byte === CAN || byte === SUB) return { from: index + 1, to: index + 1 };
    if (byte === C1_LEAD && data[index + 1] === 0x9c) return { from: index, to: index + 2 };
    if (byte !== ESC) continue;
    if (index + 1 === data.length) return undefined;
    return data[index + 1] === 0x5c ? { from: index, to: index + 2 } : { from: index, to: index };
  }
  return undefined;
}

/** Whether a terminal would answer it. */
function asks(code: string, text: string): boolean {
  if (code === '52' || code === '22') return text.includes('?');
  // A kitty notification may ask what is supported, and for reports of clicks and closing.
  return code === '99' && /[;:](?:p=\?|a=[^:;]*report|c=1)/.test(text);
}

/** Positions of what is not simply passed on, found by the search that Node has in C. */
class NextControl {
  readonly #data: Buffer;
  readonly #next: { byte: number; at: number }[];

  constructor(data: Buffer) {
    this.#data = data;
    this.#next = [ESC, ENQ, C1_LEAD].map((byte) => ({ byte, at: -1 }));
  }

  after(from: number): number {
    let nearest = this.#data.length;
    for (const each of this.#next) {
      if (each.at < from) {
        const at = this.#data.indexOf(each.byte, from);
        each.at = at === -1 ? this.#data.length : at;
      }
      if (each.at < nearest) nearest = each.at;
    }
    return nearest;
  }
}

function defaultTabs(cols: number): string {
  const stops: string[] = [];
  for (let col = 9; col <= cols; col += 8) stops.push(`\x1b[${col}G\x1bH`);
  return `\x1b[3g${stops.join('')}\r`;
}
