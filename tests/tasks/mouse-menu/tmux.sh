# tmux sends no mouse to a program unless somebody is attached: a click is written as the terminal would send it.
start menu 'sh menu.sh'
until_shown menu 'Which color?'
byte() { # NUMBER
  printf "\\$(printf %o $((32 + $1)))"
}
click() { # TEXT
  row=$(look menu | grep -nF -- "$1" | cut -d : -f 1)
  column=$(look menu | sed -n "${row}p" | sed "s/$1.*//" | wc -m)
  place=$(byte "$column")$(byte "$row")
  text menu "$(printf '\033[M ')$place$(printf '\033[M#')$place"
}
click Blue
sleep 0.3
click '<  OK  >'
until_ended menu
