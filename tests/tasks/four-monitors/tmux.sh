for n in 1 2 3 4; do start "disk-$n" "sh monitor.sh $n"; done
found=
while [ -z "$found" ]; do
  for n in 1 2 3 4; do
    tmux capture-pane -p -S - -t "disk-$n" | grep -q ALARM && found=$n
  done
  [ -n "$found" ] || sleep "$LOOK_EVERY_S"
done
[ "$found" = 3 ]
for n in 1 2 3 4; do tmux kill-session -t "disk-$n"; done
