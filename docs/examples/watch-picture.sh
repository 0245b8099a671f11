#!/bin/sh
# Makes docs/watch.svg: twelve sessions in `pilotty watch`, drawn by pilotty. Needs bash, python3, top and vim.
#   sh docs/examples/watch-picture.sh > docs/watch.svg
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d)
export PILOTTY_SOCKET_DIR="$place/socket" HOME="$place"
unset PILOTTY_SESSION
trap 'pilotty stop >/dev/null 2>&1 || true; rm -rf "$place"' EXIT
trap 'exit 130' INT TERM
cd "$place"

pilotty() {
  "${PILOTTY_DIST:-$root/dist}/pilotty.sh" "$@"
}
start() {
  name=$1
  shift
  pilotty spawn --name "$name" --tag work -q "$@"
}

cat >build.sh <<'END'
i=$1
while :; do
  i=$((i + 1))
  printf '\033[32m   Compiling\033[m part-%d v1.%d.0\n' "$i" "$((i % 7))"
  [ $((i % 5)) = 0 ] && printf '\033[1;33mwarning\033[m: unused variable \033[1mx%d\033[m\n' "$i"
  sleep 0.3
done
END
cat >tests.sh <<'END'
for n in 1 2 3 4; do printf ' \033[32m✓\033[m tests/part-%d.test.ts \033[2m(%d tests)\033[m\n' "$n" "$((n * 7))"; done
printf ' \033[31m✗\033[m tests/part-5.test.ts\n\033[31;1mAssertionError\033[m: expected 41 to be 42\n'
exit 1
END
cat >agent.sh <<'END'
printf '\033[35m●\033[m Edit src/main.ts\n  \033[31m- const port = 80;\033[m\n  \033[32m+ const port = 8080;\033[m\n'
printf 'Apply this change? [y/n] '
read answer
END
cat >log.sh <<'END'
while :; do printf '\033[2m%s\033[m \033[36mGET\033[m /見出し/%d 200\n' "$(date +%T)" "$((n = n + 1))"; sleep 0.5; done
END
printf 'def greet(name):\n    return f"Hello, {name}."\n\n\nprint(greet("Ada"))\n' >greet.py

start api-build sh build.sh 3
start web-build sh build.sh 40
start docs-build sh build.sh 7
start api-tests sh tests.sh
start lint sh -c 'printf "\033[32mChecked 214 files.\033[m No fixes needed.\n"'
start agent sh agent.sh
start deploy sh -c 'stty -echo; printf "Deploying to \033[1mstaging\033[m\nPassword for ada: "; read word'
start server sh log.sh
start shell --env PS1='\[\e[1;32m\]ada@host\[\e[m\]:~$ ' bash --norc
start editor vim -u NONE -N +'syn on' +'set nu' greet.py
start repl --wait-prompt python3 -q
start load top -d 1
pilotty send -s repl 'sum(range(10))' Enter -q

# The title of the terminal is that of the picture.
pilotty spawn --name watcher --size 132x38 -q -- sh -c 'printf "\033]2;pilotty watch\007"; exec "$0" watch --tag work --all' \
  "${PILOTTY_DIST:-$root/dist}/pilotty.sh"
pilotty wait -s watcher --text 'deploy asks for a password' --text 'agent asks: Apply this change' \
  --text 'editor waiting for input' --text 'repl waiting for input' -t 60s --fields outcome >/dev/null
pilotty key -s watcher 'Down Down Right' -q
pilotty wait -s watcher --text '▸? agent' -t 20s --fields outcome >/dev/null
pilotty snapshot -s watcher -f svg
