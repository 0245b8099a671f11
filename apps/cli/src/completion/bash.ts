/** Completion for bash 3.2 and later, with the package bash-completion and without it. */
import { keyNames } from '../key-names.ts';
import type { CompletedCommand, CompletedOption, Kind } from './table.ts';

export function bashCompletion(table: readonly CompletedCommand[]): string {
  return `# Completion of pilotty for bash. Into ~/.bashrc: source <(pilotty completion bash)

# Of all words that are given, a line each, those that begin with what was typed. They are not expanded.
_pilotty_offer() {
  local word
  while IFS= read -r word; do
    [[ -n $word && $word == "$typed"* ]] && _pilotty_reply "$word"
  done <<<"$1"
}

# bash replaces what stands behind the last character of COMP_WORDBREAKS, not the whole word.
_pilotty_reply() {
  local whole=$before$1
  COMPREPLY+=("\${whole:kept}")
}

_pilotty_files() {
  local path
  while IFS= read -r path; do
    _pilotty_reply "$path"
  done < <(compgen "$1" -- "$typed")
  type compopt &>/dev/null && compopt -o filenames
}

_pilotty_kind() {
  case $1 in
    sessions | running | tags) _pilotty_offer "$(pilotty completion --list "$1" 2>/dev/null)" ;;
    keys) _pilotty_offer ${quoted(keyNames.join('\n'))} ;;
    files) _pilotty_files -f ;;
    directories) _pilotty_files -d ;;
    program) _pilotty_files -c ;;
    words:*) _pilotty_offer "\${1#words:}" ;;
  esac
}

# The options of the command $1, into \`options\`.
_pilotty_options() {
  case $1 in
${table.map((command) => branch(command, `options=${quoted(flags(command).join('\n'))}`)).join('\n')}
  esac
}

# What the value of the option $2 of the command $1 is, into \`kind\`; empty where it takes none.
_pilotty_value() {
  kind=
  case $1 in
${table.map((command) => branch(command, valueCase(command))).join('\n')}
  esac
}

# What argument number $2 of the command $1 is, into \`kind\`.
_pilotty_argument() {
  kind=
  case $1 in
${table
  .filter((command) => command.arguments.length > 0)
  .map((command) => branch(command, argumentCase(command)))
  .join('\n')}
  esac
}

_pilotty() {
  local at word kind options command rest=$COMP_LINE before= count=0
  local -a words=()
  # bash takes the characters of COMP_WORDBREAKS for words: what stands together is one.
  for ((at = 0; at <= COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if ((at > 1)) && [[ $rest != [[:space:]]* && -n $rest ]]; then
      words[\${#words[@]} - 1]+=$word
    elif ((at > 0)); then
      words+=("$word")
    fi
    rest=\${rest#"\${rest%%[![:space:]]*}"}
    rest=\${rest#"$word"}
  done
  local last=$((\${#words[@]} - 1))
  local typed=\${words[last]}
  local behind=\${typed##*[$COMP_WORDBREAKS]}
  local kept=$((\${#typed} - \${#behind}))
  COMPREPLY=()
  if ((last == 0)); then
    _pilotty_offer ${quoted([...table.flatMap(({ names }) => names), '--help', '--version'].join('\n'))}
    return
  fi
  command=\${words[0]}

  for ((at = 1; at < last; at++)); do
    word=\${words[at]}
    if [[ $word == -- ]]; then
      at=$last
    elif [[ $word == -* ]]; then
      _pilotty_value "$command" "$word"
      [[ -n $kind ]] && ((at += 1))
    else
      ((count += 1))
      _pilotty_argument "$command" 1
      # Every word after it belongs to a program.
      if [[ $kind == program ]]; then
        _pilotty_program $((COMP_CWORD - last + at))
        return
      fi
    fi
  done

  if ((at > last && last > 1)) && [[ \${words[last - 1]} != -- ]]; then
    _pilotty_value "$command" "\${words[last - 1]}"
    _pilotty_kind "$kind"
  elif [[ $typed == --*=* ]]; then
    before=\${typed%%=*}=
    _pilotty_value "$command" "\${typed%%=*}"
    typed=\${typed#*=}
    _pilotty_kind "$kind"
  elif [[ $typed == -* ]]; then
    _pilotty_options "$command"
    _pilotty_offer "$options"
  else
    _pilotty_argument "$command" $((count + 1))
    _pilotty_kind "$kind"
  fi
}

# The program's own completion where bash-completion is there, else files.
_pilotty_program() {
  if type _command_offset &>/dev/null; then
    _command_offset "$1"
  else
    _pilotty_files -f
  fi
}

complete -F _pilotty pilotty
`;
}

function branch({ names }: CompletedCommand, body: string): string {
  return `    ${names.join(' | ')}) ${body} ;;`;
}

function flags({ options }: CompletedCommand): string[] {
  return options.flatMap(({ long, short }) => [`--${long}`, ...(short === undefined ? [] : [`-${short}`])]);
}

function valueCase({ options }: CompletedCommand): string {
  const byKind = new Map<string, string[]>();
  for (const option of options) {
    if (option.value === undefined) continue;
    const kind = kindWord(option.value);
    byKind.set(kind, [...(byKind.get(kind) ?? []), ...spellings(option)]);
  }
  const cases = [...byKind].map(([kind, names]) => `${names.join(' | ')}) kind=${quoted(kind)} ;;`);
  return cases.length === 0 ? ':' : `case $2 in ${cases.join(' ')} esac`;
}

function argumentCase({ arguments: args }: CompletedCommand): string {
  const cases = args.map(
    ({ value, isRest }, index) => `${isRest ? '*' : index + 1}) kind=${quoted(kindWord(value))} ;;`,
  );
  return `case $2 in ${cases.join(' ')} esac`;
}

function spellings({ long, short }: CompletedOption): string[] {
  return [`--${long}`, ...(short === undefined ? [] : [`-${short}`])];
}

function kindWord(kind: Kind): string {
  return kind.kind === 'words' ? `words:${kind.words.join('\n')}` : kind.kind;
}

function quoted(text: string): string {
  return `$'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
