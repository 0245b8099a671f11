/**
 * bash, zsh, ksh and dash.
 *
 * The command is sourced, so it is read as a script is: it may stand on many lines, define the alias
 * that its next line uses, `return`, or be wrong. `$?` passes from one command to the next as it does
 * at a prompt, and nothing else is left behind in the shell.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
import { shellQuote as quoted } from '@pilotty/protocol';
import type { ChannelFiles } from './channel-files.ts';
import { type Dialect, eraseRows, type Line, mark, octal, WITNESS } from './dialect.ts';

export type PosixShell = 'bash' | 'zsh' | 'ksh' | 'dash';

export function posixDialect(shell: PosixShell): Dialect {
  return {
    name: shell,
    isRepl: false,
    // Without an editor of lines the terminal's settings say whether Enter ends one; a newline always does.
    ...(shell === 'dash' && { enter: '\n' }),
    // The space keeps the line out of a history that is set so.
    lineToType: (path) => ` ${source(shell)} ${quoted(path)}`,
    filesFor: (line, command) => ({
      [line.files.run]: runText(shell, line),
      // Created here with its mode: the shell would create it with the mode of its umask.
      ...(shell === 'bash' && { [line.files.last]: '\n' }),
      ...codeFiles(shell, line.files, command),
    }),
    askText: (line) => `${arrive(shell, line)}\n${leave(shell, line, [])}\n`,
  };
}

/** A status of ksh is 256 and the signal where one ended a program; a sourced file would cut that to a byte. */
function codeFiles(shell: PosixShell, { code, text }: ChannelFiles, command: string): Record<string, string> {
  if (shell === 'bash' || shell === 'zsh') return { [code]: command };
  // dash says that a job has ended before it reads the next line of a file, on the stderr of that: so there is but one.
  if (shell === 'dash') return { [code]: `eval '${command.replaceAll("'", "'\\''")}'; return $?\n` };
  return { [text]: command, [code]: `eval "$(<${quoted(text)})"\n__pilotty_status=$?\n` };
}

function runText(shell: PosixShell, line: Line): string {
  const { files, nonce, isPty } = line;
  const print = printf(shell);
  const begun = `{ ${print} 'begun ${nonce} '; ${listJobs(line, shell)}${print} '\\036'; } 1<>${quoted(files.say)}`;
  // A trace (set -x) of our own lines goes nowhere; `&&`, so that a status that is not 0 ends nothing.
  const status = `{ ${source(shell)} ${quoted(files.status)} && :; } 2>/dev/null`;
  const code = `${source(shell)} ${quoted(files.code)}`;
  if (isPty) {
    const begin = `${print} '${octal(mark(nonce, 'begin'))}' >/dev/tty`;
    const end = `${print} '${octal(mark(nonce, 'end'))}' >/dev/tty`;
    return [
      arrive(shell, line),
      `{ ${begin}; ${begun}; } 2>/dev/null`,
      status,
      `{ ${code}; } ${WITNESS}<${quoted(files.code)}\n{ __pilotty=$?; } 2>/dev/null`,
      ...reclaim(shell),
      leave(shell, line, [STATUS, end]),
      '',
    ].join('\n');
  }
  const streams = `</dev/null >|${quoted(files.out)} 2>|${quoted(files.err)}`;
  return [
    arrive(shell, line),
    `{ ${begun}; ${status}; ${code} ${streams}; __pilotty=$?; } 2>/dev/null`,
    ...reclaim(shell),
    leave(shell, line, [STATUS]),
    '',
  ].join('\n');
}

/** Keeps the status; takes the typed line off the screen and out of the history. */
function arrive(shell: PosixShell, { files, rows }: Line): string {
  const erase = `${printf(shell)} '${octal(eraseRows(rows))}' >/dev/tty`;
  return ['{ __pilotty=$?', erase, ...tellOfJobs(shell), ...forget(shell, files), '} 2>/dev/null'].join('\n');
}

/**
 * bash says that a job has ended after the next program, on what is its stderr then. So it does that now, on the
 * terminal; that a job runs it has said already.
 */
function tellOfJobs(shell: PosixShell): string[] {
  return shell === 'bash' ? ['\\builtin jobs -nr >/dev/null', '\\builtin jobs -n >/dev/tty'] : [];
}

/** See job-notices.ts. */
function listJobs({ isPty }: Line, shell: PosixShell): string {
  return shell === 'bash' && !isPty ? '\\builtin jobs -r; ' : '';
}

/** Reports the status. One that is not 0 would end a shell that has errexit set. */
function leave(shell: PosixShell, { files, nonce }: Line, first: readonly string[]): string {
  return [
    '{',
    ...first,
    `${printf(shell)} 'done ${nonce} %s %s\\036' "$((__pilotty > 256 ? __pilotty - 128 : __pilotty))" "\${PWD-}" 1<>${quoted(files.say)}`,
    ...ignoreNext(shell, files),
    'case $- in *e*) __pilotty=0;; esac',
    `eval "${RETURN}"`,
    '} 2>/dev/null',
  ].join('\n');
}

const STATUS = '__pilotty=${__pilotty_status:-$__pilotty}';

/** ksh gives the terminal to a pipeline whose last part it runs itself, and takes it back only after the next process. */
function reclaim(shell: PosixShell): string[] {
  return shell === 'ksh' ? ['(\\command ulimit -t unlimited)'] : [];
}

const RETURN = '\\\\unset __pilotty __pilotty_line __pilotty_status; return $__pilotty';

/** Of the file `status`. */
export const STATUS_TEXT = `eval "${RETURN}"\n`;

/** What keeps the typed line out of the history, or takes it out again. */
function forget(shell: PosixShell, { directory, last }: ChannelFiles): string[] {
  const ours = `*${quoted(`${directory}/`)}*`;
  switch (shell) {
    case 'bash':
      // Whether the line was kept depends on HISTCONTROL and HISTIGNORE: so look at the last one, by way of a
      // file, because a substitution would be another process.
      return [
        `if [[ ${KEEPS_SPACED} ]]; then`,
        `__pilotty_line=${quoted(ignored(directory))}`,
        'if [[ :${HISTIGNORE-}: == *":$__pilotty_line:"* ]]; then',
        'if [[ $HISTIGNORE == "$__pilotty_line" ]]; then \\builtin unset -v HISTIGNORE',
        // Its user may have added to ours, where there was nothing before.
        'else HISTIGNORE=:$HISTIGNORE; HISTIGNORE=${HISTIGNORE/":$__pilotty_line"/}; HISTIGNORE=${HISTIGNORE#:}; fi',
        'else',
        `HISTTIMEFORMAT= \\builtin history 1 1<>${quoted(last)}; IFS= \\builtin read -r __pilotty_line <${quoted(last)}`,
        `case $__pilotty_line in ${ours})`,
        '\\builtin history -d "$((${__pilotty_line%%\\\\*}))" || :',
        'esac',
        'fi',
        'fi',
      ];
    case 'zsh':
      // Nothing deletes a line, but a hook keeps it out: all from the second on. The first is gone once
      // the history is read anew, which loses nothing where it was the first line of this shell.
      return [
        'if [[ ! -o histignorespace && -z ${functions[__pilotty_forget]-} ]]; then',
        `__pilotty_forget() { [[ $1 != *"${directory.replace(/\/[^/]*$/, '/')}"* ]] }`,
        '\\builtin typeset -ga zshaddhistory_functions',
        'zshaddhistory_functions+=(__pilotty_forget)',
        '__pilotty_line=$(\\builtin fc -lnI 1)',
        "if [[ $__pilotty_line != *$'\\n'* ]]; then",
        '__pilotty_line=("${HISTFILE-}" $HISTSIZE $SAVEHIST)',
        '\\builtin unset HISTFILE',
        '\\builtin fc -p ${__pilotty_line[@]:0:1}',
        'HISTSIZE=${__pilotty_line[@]:1:1}; SAVEHIST=${__pilotty_line[@]:2:1}',
        'fi',
        'fi',
      ];
    case 'ksh':
    case 'dash':
      // ksh has nothing that takes a line out again and leaves its history whole; dash has no history.
      return [];
  }
}

/** What is typed before the shell's next prompt with a space before it will be in its history. */
const KEEPS_SPACED = ':${HISTCONTROL-}: != *:ignorespace:* && :${HISTCONTROL-}: != *:ignoreboth:*';

/**
 * A line of ours that its history does not take costs bash no process for the marks of its prompt, and nobody has to
 * take it out again. The pattern is there while the shell prompts: commands find the variable as its user left it.
 * One that is exported, readonly or anything else stays alone. `@a` came with 4.4. Where only one row shows, what
 * such a line was cannot be seen (typed-line.ts).
 */
function ignoreNext(shell: PosixShell, { directory }: ChannelFiles): string[] {
  if (shell !== 'bash') return [];
  return [
    `if ((BASH_VERSINFO[0] > 4)) && [[ ${KEEPS_SPACED} && $- != *a* && \${LINES-} != 1 && -z \${HISTIGNORE+\${HISTIGNORE@a}} ]]; then`,
    `HISTIGNORE=\${HISTIGNORE+$HISTIGNORE:}${quoted(ignored(directory))}`,
    'fi',
  ];
}

/** The typed lines, as a pattern of HISTIGNORE: a colon would end it, and `&` is the line before. */
function ignored(directory: string): string {
  const line = ` ${source('bash')} ${quoted(directory.replace(/[^/]*$/, ''))}`;
  return `${line.replace(/'$/, '').replaceAll(/[^\w /.'-]+/g, '*')}*`;
}

/** Neither the alias nor, where a shell allows one, a function of that name. */
function source(shell: PosixShell): string {
  return shell === 'bash' || shell === 'zsh' ? '\\builtin .' : '\\.';
}

/** As source(). */
function printf(shell: PosixShell): string {
  return shell === 'bash' || shell === 'zsh' ? '\\builtin printf' : '\\command printf';
}
