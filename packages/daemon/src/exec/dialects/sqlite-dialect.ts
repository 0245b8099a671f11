/**
 * sqlite3's prompt. What a statement selects goes to the channel; what sqlite3 says of a mistake it
 * writes to its terminal.
 */
import { type Dialect, eraseRows, type Line, mark, octal } from './dialect.ts';

export const sqliteDialect: Dialect = {
  name: 'sqlite3',
  isRepl: true,
  speaksOnTerminal: true,
  afterMark: '\r\n',
  error: /^(?:Parse |Runtime )?[Ee]rror/m,
  lineToType: (path) => `.read ${quoted(path)}`,
  // A statement that was not ended would wait for its end.
  filesFor: (line, code) => ({ [line.files.run]: runText(line), [line.files.code]: `${code}\n;\n` }),
};

const UP = '\x1b[A';

function runText({ files, nonce, rows, isPty }: Line): string {
  const out = isPty ? 'stdout' : quoted(files.out);
  return [
    // `.print` ends its line: so it begins one higher.
    `.print "${octal(eraseRows(rows) + UP + mark(nonce, 'begin'))}"`,
    `.output ${quoted(files.say)}`,
    `.print "begun ${nonce} \\036"`,
    `.output ${out}`,
    `.read ${quoted(files.code)}`,
    '.output stdout',
    `.print "${octal(mark(nonce, 'end') + UP)}"`,
    `.output ${quoted(files.say)}`,
    `.print "done ${nonce} -\\036"`,
    '.output stdout',
    '',
  ].join('\n');
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}
