/**
 * What a program sends its terminal besides text: title, directory, bell, notifications, progress, and
 * where prompts, commands and their output begin. Kept as the latest state, and as the list of what
 * happened since it was last fetched, in the order of the bytes.
 */
import { type DesktopNotification, DesktopNotifications } from './desktop-notifications.ts';
import type { Emulator, Place } from './emulator.ts';
import { textBefore } from './lines/text.ts';
import {
  decodedPath,
  type Mark,
  markOf,
  notificationOf,
  type Progress,
  progressOf,
} from './signal-payloads.ts';
import { typedLine } from './typed-line.ts';

export interface PromptEnd {
  /** Counted as Screen.topLine is. */
  line: number;
  col: number;
  /** What stood on its line before it, with the blanks up to `col`. */
  text: string;
}

export type Signal =
  | { type: 'title'; title: string }
  | { type: 'cwd'; cwd: string }
  /** `count` bells with nothing in between. */
  | { type: 'bell'; count: number }
  | { type: 'notification'; title: string | undefined; body: string }
  | { type: 'progress'; progress: Progress | undefined }
  | ({ type: 'mark' } & Mark);

export interface SignalState {
  title: string;
  cwd: string | undefined;
  progress: Progress | undefined;
  bellCount: number;
  clipboardWriteCount: number;
  promptEnd: PromptEnd | undefined;
  titles: string[];
  commandLine: string | undefined;
  /** Absent in a state of an older version. */
  notifications?: DesktopNotifications['state'];
}

/** A title is shown in a line; a program may send 10 MB. */
const TITLE_LIMIT = 4096;
/** As deep as xterm's. */
const TITLE_STACK_LIMIT = 10;
/** Signals that are not fetched: the oldest are dropped. Titles can be 4 KiB each. */
const PENDING_LIMIT = 1024;

export class SignalTracker {
  title = '';
  cwd: string | undefined;
  progress: Progress | undefined;
  bellCount = 0;
  clipboardWriteCount = 0;
  #pending: Signal[] = [];
  readonly #titles: string[] = [];
  readonly #notifications = new DesktopNotifications();
  /** From OSC 633 E, until the output of that command begins. */
  #commandLine: string | undefined;
  /** Where the last prompt ended, until something else than its command line begins. */
  promptEnd: PromptEnd | undefined;
  readonly #emulator: Emulator;
  readonly #topLine: () => number;

  constructor(emulator: Emulator, topLine: () => number) {
    this.#emulator = emulator;
    this.#topLine = topLine;
    this.#hearTitle(emulator);
    emulator.onBell(() => this.#bell());
    emulator.onOsc(7, (url) => this.#enter(decodedPath(url)));
    emulator.onOsc(9, (data) => this.#conEmuOrGrowl(data));
    emulator.onOsc(99, (data) => this.#notify(this.#notifications.take(data)));
    emulator.onOsc(777, (data) => this.#notify(notificationOf(data)));
    emulator.onOsc(1337, (data) => {
      const directory = /^CurrentDir=(.*)$/.exec(data)?.[1];
      return directory === undefined ? false : this.#enter(decodedPath(directory));
    });
    // A program that could write the clipboard could leave a command there for its user to paste.
    emulator.onOsc(52, (data) => {
      if (!/^[^;]*;\?$/.test(data)) this.clipboardWriteCount++;
      return true;
    });
    const mark = (data: string, _terminator: string, place: Place) => {
      const { x, y } = emulator.core.buffers.active;
      const where = { line: topLine() + y, col: Math.min(x, emulator.core.cols - 1) };
      return this.#mark(data, { ...where, ...place });
    };
    emulator.onOsc(133, mark);
    emulator.onOsc(633, mark);
  }

  /** What happened since the last call, oldest first. */
  take(): Signal[] {
    const signals = this.#pending;
    if (signals.length > 0) this.#pending = [];
    return signals;
  }

  /** Fetched or not, all that is known: for a tracker in another process. */
  get state(): SignalState {
    const { title, cwd, progress, bellCount, clipboardWriteCount, promptEnd } = this;
    const titles = [...this.#titles];
    return {
      ...{ title, cwd, progress, bellCount, clipboardWriteCount, promptEnd, titles },
      commandLine: this.#commandLine,
      notifications: this.#notifications.state,
    };
  }

  adopt({ titles, commandLine, notifications = [], ...latest }: SignalState): void {
    Object.assign(this, latest);
    this.#notifications.adopt(notifications);
    this.#titles.splice(0, this.#titles.length, ...titles);
    this.#commandLine = commandLine;
    this.#pending = [];
  }

  /** What the program has reported of itself is not so of the one that is started after it. */
  forgetProgram(): void {
    this.cwd = undefined;
    this.promptEnd = undefined;
    this.#commandLine = undefined;
    this.#titles.length = 0;
  }

  #hearTitle(emulator: Emulator): void {
    const setTitle = (title: string) => {
      this.title = title.slice(0, TITLE_LIMIT);
      return this.#add({ type: 'title', title: this.title });
    };
    emulator.onOsc(0, setTitle);
    emulator.onOsc(2, setTitle);
    // XTWINOPS 22 and 23; 0 is icon and title, 1 the icon alone, 2 the title alone.
    emulator.onCsi({ final: 't' }, ([operation, which = 0]) => {
      if ((operation !== 22 && operation !== 23) || which === 1) return false;
      if (operation === 22) {
        this.#titles.push(this.title);
        if (this.#titles.length > TITLE_STACK_LIMIT) this.#titles.shift();
        return true;
      }
      const title = this.#titles.pop();
      return title === undefined ? true : setTitle(title);
    });
  }

  #bell(): void {
    this.bellCount++;
    const last = this.#pending.at(-1);
    if (last?.type === 'bell') last.count++;
    else this.#add({ type: 'bell', count: 1 });
  }

  #enter(cwd: string | undefined): boolean {
    if (cwd === undefined) return true;
    this.cwd = cwd;
    return this.#add({ type: 'cwd', cwd });
  }

  /** OSC 9 is a notification in iTerm2 and a family of commands, each with a number, in ConEmu. */
  #conEmuOrGrowl(data: string): boolean {
    const [, command, argument = ''] = /^(\d{1,2})(?:;(.*))?$/s.exec(data) ?? [];
    if (command === undefined) return this.#notify({ title: undefined, body: data });
    if (command === '4') {
      const progress = progressOf(argument);
      if (progress === 'unknown') return true;
      this.progress = progress;
      return this.#add({ type: 'progress', progress });
    }
    return command === '9' ? this.#enter(decodedPath(argument.replace(/^"(.*)"$/, '$1'))) : true;
  }

  #notify(notification: DesktopNotification | undefined): boolean {
    return notification === undefined ? true : this.#add({ type: 'notification', ...notification });
  }

  #mark(data: string, where: Pick<Mark, 'line' | 'col' | 'start' | 'end'>): boolean {
    const found = markOf(data);
    if (found.cwd !== undefined) return this.#enter(decodedPath(found.cwd));
    if (found.mark === undefined) {
      this.#commandLine = found.commandLine ?? this.#commandLine;
      return true;
    }
    const { mark, exitCode, hasText = false } = found;
    const isOutput = mark === 'output';
    const commandLine = isOutput ? (found.commandLine ?? this.#commandLine ?? this.#typedLine()) : undefined;
    if (isOutput || mark === 'prompt') this.#commandLine = undefined;
    this.promptEnd = mark === 'command' ? this.#endAt(where) : undefined;
    return this.#add({
      type: 'mark',
      mark,
      ...where,
      exitCode,
      hasText,
      commandLine,
    });
  }

  #endAt({ line, col }: Pick<Mark, 'line' | 'col'>): PromptEnd {
    const { cols, buffers } = this.#emulator.core;
    const { lines, ybase, x, y } = buffers.active;
    // A prompt as wide as the screen: its command line begins on the next row.
    if (x >= cols) return { line: line + 1, col: 0, text: '' };
    const row = lines.get(ybase + y);
    return { line, col, text: row === undefined ? '' : textBefore(row, col) };
  }

  #typedLine(): string | undefined {
    const { active, alt } = this.#emulator.core.buffers;
    if (this.promptEnd === undefined || active === alt) return undefined;
    const { line, col } = this.promptEnd;
    return typedLine(active, { row: line - this.#topLine() + active.ybase, col });
  }

  /** Always true: the sequence is dealt with. */
  #add(signal: Signal): true {
    this.#pending.push(signal);
    if (this.#pending.length > 2 * PENDING_LIMIT) this.#pending.splice(0, PENDING_LIMIT);
    return true;
  }
}
