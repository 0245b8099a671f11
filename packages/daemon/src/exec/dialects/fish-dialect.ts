/**
 * fish: the same steps as in the POSIX shells, in its own words. Its `exit` in a sourced file only
 * ends the file, so everything is evaluated. What it has to say itself, of a mistake or a command that
 * is not there, it always writes to its terminal. A line that begins with a space it does not keep.
 */
import { type Dialect, eraseRows, type Line, mark, octal, WITNESS } from './dialect.ts';

export const fishDialect: Dialect = {
  name: 'fish',
  isRepl: false,
  speaksOnTerminal: true,
  // Reading the file would be the status of now.
  lineToType: (path) => ` set -g __pilotty $status; eval (string collect <${quoted(path)})`,
  filesFor: (line, command) => ({
    [line.files.run]: runText(line),
    // On a line of its own, because fish shows the line that a mistake is in.
    [line.files.code]: `${RETURN}\n${command}`,
  }),
  askText: (line) => [...arrive(line), ...leave(line), ''].join('\n'),
};

function runText(line: Line): string {
  const { files, nonce, isPty } = line;
  const code = quoted(files.code);
  const streams = isPty ? `${WITNESS}<${code}` : `</dev/null >${quoted(files.out)} 2>${quoted(files.err)}`;
  return [
    ...arrive(line),
    `builtin printf '${octal(mark(nonce, 'begin'))}' >/dev/tty`,
    `builtin printf 'begun ${nonce} \\036' >${quoted(files.say)}`,
    'begin',
    ...DEFINE_RETURN,
    `eval (string collect --no-trim-newlines <${code})`,
    `end ${streams}`,
    'set -g __pilotty $status',
    ...leave(line),
    '',
  ].join('\n');
}

function arrive({ rows }: Line): string[] {
  return [`builtin printf '${octal(eraseRows(rows))}' >/dev/tty`];
}

function leave({ files, nonce }: Line): string[] {
  return [
    `builtin printf '${octal(mark(nonce, 'end'))}' >/dev/tty`,
    `builtin printf 'done ${nonce} %s %s\\036' $__pilotty "$PWD" >${quoted(files.say)}`,
    ...DEFINE_RETURN,
    RETURN,
  ];
}

/** A function's status becomes the status of now, and a function can take itself away. */
const RETURN = '__pilotty_return';
const DEFINE_RETURN = [
  `function ${RETURN}`,
  'set -l before $__pilotty',
  'set -e __pilotty',
  `functions -e ${RETURN}`,
  'return $before',
  'end',
];

function quoted(path: string): string {
  return `'${path.replace(/[\\']/g, '\\$&')}'`;
}
