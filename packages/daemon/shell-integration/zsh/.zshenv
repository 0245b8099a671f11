# Marks prompts, commands and their output for pilotty (OSC 133), and reports command lines (OSC 633;E) and the
# directory (OSC 7). Zsh reads it because ZDOTDIR names this directory; the user's ZDOTDIR is put back first, so
# that every file from here on is theirs. The hooks are put in place before the first prompt, behind whatever the
# user's files have put there.

if (( ${+PILOTTY_ZDOTDIR} )); then
  'builtin' 'export' ZDOTDIR="$PILOTTY_ZDOTDIR"
  'builtin' 'unset' 'PILOTTY_ZDOTDIR'
else
  'builtin' 'unset' 'ZDOTDIR'
fi

# Functions come before the user's files, so that no alias of theirs gets into them. They are defined in an emulation
# that they then always run in, without a trace (set -x) or any other option of the user's.
if [[ -o interactive ]]; then
  'builtin' 'emulate' -R zsh -c "'builtin' 'source' ${(q)${(%):-%x}:h}/hooks.zsh"
  builtin typeset -ga precmd_functions
  precmd_functions+=(__pilotty_prompt)
fi

if [[ -r ${ZDOTDIR:-$HOME}/.zshenv ]]; then
  'builtin' 'source' "${ZDOTDIR:-$HOME}/.zshenv"
fi
