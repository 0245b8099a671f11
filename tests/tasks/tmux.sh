# What the tasks need of tmux, as an agent would do it: send keys, look again and again until it is there.

start() { # NAME COMMAND
  tmux new-session -d -s "$1" -x 80 -y 24 "$2"
}
text() { # NAME TEXT
  # A semicolon at the end would be tmux's own.
  case $2 in
    *\;) tmux send-keys -t "$1" -l -- "${2%;}\\;" ;;
    *) tmux send-keys -t "$1" -l -- "$2" ;;
  esac
}
keys() { # NAME KEYS
  name=$1
  shift
  tmux send-keys -t "$name" "$@"
}
look() { # NAME
  tmux capture-pane -p -t "$1"
}
until_shown() { # NAME TEXT
  until look "$1" | grep -qF -- "$2"; do sleep "$LOOK_EVERY_S"; done
}
until_matched() { # NAME EXPRESSION
  until look "$1" | grep -qE -- "$2"; do sleep "$LOOK_EVERY_S"; done
}
until_ended() { # NAME
  while tmux has-session -t "$1" 2>/dev/null; do sleep "$LOOK_EVERY_S"; done
}
