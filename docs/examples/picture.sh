#!/bin/sh
# Makes docs/hero.svg: a shell in which pilotty drives vim, drawn by pilotty. Needs vim.
#   sh docs/examples/picture.sh > docs/hero.svg
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d)
export PILOTTY_SOCKET_DIR="$place/socket" HOME="$place"
unset PILOTTY_SESSION
trap 'pilotty stop >/dev/null 2>&1 || true; rm -rf "$place"' EXIT
trap 'exit 130' INT TERM
cd "$place"

# The shell in the picture finds the command by its name.
mkdir bin
printf '#!/bin/sh\nexec "%s/pilotty.sh" "$@"\n' "${PILOTTY_DIST:-$root/dist}" >bin/pilotty
chmod +x bin/pilotty
PATH="$place/bin:$PATH"
printf '#!/bin/sh\n# Greets everyone on its list.\nfor name in "$@"; do\n  echo "Hello, $name."\ndone\n' >greet.sh

pilotty spawn --name shown --size 96x20 --env PS1='\[\e]0;pilotty drives vim and a shell\a\e[1;32m\]$\[\e[m\] ' --env PATH --wait-prompt -q \
  bash --norc
enter() {
  pilotty type -s shown --enter "$1" --wait-prompt --wait-timeout 20s -q
}
enter 'clear'
enter '# a program that fills the screen: act, and wait for the result'
enter 'pilotty spawn --name edit --size 60x6 --wait-text Hello -q vim -u NONE -N +"syn on" greet.sh'
enter "pilotty send -s edit ':%s/Hello/Welcome/' Enter --wait-text Welcome, -f ansi"
enter "pilotty send -s edit ':wq' Enter --wait-exit -q"
enter '# a shell that keeps its state: output and exit code of every command'
enter 'pilotty spawn --name sh -q bash --norc'
enter "pilotty exec -s sh 'team=\"Ada Grace\"'"
enter "pilotty exec -s sh 'sh greet.sh \$team'"
enter "pilotty exec -s sh 'sh greet.sh \$team | grep Linus'; echo \"exit code \$?\""
pilotty snapshot -s shown -f svg
