# What runs around each prompt and command, see .zshenv. No user's file runs under these: they keep their options.

__pilotty_precmd() {
  builtin local exit_code=$?
  builtin print -nr -- $'\e]133;D;'$exit_code$'\a'
}

__pilotty_prompt() {
  builtin local begin=$'%{\e]133;A\a%}' end=$'%{\e]133;B\a%}' ended=$'%{\e]133;D;%?\a%}'
  builtin print -nr -- $'\e]7;file://'"$HOST${PWD//\%/%25}"$'\a'
  PS1=$begin${${${PS1-}//$begin/}//$end/}$end
  # Printed before any hook runs, where output did not end its line.
  builtin typeset -g PROMPT_EOL_MARK=$ended${${PROMPT_EOL_MARK-%B%S%#%s%b}//$ended/}
  __pilotty_put_hooks
}

# The line as it was typed; without a history there is only what zsh has made of it.
__pilotty_preexec() {
  builtin setopt local_options no_multibyte
  builtin local line=${1:-$3}
  line=${line[1,2000]}
  line=${line//\\/\\\\}
  line=${line//;/\\x3b}
  line=${line//$'\n'/\\x0a}
  line=${line//$'\t'/\\x09}
  builtin print -nr -- $'\e]633;E;'"${line//[[:cntrl:]]/}"$'\a\e]133;C\a'
}

__pilotty_put_hooks() {
  builtin typeset -ga precmd_functions preexec_functions
  precmd_functions=(__pilotty_precmd ${precmd_functions:#__pilotty_*} __pilotty_prompt)
  preexec_functions=(${preexec_functions:#__pilotty_*} __pilotty_preexec)
}
