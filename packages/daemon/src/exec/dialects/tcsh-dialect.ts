/**
 * tcsh and csh. Their `source` can be redirected, though not stdout and stderr apart: both are one stream. A
 * mistake in the command ends all files that are being sourced, and then the shell is asked.
 */
import { type Dialect, eraseRows, type Line, mark, octal } from './dialect.ts';

export const tcshDialect: Dialect = {
  name: 'tcsh',
  isRepl: false,
  // A file that is sourced begins with a status of 0.
  lineToType: (path) => ` set __pilotty=$status; source ${quoted(path)}`,
  filesFor: (line, command) => ({
    [line.files.run]: runText(line),
    [line.files.code]: `( exit $__pilotty )\n${command}\n`,
  }),
  askText: (line) => [...arrive(line), ...leave(line, []), ''].join('\n'),
};

function runText(line: Line): string {
  const { files, nonce, isPty } = line;
  const print = (text: string) => `\\printf '${octal(text)}' >! /dev/tty`;
  const streams = isPty ? '' : ` </dev/null >&! ${quoted(files.out)}`;
  return [
    ...arrive(line),
    ...(isPty ? [print(mark(nonce, 'begin'))] : []),
    `\\printf 'begun ${nonce} \\036' >! ${quoted(files.say)}`,
    `source ${quoted(files.code)}${streams}`,
    'set __pilotty = $status',
    ...leave(line, isPty ? [print(mark(nonce, 'end'))] : []),
    '',
  ].join('\n');
}

function arrive({ rows }: Line): string[] {
  return [`\\printf '${octal(eraseRows(rows))}' >! /dev/tty`];
}

function leave({ files, nonce }: Line, first: readonly string[]): string[] {
  return [
    ...first,
    `\\printf 'done ${nonce} %s %s\\036' $__pilotty $cwd:q >! ${quoted(files.say)}`,
    'eval "unset __pilotty; ( exit $__pilotty )"',
  ];
}

function quoted(path: string): string {
  return `'${path.replace(/['!]/g, (character) => (character === '!' ? '\\!' : `'\\''`))}'`;
}
