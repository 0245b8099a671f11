/**
 * Whether the text of a line can be a prompt: all such guesses of the daemon, side by side.
 *
 * A text can only rule a prompt out or suggest one. Who may act on a suggestion, and what else must be known,
 * is for those who ask: a wait may answer too early, an exec must not type into a question.
 */

/** What shells, debuggers and the questions of scripts end in, and what asks for the rest of a statement. */
export const AWAITED_PROMPT = /(?:[$#%>❯➜»›:?)\]]|^\.\.\.)\s?$/;

/** The sign that the prompts of shells end in, those of themes included: what a wait for a lone `$` means. */
export const SHELL_PROMPT_END = /([$#%>❯➜»›])\s?$/;

/** What a line is typed behind, in a shell or at another prompt for code. */
export const PROMPT_BEFORE_ECHO = /(?:[$#%>❯➜»›]|\.\.\.)\s?$/;

/** A prompt for code; IPython's is `In [1]:`, for the rest of a statement it is often `...`. */
const TAKES_CODE = /[$#%>❯➜»›)λ]$|\[\d+\]:$|^\s*\.{3}:?$/;
/** How far something is: `45%`, and not `vm1%`. */
const PROGRESS = /(?:^|[\s:[(])\d{1,3}(?:\.\d+)?\s?%$/;
const ASKS = /\?|\b(?:y|n|yes|no)\W*$/i;

/** Ends as the prompts of shells do; `?#` is zsh's select, and psql ends in `=#`, `-#`, `(#` and the like. */
const SHELL_SIGN = /(?:^|[^=\-('"*!^?$])[$#%]$|[❯➜»›λ]$/;
/** oh-my-zsh's default, which ends in the directory: `➜  ~`, `➜  src git:(main) ✗`. */
const ROBBYRUSSELL = /^➜ {2}\S+(?: git:\(\S+\)(?: ✗)?)?$/;

/** Asks for code or a command, rather than for an answer. */
export function asksForCode(before: string): boolean {
  const text = before.trimEnd();
  return isShellPrompt(text) || (TAKES_CODE.test(text) && !ASKS.test(text) && !PROGRESS.test(text));
}

/** What was a prompt before may be one again, but not a question: those come again too. */
export function mayAskForCode(before: string): boolean {
  const text = before.trimEnd();
  return !text.endsWith(':') && !ASKS.test(text);
}

export function isShellPrompt(before: string): boolean {
  const text = before.trimEnd();
  return ROBBYRUSSELL.test(text) || (SHELL_SIGN.test(text) && !ASKS.test(text) && !PROGRESS.test(text));
}

/** Of a shell or REPL that says no more of itself than its text: the prompt it has unless its user chose another. */
export function isDefaultPrompt(program: string, line: string): boolean {
  switch (program) {
    case 'python':
      return line === '>>> ';
    case 'node':
      return line === '> ';
    case 'sqlite3':
      return line === 'sqlite> ';
    case 'tcsh':
      // It asks for the rest of a command with the command's name and '?'.
      return isShellPrompt(line) || line === '> ';
    case 'fish':
      // Its `read` asks with 'read> '.
      return isShellPrompt(line) || (/\S>\s?$/.test(line) && line.trim() !== 'read>' && !ASKS.test(line));
    default:
      // No '>' there: those are the prompts for the rest of a command.
      return isShellPrompt(line);
  }
}

/** What shells and REPLs ask for the rest of a command with, unless their user chose another. */
export function isContinuation(line: string): boolean {
  return /^\s*(?:>|\.{3,}>?|\|)\s*$/.test(line);
}

/** Some prompts count: `In [12]:`. */
export function formOf(prompt: string): string {
  return prompt.trimEnd().replaceAll(/\d+/g, '0');
}

/** readline writes the mode of its vi keys there, where it is configured to, and rewrites that alone. */
export function withoutEditingMode(line: string): string {
  return line.replace(/^(?:\((?:ins|cmd)\)|[@:+](?=\S))/, '');
}
