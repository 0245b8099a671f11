#!/bin/sh
# The main job in ten seconds, with nothing but Node and a shell: start a program in a terminal, type,
# wait for what it shows, look. Python and vim join in where they are installed. Run it: npm run demo
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d)
# A daemon of its own, so that yours is left alone.
export PILOTTY_SOCKET_DIR="$place/socket"
unset PILOTTY_SESSION
pilotty() { "${PILOTTY_DIST:-$root/dist}/pilotty.sh" "$@"; }
trap 'pilotty stop >/dev/null 2>&1 || true; rm -rf "$place"' EXIT
trap 'exit 130' INT TERM
cd "$place"

say() { printf '\n\n# %s\n' "$*"; }
# Prints a command as one would type it; no word has a single quote in it.
show() {
  printf '\n$ pilotty'
  for word; do
    case $word in
      *[!A-Za-z0-9._/+:=-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
}
# Runs it, and leaves out the answer of one that only says that it was done.
run() {
  show "$@"
  pilotty "$@"
}
act() {
  show "$@"
  answer=$(pilotty "$@") || { code=$?; printf '%s\n' "$answer"; exit "$code"; }
}

say 'A shell in a terminal of its own. The first command starts the daemon; there is nothing to set up.'
run spawn --name demo sh

say 'Type, wait for what comes of it, type again, look.'
act type -s demo --enter 'printf "who are you? "; read name; echo "hello, $name"'
act wait-for -s demo --regex '^who are you'
act type -s demo --enter Ada
act wait-for -s demo 'hello, Ada'
run snapshot -s demo --format text

say 'A key is a key: Ctrl+C ends what runs, and the shell lives on.'
act type -s demo --enter 'clear; sh -c "echo started; exec sleep 1000"'
act wait-for -s demo --regex '^started'
act key -s demo Ctrl+C
act type -s demo --enter 'echo "exit code: $?"'
act wait-for -s demo --regex '^exit code: 130'
run snapshot -s demo --format text

if command -v python3 >/dev/null; then
  say 'A prompt that answers: Python.'
  act spawn --name python python3 -q
  act wait-for -s python '>>>'
  act type -s python --enter 'sum(n * n for n in range(10))'
  act wait-for -s python --regex '^285'
  run snapshot -s python --format text
  act kill -s python
fi

if command -v vim >/dev/null; then
  say 'A program that takes the whole screen: vim.'
  act spawn --name editor --size 60x8 vim -u NONE -N notes.txt
  act wait-for -s editor notes.txt
  act key -s editor i
  act type -s editor 'written in a terminal that nobody looks at'
  act key -s editor Escape
  run snapshot -s editor --format text --settle 50ms
  act key -s editor ': w q Enter'
  # Until vim has ended: wait-for exits with 4.
  pilotty wait-for -s editor 'this never shows' >/dev/null || test $? = 4
  printf '\n$ cat notes.txt\n'
  cat notes.txt
fi

say 'A program from its start to its end: the output is printed, the exit code is its own.'
code=0
run run sh -c 'echo one; echo two >&2; exit 3' || code=$?
echo "(exit code $code)"

say 'What ran. Ended sessions can be looked at for a while.'
show list-sessions --all
pilotty list-sessions --all | grep -E '"(command|state|exit_code|signal)":'

say 'The end of it all: every session, and the daemon.'
run stop
test ! -e "$PILOTTY_SOCKET_DIR/pilotty.sock"
