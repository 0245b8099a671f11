start victim 'exec sleep 1000'
start top "htop -p $(tmux display-message -p -t victim '#{pane_pid}')"
until_shown top 'sleep 1000'
keys top F9
until_shown top 'Send signal'
keys top Enter
until_ended victim
text top q
until_ended top
