/** What was typed as a command: a program with its arguments where that is plain, a line for the shell where it is not. */

/** Words that mean themselves to every shell. */
const PLAIN = /^[\w@%+=:,./-]+(?: +[\w@%+=:,./-]+)*$/;
/** An assignment is for the shell, although it is made of plain characters. */
const ASSIGNMENT = /^\w+=/;

export type ProgramWords = { argv: string[] } | { command: string } | Record<never, never>;

/** Nothing typed is nothing said: the gateway starts its own login shell. */
export function programWords(typed: string): ProgramWords {
  const text = typed.trim();
  if (text === '') return {};
  if (PLAIN.test(text) && !ASSIGNMENT.test(text)) return { argv: text.split(/ +/) };
  return { command: text };
}
