/**
 * Whether a program waits for input: its output ends, without a newline, in what looks like a prompt.
 * Only the last line is looked at, without its escape sequences.
 */

/** The end of a longer prompt is enough to recognize it. */
const LONGEST_BYTES = 1024;

/** CSI, OSC and the other strings, two-character sequences, and the controls that print nothing: ECMA-48, and xterm's OSC that ends with BEL. */
const ESCAPES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])|[\x00-\x07\x0e-\x1f\x7f]/g;

const PROMPTS = [
  // Shells, python3, node, psql, sqlite3, mysql, irb: 'host:~$ ', '>>> ', 'mydb=> ', 'irb(main):001> '. A percentage is none.
  /(?:[$#>❯➜»λ]|(?<!\d)%) $/,
  // python3 in the middle of a block, ipython, pdb and gdb.
  /^\.\.\. $|^In \[\d+\]: $|^\([\w.-]+\) $/,
  // Questions to a person.
  /(?:pass(?:word|phrase|code)|\bPIN|token|secret|login|username)\b[^\n]{0,80}: ?$/i,
  /(?:\[[yn]\/[yn]\]|\((?:y\/n|yes\/no)[^\n]*\))[?:]? ?$/i,
  /\w\? $/,
];

/** Questions for a secret. */
const SECRET = /(?:pass(?:word|phrase|code)|\bPIN\b|token|secret|verification code)\b[^\n]{0,80}[:?>]? ?$/i;

export const TAIL_BYTES = LONGEST_BYTES;

export function endsInPrompt(tail: Buffer): boolean {
  const line = lastLine(tail);
  return PROMPTS.some((prompt) => prompt.test(line));
}

export function asksForSecret(tail: Buffer): boolean {
  return SECRET.test(lastLine(tail));
}

function lastLine(tail: Buffer): string {
  const text = tail.toString().replace(ESCAPES, '');
  // A lone return starts the line anew: what a shell's line editor draws with.
  return text.split(/\n|\r(?!\n)/).at(-1) ?? '';
}
