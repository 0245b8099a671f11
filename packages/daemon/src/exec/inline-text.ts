/**
 * A command as lines to be typed to a shell that has none of our files: bash, zsh, ksh, dash and their kin.
 *
 * Each line is short enough for a terminal that reads line by line; it adds a part of a script to a
 * variable, takes itself off the screen, and answers. The last evaluates the script. That is spelt for
 * printf, whose octal numbers keep what a line editor, a history or a quote would take for its own.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
import { singleQuoted } from '@pilotty/protocol';
import { eraseRows, mark, octal } from './dialects/dialect.ts';

/** A canonical terminal takes 4095 bytes in a line (termios(3)); and less than a screen is soon erased. */
const PART_LENGTH = 1000;
const STRING_END = '\x1b\\';

export interface InlineLine {
  typed: string;
  /** What the shell prints once it has read the line. */
  answer: string;
}

/** @param rowsOf how many rows of the screen a typed line of this length takes */
export function inlineLines(
  command: string,
  { nonce, isPty, rowsOf }: { nonce: string; isPty: boolean; rowsOf: (length: number) => number },
): InlineLine[] {
  // The first shows whether there is a shell at all.
  const parts = ['', ...partsOf(scriptText(command, nonce, isPty))];
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    const answer = isLast ? mark(nonce, 'begin') : control(nonce, `part ${index}`);
    const keep =
      index === 0 ? `__pilotty=$?; __pilotty_text='${part}'` : `__pilotty_text=$__pilotty_text'${part}'`;
    const run = isLast ? '; eval "$(\\printf "$__pilotty_text")"' : '';
    const line = (rows: number) => ` ${keep}; \\printf '${octal(eraseRows(rows) + answer)}'${run}`;
    return { typed: line(rowsOf(line(10).length)), answer };
  });
}

/** Asks a shell that came back to its prompt for its status; it answers as it would at the end. */
export function askingLine(nonce: string, rowsOf: (length: number) => number): string {
  const line = (rows: number) =>
    ` \\printf '${octal(eraseRows(rows))}${endFormat(nonce)}' "$(($? > 256 ? $? - 128 : $?))" "$PWD"`;
  return line(rowsOf(line(10).length));
}

/** What follows the mark of the end. */
export function statusIn(text: string, nonce: string): { status: number; cwd: string } | undefined {
  const [start = '', end = ''] = control(nonce, '\n').split('\n');
  if (!text.startsWith(start)) return undefined;
  const length = text.indexOf(end, start.length);
  const [status, ...cwd] = text.slice(start.length, length).split(' ');
  return length === -1 ? undefined : { status: Number(status), cwd: cwd.join(' ') };
}

function control(nonce: string, text: string): string {
  return `\x1b]6973;${nonce};${text}${STRING_END}`;
}

function endFormat(nonce: string): string {
  return octal(mark(nonce, 'end') + control(nonce, '%s %s'));
}

/** The command is a string in it, so that a mistake in it is its own. */
function scriptText(command: string, nonce: string, isPty: boolean): string {
  return [
    '{',
    // bash: whether the lines were kept depends on HISTCONTROL and HISTIGNORE.
    'case ${BASH_VERSION-} in ?*)',
    "while __pilotty_line=$(HISTTIMEFORMAT= \\builtin history 1); case $__pilotty_line in *']6973;'*) :;; *) ! :;; esac",
    'do \\builtin history -d "$((${__pilotty_line%%[!0-9 ]*}))"; done',
    'esac',
    `__pilotty_text=${singleQuoted(command)}`,
    '(exit "$__pilotty") && :',
    '} 2>/dev/null',
    `eval "$__pilotty_text"${isPty ? '' : ' </dev/null 2>&1'}`,
    '{',
    '__pilotty=$?',
    // A status of ksh is 256 and the signal where one ended a program.
    `\\printf '${endFormat(nonce)}' "$((__pilotty > 256 ? __pilotty - 128 : __pilotty))" "\${PWD-}" >/dev/tty`,
    'case $- in *e*) __pilotty=0;; esac',
    'eval "unset __pilotty __pilotty_text __pilotty_line; (exit $__pilotty)"',
    '} 2>/dev/null',
  ].join('\n');
}

/** What a format of printf, or a line in single quotes, would take for something else. */
const SPECIAL = /[^ -~]|['\\%!]/;

/** The script as formats of printf, cut where no escape is. */
function partsOf(script: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const byte of Buffer.from(script)) {
    const character = String.fromCharCode(byte);
    part += SPECIAL.test(character) ? `\\${byte.toString(8).padStart(3, '0')}` : character;
    if (part.length < PART_LENGTH) continue;
    parts.push(part);
    part = '';
  }
  return [...parts, part];
}
