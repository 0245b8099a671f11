/** Completion for fish 3 and later. */
import { keyNames } from '../key-names.ts';
import type { CompletedArgument, CompletedCommand, CompletedOption, Kind } from './table.ts';

export function fishCompletion(table: readonly CompletedCommand[]): string {
  return `# Completion of pilotty for fish: pilotty completion fish > ~/.config/fish/completions/pilotty.fish

function __pilotty_command
    set -l words (commandline -opc)
    test (count $words) -gt 1; and echo $words[2]
end

function __pilotty_is
    contains -- (__pilotty_command) $argv
end

function __pilotty_list
    pilotty completion --list $argv[1] 2>/dev/null
end

function __pilotty_keys
    printf '%s\\n' ${keyNames.join(' ')}
end

# From the first word that is no option on, as if the line began there.
function __pilotty_program
    set -l words (commandline -opc)
    set -l at 3
    while test $at -le (count $words)
        if contains -- $words[$at] $argv
            set at (math $at + 1)
        else if not string match -q -- '-*' $words[$at]
            break
        end
        set at (math $at + 1)
    end
    set -l line (commandline -ct)
    while test (count $words) -ge $at
        set line (string escape -- $words[-1])' '$line
        set -e words[-1]
    end
    complete -C "$line"
end

complete -c pilotty -f
complete -c pilotty -n 'not __pilotty_command' -s h -l help -d 'show the help'
complete -c pilotty -n 'not __pilotty_command' -s V -l version -d 'show the version'
${table.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ names, summary, options, arguments: args }: CompletedCommand): string[] {
  const inCommand = `complete -c pilotty -n ${quoted(`__pilotty_is ${names.join(' ')}`)}`;
  return [
    ...names.map((name) => `complete -c pilotty -n 'not __pilotty_command' -a ${name} -d ${quoted(summary)}`),
    ...options.map((option) => `${inCommand} ${optionWords(option)}`),
    ...args.flatMap((argument) => argumentWords(argument, options).map((words) => `${inCommand} ${words}`)),
  ];
}

function spellings({ long, short }: CompletedOption): string[] {
  return [`--${long}`, ...(short === undefined ? [] : [`-${short}`])];
}

function optionWords({ long, short, value, description }: CompletedOption): string {
  const names = `${short === undefined ? '' : `-s ${short} `}-l ${long}`;
  return `${names}${value === undefined ? '' : ` ${valueWords(value)}`} -d ${quoted(description)}`;
}

/** -r: needs a value, and files are offered; -x: only what is named here. */
function valueWords(kind: Kind): string {
  const words = wordsOf(kind);
  if (kind.kind === 'files') return '-r -F';
  return words === undefined ? '-x' : `-x -a ${quoted(words)}`;
}

function argumentWords({ value }: CompletedArgument, options: readonly CompletedOption[]): string[] {
  if (value.kind === 'files') return ['-F'];
  if (value.kind === 'program') {
    const taking = options.filter((option) => option.value !== undefined).flatMap(spellings);
    return [`-a ${quoted(`(__pilotty_program ${taking.join(' ')})`)}`];
  }
  const words = wordsOf(value);
  return words === undefined ? [] : [`-a ${quoted(words)}`];
}

function wordsOf(kind: Kind): string | undefined {
  switch (kind.kind) {
    case 'words':
      return kind.words.join(' ');
    case 'sessions':
    case 'running':
    case 'tags':
      return `(__pilotty_list ${kind.kind})`;
    case 'keys':
      return '(__pilotty_keys)';
    case 'directories':
      return '(__fish_complete_directories)';
    default:
      return undefined;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
