# Marks prompts, commands and their output for pilotty (OSC 133), and reports command lines (OSC 633;E) and the
# directory (OSC 7). Bash reads it instead of its startup files, and it reads those as bash would have: as --rcfile
# in a shell that is no login shell; as $ENV in a login shell that was started in posix mode, because nothing else
# brings a file of ours into one.
#
# Whatever its user sets at the prompt, nothing of this shows: what runs for a prompt has its trace (set -x) turned
# away, and no variable is exported by it (set -a), since a shell inside would mark what it cannot.
#
# The marks stand in PS0 and PS1. PROMPT_COMMAND puts them back where something has replaced them, and says where
# output ended, which is before bash or any hook prints for the prompt; how the command ended is reported by $? in
# PS1, which is right whatever ran before. The marks depend on a variable that is not exported: a shell inside, which
# may inherit PS1, marks nothing.

if [[ -o posix ]]; then
  builtin set +o posix
  builtin unset -v POSIXLY_CORRECT
  builtin shopt -u inherit_errexit 2>/dev/null || :
  # Posix mode chose it; one that came with the environment would be exported. An x may also be in the path.
  if [[ ${HISTFILE-} == ~/.sh_history && $(builtin declare -p HISTFILE) != 'declare -'*x*' HISTFILE='* ]]; then
    HISTFILE=~/.bash_history
  fi
  if [[ -n ${PILOTTY_BASH_ENV+set} ]]; then
    builtin export ENV="$PILOTTY_BASH_ENV"
  else
    builtin unset -v ENV
  fi
  builtin unset -v PILOTTY_BASH_ENV
fi

# Functions come before the user's files, so that no alias of theirs gets into them; but bash reads what stands in
# $(…) again when it runs, so there a backslash keeps aliases out.

__pilotty_output_ended() {
  local status=$?
  builtin printf '\e]133;D\a'
  # Where -e is set, a failure here would end the shell.
  if [[ $- == *e* ]]; then return 0; fi
  return "$status"
}

__pilotty_before_prompt() {
  local -
  builtin set +a
  builtin printf '\e]133;D\a'
  __pilotty_history_number=${HISTCMD-0}
  __pilotty_put_marks
  __pilotty_put_prompt_command
  return 0
}

__pilotty_put_marks() {
  local begin end output
  begin='\[${__pilotty_marks+\e]133;D;$?\a\e]7;file://${HOSTNAME-}${PWD//[%]/%25}\a\e]133;A\a}\]'
  end='\[${__pilotty_marks+\e]133;B\a}\]'
  # A line that the history did not take has no text to report, and needs no process to find that out.
  output='${__pilotty_marks+${__pilotty_marks[${HISTCMD-1}<=${__pilotty_history_number-0}]+$({ __pilotty_command_line; } 2>/dev/null)}\e]133;C\a}'
  PS1=${PS1-} PS0=${PS0-}
  PS1=${PS1//"$begin"/} PS1=${PS1//"$end"/} PS0=${PS0//"$output"/}
  # Without promptvars nothing in a prompt would be expanded.
  if builtin shopt -q promptvars; then
    PS1=$begin$PS1$end PS0=$PS0$output
  fi
}

# The first element stays the user's, for PROMPT_COMMAND=… replaces that one. Ours is the last.
__pilotty_put_prompt_command() {
  local first='{ __pilotty_output_ended; } 2>/dev/null' last='{ __pilotty_before_prompt; } 2>/dev/null' newline=$'\n' index
  local -a others=()
  for index in "${!PROMPT_COMMAND[@]}"; do
    if [[ ${PROMPT_COMMAND[index]} != "$last" ]]; then others[index]=${PROMPT_COMMAND[index]}; fi
  done
  others[0]=${others[0]-}
  others[0]=${others[0]#"$first"}
  others[0]=${others[0]#"$newline"}
  if [[ -n ${others[*]} ]]; then others[0]=$first${others[0]:+$newline${others[0]}}; fi
  PROMPT_COMMAND=("${others[@]}" "$last")
}

# The line that is about to run, as the history has it; nothing where it has been left out of that.
__pilotty_command_line() {
  # Bytes, whatever they are.
  local LC_ALL=C line
  line=$(HISTTIMEFORMAT='' \builtin history 1 2>/dev/null) || return 0
  if [[ ! $line =~ ^\ *([0-9]+)[*\ ]\ (.*)$ ]]; then return 0; fi
  if [[ ${BASH_REMATCH[1]} != "${__pilotty_history_number-}" ]]; then return 0; fi
  # Escaped, it must fit into a sequence that terminals read.
  line=${BASH_REMATCH[2]:0:2000}
  line=${line//\\/\\\\}
  line=${line//;/\\x3b}
  line=${line//$'\n'/\\x0a}
  line=${line//$'\t'/\\x09}
  builtin printf '\e]633;E;%s\a' "${line//[[:cntrl:]]/}"
}

# PS0 came with 4.4, the array with 5.1. A DEBUG trap, the argument, would be called for what is in PROMPT_COMMAND.
__pilotty_start() {
  local version=$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))
  if ((version >= 404)); then
    local -
    builtin set +a
    __pilotty_marks=
    __pilotty_put_marks
    if ((version >= 501)) && [[ -z $1 ]]; then
      __pilotty_history_number=1
      __pilotty_put_prompt_command
    fi
  fi
  return 0
}

if builtin shopt -q login_shell; then
  if [[ -r /etc/profile ]]; then builtin source /etc/profile; fi
  if [[ -r ~/.bash_profile ]]; then
    builtin source ~/.bash_profile
  elif [[ -r ~/.bash_login ]]; then
    builtin source ~/.bash_login
  elif [[ -r ~/.profile ]]; then
    builtin source ~/.profile
  fi
elif [[ -r ~/.bashrc ]]; then
  builtin source ~/.bashrc
fi

# What a DEBUG trap prints about this is not for the screen.
{ __pilotty_start "$(\builtin trap -p DEBUG)"; } >/dev/null 2>&1
