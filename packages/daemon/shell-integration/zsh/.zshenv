# Marks prompts, commands and their output for pilotty (OSC 133), and tells command lines (OSC 633;E) and the
# directory (OSC 7). Zsh reads it because ZDOTDIR names this directory; the user's ZDOTDIR is put back first, so
# that every file from here on is theirs. The hooks are put in place before the first prompt, behind whatever the
# user's files have put there.

if (( ${+PILOTTY_ZDOTDIR} )); then
  'builtin' 'export' ZDOTDIR="$PILOTTY_ZDOTDIR"
  'builtin' 'unset' 'PILOTTY_ZDOTDIR'
else
  'builtin' 'unset' 'ZDOTDIR'
fi

# Functions come before the user's files, so that no alias of theirs gets into them.
if [[ -o interactive ]]; then
  __pilotty_precmd() {
    builtin local exit_code=$?
    builtin emulate -L zsh
    builtin print -nr -- $'\e]133;D;'$exit_code$'\a'
  }

  __pilotty_prompt() {
    builtin emulate -L zsh
    builtin local begin=$'%{\e]133;A\a%}' end=$'%{\e]133;B\a%}' ended=$'%{\e]133;D;%?\a%}'
    builtin print -nr -- $'\e]7;file://'"$HOST${PWD//\%/%25}"$'\a'
    PS1=$begin${${${PS1-}//$begin/}//$end/}$end
    # Printed before any hook runs, where output did not end its line.
    builtin typeset -g PROMPT_EOL_MARK=$ended${${PROMPT_EOL_MARK-%B%S%#%s%b}//$ended/}
    __pilotty_put_hooks
  }

  # The line as it was typed; without a history there is only what zsh has made of it.
  __pilotty_preexec() {
    builtin emulate -L zsh -o no_multibyte
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

  builtin typeset -ga precmd_functions
  precmd_functions+=(__pilotty_prompt)
fi

if [[ -r ${ZDOTDIR:-$HOME}/.zshenv ]]; then
  'builtin' 'source' "${ZDOTDIR:-$HOME}/.zshenv"
fi
