# tmux sends no mouse to a program unless somebody is attached: a click is written as the terminal would send it.
start menu 'sh menu.sh'
until_shown menu Blue
byte() { # NUMBER
  printf "\\$(printf %o $((32 + $1)))"
}
click() { # TEXT
  row=$(look menu | grep -nF -- "$1" | cut -d : -f 1)
  column=$(look menu | sed -n "${row}p" | sed "s/$1.*//" | wc -m)
  place=$(byte "$column")$(byte "$row")
  text menu "$(printf '\033[M ')$place$(printf '\033[M#')$place"
}
# What is selected differs in its colours alone.
before=$(tmux capture-pane -ep -t menu)
click Blue
while test "$(tmux capture-pane -ep -t menu)" = "$before"; do sleep "$LOOK_EVERY_S"; done
click '<  OK  >'
until_ended menu
