/** Words as a shell takes them back: sh, and so bash, zsh, dash and ksh. */

/** As it is where no shell would take it for anything else, else in quotes. zsh makes a path of `=ls`. */
export function shellQuote(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : singleQuoted(word);
}

export function singleQuoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

export function commandLine(argv: readonly string[]): string {
  // An unquoted `A=b` in the place of the program would set a variable.
  return argv
    .map((word, index) => (index === 0 && word.includes('=') ? singleQuoted(word) : shellQuote(word)))
    .join(' ');
}
