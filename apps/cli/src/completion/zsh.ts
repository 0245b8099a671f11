/** Completion for zsh, to be sourced or as a file of $fpath. */
import { keyNames } from '../key-names.ts';
import type { CompletedArgument, CompletedCommand, CompletedOption, Kind } from './table.ts';

export function zshCompletion(table: readonly CompletedCommand[]): string {
  return `#compdef pilotty
# Completion of pilotty for zsh. Into ~/.zshrc, after compinit: source <(pilotty completion zsh)

_pilotty_list() {
  local -a names
  names=(\${(f)"$(pilotty completion --list $1 2>/dev/null)"})
  compadd -- $names
}

_pilotty_keys() {
  compadd -- ${keyNames.join(' ')}
}

_pilotty() {
  local curcontext=$curcontext state line ret=1
  local -a pilotty_commands
  pilotty_commands=(
${table.flatMap(({ names, summary }) => names.map((name) => `    ${quoted(`${name}:${summary}`)}`)).join('\n')}
  )
  _arguments -C '(- *)'{-h,--help}'[show the help]' '(- *)'{-V,--version}'[show the version]' \\
    '1:command:->command' '*::argument:->argument' && ret=0
  case $state in
    command) _describe -t commands command pilotty_commands && ret=0 ;;
    argument)
      case $words[1] in
${table.map(branch).join('\n')}
      esac
      ;;
  esac
  return ret
}

if [[ $funcstack[1] == _pilotty ]]; then _pilotty "$@"; else compdef _pilotty pilotty; fi
`;
}

function branch({ names, options, arguments: args }: CompletedCommand): string {
  const specs = [...options.map(optionSpec), ...args.map(argumentSpec)];
  const lines = specs.map((spec) => ` \\\n            ${spec}`).join('');
  return `        ${names.join(' | ')})\n          _arguments -s${lines} && ret=0\n          ;;`;
}

function optionSpec({ long, short, value, isRepeatable, description }: CompletedOption): string {
  const text = `[${escaped(description)}]${value === undefined ? '' : `:${value.label.replaceAll(':', '\\:')}:${action(value)}`}`;
  const taking = value === undefined ? '' : '=';
  if (short === undefined) return quoted(`${isRepeatable ? '*' : ''}--${long}${taking}${text}`);
  const both = `{-${short}${value === undefined ? '' : '+'},--${long}${taking}}`;
  const before = isRepeatable ? "'*'" : `'(-${short} --${long})'`;
  return `${before}${both}${quoted(text)}`;
}

/** After the program's name no option is ours. The blank keeps the options of _arguments from _command_names. */
const PROGRAM = "'(-)1:program: _command_names -e' '*::argument: _normal'";

function argumentSpec({ label, value, isRest }: CompletedArgument, index: number): string {
  if (value.kind === 'program') return PROGRAM;
  return quoted(`${isRest ? '*' : index + 1}:${label.toLowerCase()}:${action(value)}`);
}

function action(kind: Kind): string {
  switch (kind.kind) {
    case 'words':
      return `(${kind.words.join(' ')})`;
    case 'sessions':
    case 'running':
    case 'tags':
      return `{_pilotty_list ${kind.kind}}`;
    case 'keys':
      return '_pilotty_keys';
    case 'files':
      return '_files';
    case 'directories':
      return '_files -/';
    default:
      return ' ';
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, (character) => `\\${character}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
