/**
 * What was typed since a line was last submitted, as far as keys tell: to whom, and whether by Escape. What stands
 * on the line is for the screen to tell.
 */
import { nextMoment } from '../moment.ts';
import { findProcess } from '../processes/process-table.ts';

const LF = 0x0a;
const CR = 0x0d;
const CTRL_C = 0x03;
/** Ends what the terminal has of a line, see VEOF in termios(3). */
const CTRL_D = 0x04;
/** Empties the line, see VKILL. */
const CTRL_U = 0x15;
/** Each takes back a character, see VERASE. */
const BACKSPACE = 0x08;
const DELETE = 0x7f;
/** Redraws the screen, and is no text. */
const CTRL_L = 0x0c;
const ESCAPE = 0x1b;
/** CSI and SS3: a key's sequence, and not the key Escape. */
const SEQUENCES = new Set([0x5b, 0x4f]);

const SUBMITTING = [LF, CR, CTRL_C];
/** After one of them nothing stands on the line. */
const EMPTYING = [...SUBMITTING, CTRL_D, CTRL_U];

export interface UnsubmittedInputState {
  typedTo: number | undefined;
  lineBytes: number;
  submittedAt: number;
  wasInterrupted: boolean;
  hasEscaped: boolean;
}

export class UnsubmittedInput {
  #typedTo: number | undefined;
  #lineBytes = 0;
  #submittedAt = 0;
  #wasInterrupted = false;
  #hasEscaped = false;

  get state(): UnsubmittedInputState {
    const { typedTo, lineBytes, submittedAt, wasInterrupted, hasEscaped } = this;
    return { typedTo, lineBytes, submittedAt, wasInterrupted, hasEscaped };
  }

  adopt({ typedTo, lineBytes, submittedAt, wasInterrupted, hasEscaped }: UnsubmittedInputState): void {
    this.#typedTo = typedTo;
    this.#lineBytes = lineBytes;
    this.#submittedAt = submittedAt;
    this.#wasInterrupted = wasInterrupted;
    this.#hasEscaped = hasEscaped;
  }

  /** Bytes since a line was last ended: at most so many stand in the line that is being typed. */
  get lineBytes(): number {
    return this.#lineBytes;
  }

  /** Leader of the process group that had the keyboard when the text was begun; undefined when there is none. */
  get typedTo(): number | undefined {
    return this.#typedTo;
  }

  /** The moment of the last Enter or Ctrl+C; 0 before the first. */
  get submittedAt(): number {
    return this.#submittedAt;
  }

  /** That was a Ctrl+C. */
  get wasInterrupted(): boolean {
    return this.#wasInterrupted;
  }

  /** Escape was pressed since: a line editor may take what is typed next for keys of its vi mode, or for Alt. */
  get hasEscaped(): boolean {
    return this.#hasEscaped;
  }

  /** @param leader of the session, to ask who has the keyboard */
  add(bytes: Uint8Array, leader: number): void {
    this.#lineBytes = lengthOfLastLine(bytes, this.#lineBytes);
    const end = lastOf(bytes, SUBMITTING);
    if (end !== -1) {
      this.#typedTo = undefined;
      this.#submittedAt = nextMoment();
      this.#wasInterrupted = bytes[end] === CTRL_C;
      this.#hasEscaped = false;
    }
    const rest = bytes.subarray(end + 1);
    if (!hasText(rest)) return;
    this.#typedTo ??= findProcess(leader)?.foregroundGroup;
    this.#hasEscaped ||= hasEscapeKey(rest);
  }
}

// What is typed may be megabytes: others wait while it is looked through.

function lastOf(bytes: Uint8Array, wanted: readonly number[]): number {
  let last = -1;
  for (const byte of wanted) last = Math.max(last, bytes.lastIndexOf(byte));
  return last;
}

function hasText(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== CTRL_L) return true;
  return false;
}

function hasEscapeKey(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(ESCAPE); at !== -1; at = bytes.indexOf(ESCAPE, at + 1))
    if (!SEQUENCES.has(bytes[at + 1] ?? 0)) return true;
  return false;
}

function lengthOfLastLine(bytes: Uint8Array, before: number): number {
  const ender = lastOf(bytes, EMPTYING);
  let length = ender === -1 ? before : 0;
  for (let index = ender + 1; index < bytes.length; index++) {
    const byte = bytes[index];
    length = byte === BACKSPACE || byte === DELETE ? Math.max(0, length - 1) : length + 1;
  }
  return length;
}

/** The longest line of what is typed, behind `before` bytes that stand in its first line already. */
export function longestLineOf(bytes: Uint8Array, before: number): number {
  let longest = before;
  let length = before;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === LF || byte === CR || byte === CTRL_D) length = 0;
    else length += 1;
    if (length > longest) longest = length;
  }
  return longest;
}
