start log 'sh logger.sh'
# What has scrolled by between two looks is not on the screen: the history too.
until tmux capture-pane -p -S - -t log | grep -q ERROR; do sleep "$LOOK_EVERY_S"; done
tmux capture-pane -p -S - -t log | grep -B 1 ERROR
tmux kill-session -t log
