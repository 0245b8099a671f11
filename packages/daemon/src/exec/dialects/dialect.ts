/**
 * What the daemon must know of a shell or REPL to run a command in it: one line to type, which
 * sources a file, and that file, which turns the streams to the channels, runs the command, and
 * reports. So the end comes from the program itself, and nothing of the command passes the terminal.
 */
import type { ChannelFiles } from './channel-files.ts';

export interface Line {
  files: ChannelFiles;
  /** Comes back with every report, so that none of another command is taken for one of this. */
  nonce: string;
  /** Rows of the screen that the typed line takes, to be erased. */
  rows: number;
  /** The command keeps the terminal as its streams. */
  isPty: boolean;
}

export interface Dialect {
  /** For people: 'bash', 'python'. */
  name: string;
  /** A REPL has no exit codes. */
  isRepl: boolean;
  /** Some of what belongs on stderr is written to the terminal whatever is redirected: taken between marks there. */
  speaksOnTerminal?: boolean;
  /** What cannot but follow the mark of the beginning. */
  afterMark?: string;
  /** In what a REPL says on the terminal, where it does not report its errors. */
  error?: RegExp;
  /** What ends the typed line, where that is not the key Enter. */
  enter?: string;
  /** @param path of `run` or `ask` */
  lineToType(path: string): string;
  /** Text of the files that the typed line needs, by their path. */
  filesFor(line: Line, command: string): Record<string, string>;
  /** Text of `ask`, for a shell that came back to its prompt without a report: an interrupt does that. */
  askText?(line: Line): string;
}

/** Descriptor open in a shell as long as it runs a command on the terminal, so that its coming back can be seen. */
export const WITNESS = 9;

/** Ends a report: no status has it in it, and a directory has to try. */
export const REPORT_END = '\x1e';

/** Around the output of a command on the terminal: a control string that terminals pass over. */
export function mark(nonce: string, which: 'begin' | 'end'): string {
  return `\x1b]6973;${nonce};${which}\x1b\\`;
}

/** Up to where the typed line began, and nothing below. */
export function eraseRows(rows: number): string {
  return `\x1b[${rows}A\r\x1b[J`;
}

/** As printf(1) and the strings of most languages take it. */
export function octal(text: string): string {
  return text
    .replaceAll('\\', '\\134')
    .replaceAll('\x1b', '\\033')
    .replaceAll('\r', '\\r')
    .replaceAll(REPORT_END, '\\036');
}
