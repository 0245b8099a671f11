/** Commands that put another shell in the place of the session's, as is advised after an installation: `exec $SHELL -l`. */

const SHELL = String.raw`["']?(?:\$\{?SHELL\}?|(?:[\w.~/-]*/)?(?:ba|z|k|da|fi|a|mk|ya|tc|c)?sh)["']?`;
const ASSIGNMENTS = String.raw`(?:\w+=\S*\s+)*`;
const COMMAND_START = String.raw`(?:^|[;&|\n({]|\b(?:then|do|else)\b)\s*`;
const EXEC_OPTIONS = String.raw`(?:-[cl]+\s+|-a\s+\S+\s+)*`;
/** With a command of its own (-c), or a script, a shell does not read the terminal. */
const SHELL_OPTIONS = String.raw`(?:\s+(?:[-+][oO]\s+\w+|[-+][abd-zA-Z]+|--(?!command)[\w-]+))*`;

const REPLACES = new RegExp(
  `${COMMAND_START}exec\\s+${EXEC_OPTIONS}(?:env\\s+)?${ASSIGNMENTS}${SHELL}${SHELL_OPTIONS}\\s*[;)}]*\\s*$`,
);

/** Whether its last command starts a shell with `exec`: that needs the terminal, and would end at once without. */
export function replacesShell(command: string): boolean {
  // A shell's name and its options are short, and what stands before them is not looked at.
  return REPLACES.test(command.slice(-MAX_TAIL_LENGTH));
}

const MAX_TAIL_LENGTH = 500;
